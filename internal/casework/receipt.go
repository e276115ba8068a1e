package casework

import (
	"crypto/rand"
	"strings"
)

// receiptAlphabet is Crockford's base 32: no letter that looks like another sign.
const receiptAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// A receipt code has six groups of four characters, 120 random bits: nobody
// guesses one.
const (
	receiptGroups = 6
	receiptGroup  = 4
)

func newReceiptCode() string {
	random := make([]byte, receiptGroups*receiptGroup)
	rand.Read(random)
	for i, b := range random {
		random[i] = receiptAlphabet[b%32]
	}
	return grouped(string(random))
}

// readReceiptCode forgives how a code was typed: small letters, other spacing,
// and the signs that its alphabet leaves out because they look alike.
func readReceiptCode(typed string) string {
	plain := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(typed))
	return grouped(plain)
}

func grouped(plain string) string {
	var groups []string
	for len(plain) > receiptGroup {
		groups = append(groups, plain[:receiptGroup])
		plain = plain[receiptGroup:]
	}
	return strings.Join(append(groups, plain), "-")
}
