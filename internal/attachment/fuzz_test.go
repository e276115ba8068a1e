package attachment

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// A document is clean only when the scanner says so in its own words, and what
// the scanner calls a find can be stored and shown.
func FuzzTheReplyOfTheScanner(f *testing.F) {
	for _, reply := range []string{"stream: OK", "stream: Eicar-Test-Signature FOUND", "stream:  FOUND",
		"stream: \xff\n\x1b[31m FOUND", "INSTREAM size limit exceeded. ERROR", "stream: OK FOUND", ""} {
		f.Add(reply)
	}
	f.Fuzz(func(t *testing.T, reply string) {
		verdict, err := verdictOf(reply)
		if err == nil && !verdict.Infected && strings.TrimSpace(reply) != "stream: OK" {
			t.Fatalf("%q counts as clean", reply)
		}
		if verdict.Infected != (verdict.Signature != "") {
			t.Fatalf("%q: %+v", reply, verdict)
		}
		if s := verdict.Signature; !utf8.ValidString(s) || len(s) > longestSignature || strings.ContainsFunc(s, unicode.IsControl) {
			t.Fatalf("%q cannot be shown", s)
		}
	})
}

func FuzzTheAddressOfTheScanner(f *testing.F) {
	f.Add("unix:///run/clamav/clamd.ctl")
	f.Add("tcp://[::1]:3310")
	f.Add("tcp://3310")
	f.Fuzz(func(t *testing.T, address string) {
		scanner, err := NewScanner(address)
		if (scanner == nil) != (err != nil) {
			t.Fatalf("%v, %v", scanner, err)
		}
		if err == nil && scanner.network+"://"+scanner.address != address {
			t.Fatalf("%q is read as %+v", address, scanner)
		}
		if err != nil && address != "" && len(address) > 12 && strings.Contains(err.Error(), address) {
			t.Fatal("the refusal repeats what it refuses")
		}
	})
}
