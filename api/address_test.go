package api_test

import (
	"net/http"
	"net/netip"
	"testing"

	"ombudsdienst/api"
)

// behind asks a counter that trusts two proxies, and tells which address the
// desk heard of.
func behind(t *testing.T, peer string, headers http.Header) string {
	t.Helper()
	c := open(t, func(config *api.Config) {
		config.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:1::/48")}
	})
	r := newRequest("GET", "/api/v1/complaints", nil)
	r.RemoteAddr = peer
	r.Header = headers.Clone()
	r.Header.Set("Authorization", "Bearer ombuds")
	if w := c.send(r); w.Code != http.StatusOK {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	return c.desk.actor.Address
}

func TestTheCallersAddressIsBelievedFromProxiesOnlyAndFromTheRight(t *testing.T) {
	for name, row := range map[string]struct {
		peer      string
		forwarded http.Header
		want      string
	}{
		"no proxy, nothing claimed":     {"192.0.2.1:9", http.Header{}, "192.0.2.1"},
		"no proxy claims":               {"192.0.2.1:9", http.Header{"X-Forwarded-For": {"203.0.113.9"}}, "192.0.2.1"},
		"no proxy claims to be one":     {"192.0.2.1:9", http.Header{"X-Forwarded-For": {"203.0.113.9, 10.0.0.1"}}, "192.0.2.1"},
		"a proxy":                       {"10.0.0.1:9", http.Header{"X-Forwarded-For": {"203.0.113.9"}}, "203.0.113.9"},
		"a proxy that says nothing":     {"10.0.0.1:9", http.Header{}, "10.0.0.1"},
		"two proxies":                   {"10.0.0.1:9", http.Header{"X-Forwarded-For": {"203.0.113.9, 10.0.0.2"}}, "203.0.113.9"},
		"what the caller wrote is left": {"10.0.0.1:9", http.Header{"X-Forwarded-For": {"198.51.100.1, 203.0.113.9"}}, "203.0.113.9"},
		"the caller names a proxy":      {"10.0.0.1:9", http.Header{"X-Forwarded-For": {"198.51.100.1, 10.0.0.2, 203.0.113.9"}}, "203.0.113.9"},
		"several headers are one list":  {"10.0.0.1:9", http.Header{"X-Forwarded-For": {"198.51.100.1", "203.0.113.9"}}, "203.0.113.9"},
		"no address":                    {"10.0.0.1:9", http.Header{"X-Forwarded-For": {"203.0.113.9, <script>"}}, "10.0.0.1"},
		"no address before a proxy":     {"10.0.0.1:9", http.Header{"X-Forwarded-For": {"unknown, 10.0.0.2"}}, "10.0.0.2"},
		"only proxies":                  {"10.0.0.1:9", http.Header{"X-Forwarded-For": {"10.0.0.3, 10.0.0.2"}}, "10.0.0.3"},
		"with a port":                   {"10.0.0.1:9", http.Header{"X-Forwarded-For": {"203.0.113.9:4711"}}, "203.0.113.9"},
		"IPv6":                          {"[2001:db8:1::1]:9", http.Header{"X-Forwarded-For": {"2001:db8::9"}}, "2001:db8::9"},
		"IPv4 in IPv6":                  {"[::ffff:10.0.0.1]:9", http.Header{"X-Forwarded-For": {"::ffff:203.0.113.9"}}, "203.0.113.9"},
		"Forwarded":                     {"10.0.0.1:9", http.Header{"Forwarded": {`for=198.51.100.1;proto=http, For="[2001:db8::9]:4711";by=10.0.0.1`}}, "2001:db8::9"},
		"Forwarded by nobody":           {"10.0.0.1:9", http.Header{"Forwarded": {"for=203.0.113.9, proto=https"}}, "10.0.0.1"},
		"both say the same":             {"10.0.0.1:9", http.Header{"Forwarded": {"for=203.0.113.9"}, "X-Forwarded-For": {"203.0.113.9"}}, "203.0.113.9"},
		"both disagree":                 {"10.0.0.1:9", http.Header{"Forwarded": {"for=198.51.100.1"}, "X-Forwarded-For": {"203.0.113.9"}}, "10.0.0.1"},
	} {
		if got := behind(t, row.peer, row.forwarded); got != row.want {
			t.Errorf("%s: %s, want %s", name, got, row.want)
		}
	}
}
