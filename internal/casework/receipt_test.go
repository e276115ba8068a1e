package casework_test

import (
	"strings"
	"testing"

	"ombudsdienst/internal/casework"
)

// 24 signs of 32 are 120 bits. In as many codes as here each place misses a sign
// once in 10^52 runs, and two codes that are alike do not come at all.
func TestAReceiptCodeIsAsRandomAsItIsLong(t *testing.T) {
	const codes, signs = 4000, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	seen := map[string]bool{}
	var places [24]map[rune]int
	for range codes {
		code := casework.NewReceiptCode()
		plain := strings.ReplaceAll(code, "-", "")
		if len(plain) != len(places) || len(code) != len(places)+5 || seen[code] {
			t.Fatalf("a code of %d signs, or one that was given before", len(plain))
		}
		seen[code] = true
		for i, sign := range plain {
			if places[i] == nil {
				places[i] = map[rune]int{}
			}
			places[i][sign]++
		}
	}
	for i, found := range places {
		for _, sign := range signs {
			if n := found[sign]; n < codes/32/2 || n > codes/32*2 {
				t.Errorf("in place %d %c stands in %d of %d codes", i+1, sign, n, codes)
			}
		}
		if len(found) != len(signs) {
			t.Errorf("in place %d there are %d signs", i+1, len(found))
		}
	}
}
