package api

import (
	"net/http"
	"net/netip"
	"slices"
	"testing"
)

// Whatever stands in the headers, a stranger is known by the connection, and a
// proxy of ours passes on the rightmost address that is no proxy: who writes on
// the left of it decides nothing.
func FuzzTheCallersAddress(f *testing.F) {
	f.Add("203.0.113.9, 10.0.0.2", "for=203.0.113.9", "198.51.100.1")
	f.Add("", `For="[2001:db8::9]:4711";by=10.0.0.1`, "10.0.0.7,")
	f.Add("<script>", ";;for", "unknown")
	c := counter{Config: Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}
	f.Fuzz(func(t *testing.T, xff, forwarded, left string) {
		from := func(peer string, header http.Header) string {
			return c.addressOf(&http.Request{RemoteAddr: peer, Header: header})
		}
		both := http.Header{"X-Forwarded-For": {xff}, "Forwarded": {forwarded}}
		if got := from("192.0.2.1:9", both); got != "192.0.2.1" {
			t.Fatalf("a stranger is taken for %q", got)
		}
		if got, err := netip.ParseAddr(from("10.0.0.1:9", both)); err != nil || got.Zone() != "" {
			t.Fatalf("no plain address: %v, %v", got, err)
		}
		known := from("10.0.0.1:9", http.Header{"X-Forwarded-For": {xff}})
		if c.isProxy(netip.MustParseAddr(known)) {
			return // nobody stands before the proxies yet, so the left may still say who does
		}
		for _, header := range []http.Header{{"X-Forwarded-For": {left + "," + xff}}, {"X-Forwarded-For": {left, xff}}} {
			if got := from("10.0.0.1:9", header); got != known {
				t.Fatalf("%q becomes %q by what stands on the left", known, got)
			}
		}
	})
}

func FuzzTheLanguageOfTheReader(f *testing.F) {
	f.Add("fr-BE,fr;q=0.9,en;q=0.8")
	f.Add(",;-,NL")
	f.Fuzz(func(t *testing.T, accept string) {
		if l := (Reader{Accept: accept}).language(); !slices.Contains([]string{"nl", "fr", "de", "en"}, string(l)) {
			t.Fatalf("%q is read as %q", accept, l)
		}
	})
}
