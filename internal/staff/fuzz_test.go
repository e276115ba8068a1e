package staff

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// FuzzHash: what is read as a password's hash is written as that same text, and
// asks no more of this machine than is bounded; anything else is refused without
// being repeated.
func FuzzHash(f *testing.F) {
	for _, stored := range []string{
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "$argon2id$v=19$m=8,t=1,p=1$AA$AA",
		"$argon2id$v=19$m=+8,t=1,p=1$AA$AA", "$argon2id$v=19$m=8,t=1,p=1x$AA$AA", "$argon2id$v=19$m=8,t=1,p=1$AB$AA", "$argon2id$v=19$m=8,t=1,p=1$A\nA$AA",
		"$argon2id$v=19$m=8,t=4294967295,p=255$AA$AA", "$argon2id$v=19$m=8,t=1,p=256$AA$AA", "$$$$$", "",
	} {
		f.Add(stored)
	}
	f.Fuzz(func(t *testing.T, stored string) {
		c, salt, key, err := parseHash(stored)
		if err != nil {
			if len(stored) > 30 && strings.Contains(err.Error(), stored) {
				t.Fatalf("the error repeats the hash: %v", err)
			}
			return
		}
		if again := writeHash(c, salt, key); again != stored {
			t.Fatalf("%q is read as %q", stored, again)
		}
		if c.memory > mostMemory || c.passes > mostPasses || c.passes == 0 || c.lanes == 0 || len(salt) == 0 || len(key) == 0 {
			t.Fatalf("%q passes", stored)
		}
	})
}

// FuzzCredentials: a credentials file is read whole and comes back as it was, or
// is refused without a word of what it holds.
func FuzzCredentials(f *testing.F) {
	for _, content := range []string{
		`{"accounts": [{"login": "intake", "name": "Intake", "role": "intake", "password": "geheim-1", "token": "geheim-2"}]}`,
		`{"accounts": [{"login": "a", "password": "geheim-1"}]}`, `{"accounts": null} {}`, `{"secrets": "geheim-1"}`, `[]`, ``, `{"accounts": [`,
	} {
		f.Add([]byte(content))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file := filepath.Join(t.TempDir(), "credentials.json")
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		read, err := readCredentials(file)
		if err != nil {
			if strings.Contains(err.Error(), "geheim") {
				t.Fatalf("the error repeats a secret: %v", err)
			}
			return
		}
		written, err := json.Marshal(credentialsFile{Accounts: read}) // writeCredentials waits for the disk
		if err == nil {
			err = os.WriteFile(file, written, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if again, err := readCredentials(file); err != nil || !reflect.DeepEqual(again, read) {
			t.Fatalf("%v comes back as %v (%v)", read, again, err)
		}
	})
}
