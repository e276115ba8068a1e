package wiring

import (
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// FuzzRead: settings are read in a form that the programs can use, or refused
// by the name of the variable, without what it holds.
func FuzzRead(f *testing.F) {
	f.Add("10.0.0.0/8, 2001:db8::1,", "https://ombuds.example/", "", "")
	f.Add("::ffff:10.0.0.1,::ffff:10.0.0.0/104", "http://[::1]:8080", "a", "b")
	f.Add("fe80::1%eth0", "ombuds.example", "a", "")
	f.Add("10.0.0.0/33", "https://", "", "")
	f.Add(",,", "https://geheim@ombuds.example?q#f", "", "")
	f.Fuzz(func(t *testing.T, proxies, address, cert, key string) {
		s, err := Read(func(name string) string {
			return map[string]string{"TRUSTED_PROXIES": proxies, "PUBLIC_URL": address, "TLS_CERT": cert, "TLS_KEY": key, "DATA_DIR": "data"}[name]
		})
		if err != nil {
			if repeats(err, proxies) || repeats(err, address) || repeats(err, key) {
				t.Fatalf("the error repeats what was said: %v", err)
			}
			return
		}
		for _, network := range s.TrustedProxies {
			// Callers' addresses are compared in their plain form.
			if plain := network.Addr().Unmap().WithZone(""); !network.Contains(plain) {
				t.Fatalf("%q: %s does not hold %s", proxies, network, plain)
			}
			if again := netip.MustParsePrefix(network.String()); again != network {
				t.Fatalf("%q: %s comes back as %s", proxies, network, again)
			}
		}
		reached := s.publicURL("127.0.0.1:8080")
		u, err := url.Parse(reached)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.HasSuffix(reached, "/") {
			t.Fatalf("people reach the API at %q (%v)", reached, err)
		}
		if (s.TLSCert == "") != (s.TLSKey == "") {
			t.Fatalf("%q without %q", s.TLSCert, s.TLSKey)
		}
	})
}

func repeats(err error, text string) bool {
	return len(text) > 30 && strings.Contains(err.Error(), text)
}
