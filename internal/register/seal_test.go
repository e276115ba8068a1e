package register_test

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"ombudsdienst/internal/register"
)

func TestSealedTextOpensOnlyForItsPurposeWithItsKey(t *testing.T) {
	keys, err := register.ParseKeys(secret)
	must(t, err)
	sealed := keys.Seal("niss", []byte("94051199802"))
	if plain, err := keys.Open("niss", sealed); err != nil || string(plain) != "94051199802" {
		t.Errorf("got %q, %v", plain, err)
	}
	if bytes.Equal(sealed, keys.Seal("niss", []byte("94051199802"))) {
		t.Error("the same text sealed twice looks alike")
	}
	if _, err := keys.Open("receipt", sealed); err == nil {
		t.Error("it opens for another purpose")
	}
	other, err := register.ParseKeys("ff" + secret[2:])
	must(t, err)
	if _, err := other.Open("niss", sealed); err == nil {
		t.Error("it opens with another key")
	}
	sealed[len(sealed)-1] ^= 1
	if _, err := keys.Open("niss", sealed); err == nil {
		t.Error("it opens after a change")
	}
	if _, err := keys.Open("niss", nil); err == nil {
		t.Error("nothing opens")
	}
}

func TestHashDependsOnItsPurposeAndItsKey(t *testing.T) {
	keys, err := register.ParseKeys(secret)
	must(t, err)
	other, err := register.ParseKeys("ff" + secret[2:])
	must(t, err)
	hash := keys.Hash("niss", []byte("a"))
	if !bytes.Equal(hash, keys.Hash("niss", []byte("a"))) {
		t.Error("equal data hash differently")
	}
	for name, h := range map[string][]byte{"purpose": keys.Hash("receipt", []byte("a")), "key": other.Hash("niss", []byte("a"))} {
		if bytes.Equal(hash, h) {
			t.Errorf("another %s gives the same hash", name)
		}
	}
}

func TestProgramsThatStartAtOneTimeAgreeOnTheKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "register.key")
	var programs sync.WaitGroup
	hashes := make([][]byte, 8)
	for i := range hashes {
		programs.Go(func() {
			keys, err := register.LoadOrCreateKeys(path)
			if err != nil {
				t.Error(err)
				return
			}
			hashes[i] = keys.Hash("p", nil)
		})
	}
	programs.Wait()
	for _, h := range hashes {
		if !bytes.Equal(h, hashes[0]) {
			t.Error("two programs have different keys")
		}
	}
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %o", info.Mode().Perm())
	}
}

func TestDamagedKeyFileIsNotReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "register.key")
	must(t, os.WriteFile(path, []byte("short"), 0o600))
	if _, err := register.LoadOrCreateKeys(path); err == nil {
		t.Error("a damaged key file was taken")
	}
	if text, _ := os.ReadFile(path); string(text) != "short" {
		t.Error("the damaged key file was replaced")
	}
}
