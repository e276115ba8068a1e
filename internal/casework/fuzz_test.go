package casework

import (
	"strings"
	"testing"
)

// FuzzReceiptCode: a code comes back however it is typed, and whatever else is
// typed is no longer than it was, in groups, and read once for all.
func FuzzReceiptCode(f *testing.F) {
	for _, typed := range []string{"k7qm-93tx-4hvd-0123-4567-89ab", "O0I1L", "", "-", "ééé", "\xff\xfe\xfd\xfc\xfb", strings.Repeat("A", 1000)} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		read := readReceiptCode(typed)
		if ascii(typed) && readReceiptCode(read) != read {
			t.Fatalf("%q is read as %q, and that as %q", typed, read, readReceiptCode(read))
		}
		if len(read) > 6*len(typed)+1 {
			t.Fatalf("%q grows to %q", typed, read)
		}
		code := newReceiptCode()
		sloppy := strings.NewReplacer("0", "o", "1", "l", "-", " ").Replace(strings.ToLower(code))
		if readReceiptCode(sloppy) != code {
			t.Fatalf("%q is read as %q, not %q", sloppy, readReceiptCode(sloppy), code)
		}
	})
}

func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > 127 })
}

// FuzzChecks: a text that passes can be stored and stands on one line where one
// is asked for; what is said of one that does not pass repeats nothing of it.
func FuzzChecks(f *testing.F) {
	for _, text := range []string{"Jan Voorbeeldmans", "a\nb", "\x00", "\xff", "jan@voorbeeld.example", "Jan <jan@voorbeeld.example>", "a@b\r\nBcc: c@d.example", "\u2028", "\"a b\"@c.example"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, check := range map[string]func(*checker){
			"line":  func(c *checker) { c.line("field", text, 50) },
			"text":  func(c *checker) { c.required("field", text, 50) },
			"email": func(c *checker) { c.email("field", text) },
		} {
			c := &checker{}
			check(c)
			for _, wrong := range c.fields {
				if len(text) > 20 && strings.Contains(wrong.Message, text) {
					t.Fatalf("%s repeats %q", name, text)
				}
			}
			if len(c.fields) > 0 {
				continue
			}
			if strings.ContainsRune(text, 0) || strings.ToValidUTF8(text, "") != text {
				t.Fatalf("%s passes %q", name, text)
			}
			if name != "text" && strings.ContainsAny(text, "\r\n") {
				t.Fatalf("%s passes %q, which has more than one line", name, text)
			}
		}
	})
}
