package staff

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// cost is what one argon2id hash takes. These figures are the second of the
// equivalent settings in the OWASP password storage cheat sheet: 19 MiB, two
// passes, one lane.
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

var usualCost = cost{memory: 19 * 1024, passes: 2, lanes: 1}

// What a stored hash may ask of this machine at most: memory in KiB, and passes.
const (
	mostMemory = 256 * 1024
	mostPasses = 64
)

const (
	saltLength = 16
	keyLength  = 32
	costForm   = "$argon2id$v=%d$m=%d,t=%d,p=%d"
)

var encoding = base64.RawStdEncoding

// HashPassword makes what is kept of a password: an argon2id hash with its salt
// and cost in the PHC string form, so that the cost can be raised one day and
// older hashes are still understood. An empty password is refused.
func HashPassword(password string) (string, error) {
	if password == "" {
		return "", errors.New("a password is not empty")
	}
	salt := make([]byte, saltLength)
	rand.Read(salt) // never fails
	c := usualCost
	key := argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.lanes, keyLength)
	return writeHash(c, salt, key), nil
}

func writeHash(c cost, salt, key []byte) string {
	return fmt.Sprintf(costForm+"$%s$%s", argon2.Version, c.memory, c.passes, c.lanes,
		encoding.EncodeToString(salt), encoding.EncodeToString(key))
}

// VerifyPassword tells whether a password is the one a stored hash was made
// from. A hash that cannot be read is an error, and nobody's password.
func VerifyPassword(stored, password string) (bool, error) {
	c, salt, key, err := parseHash(stored)
	if err != nil {
		return false, err
	}
	given := argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.lanes, uint32(len(key)))
	return subtle.ConstantTimeCompare(key, given) == 1, nil
}

// parseHash reads a hash in the one form in which it is written.
func parseHash(stored string) (c cost, salt, key []byte, err error) {
	unreadable := errors.New("a stored password hash cannot be read")
	parts := strings.Split(stored, "$")
	if len(parts) != 6 {
		return c, nil, nil, unreadable
	}
	var version int
	if _, err := fmt.Sscanf(strings.Join(parts[:4], "$"), costForm, &version, &c.memory, &c.passes, &c.lanes); err != nil {
		return c, nil, nil, unreadable
	}
	salt, saltErr := encoding.DecodeString(parts[4])
	key, keyErr := encoding.DecodeString(parts[5])
	understood := version == argon2.Version && c.memory <= mostMemory && c.passes > 0 && c.passes <= mostPasses && c.lanes > 0
	if saltErr != nil || keyErr != nil || !understood || len(salt) == 0 || len(key) == 0 {
		return c, nil, nil, unreadable
	}
	if writeHash(c, salt, key) != stored {
		return c, nil, nil, unreadable
	}
	return c, salt, key, nil
}
