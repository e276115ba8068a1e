package staff

import "testing"

func TestAPasswordOpensOnlyItsOwnHash(t *testing.T) {
	hash, err := HashPassword("correct horse")
	if err != nil {
		t.Fatal(err)
	}
	again, err := HashPassword("correct horse")
	if err != nil || hash == again {
		t.Errorf("two hashes of one password are the same (%v)", err)
	}
	for password, want := range map[string]bool{"correct horse": true, "correct hors": false, "": false} {
		if same, err := VerifyPassword(hash, password); err != nil || same != want {
			t.Errorf("%q: %v (%v)", password, same, err)
		}
	}
}

func TestAHashOfAnotherCostIsStillUnderstood(t *testing.T) {
	// Reference output of argon2 for password "password", salt "somesalt", t=2, m=64 MiB, p=1.
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if same, err := VerifyPassword(reference, "password"); err != nil || !same {
		t.Errorf("%v (%v)", same, err)
	}
}

func TestAnUnreadableHashIsNobodysPassword(t *testing.T) {
	for _, stored := range []string{
		"", "password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$", "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFh",
		"$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFh", "$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$CTFh",
		"$argon2id$v=19$m=65536,t=2,p=0$c29tZXNhbHQ$CTFh", "$argon2id$v=19$m=4000000000,t=2,p=1$c29tZXNhbHQ$CTFh",
		"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$!", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFh$",
	} {
		if same, err := VerifyPassword(stored, ""); err == nil || same {
			t.Errorf("%q: %v (%v)", stored, same, err)
		}
	}
}
