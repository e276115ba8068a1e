package register

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// sealVersion stands before everything sealed, so that a later key or cipher can
// be told from this one.
const sealVersion byte = 1

const secretBytes = 32

// Keys seal what may not be read from the database alone, and hash what must be
// found without being read. Who has the database but not the key file reads no
// identification number, no receipt code and no stored answer.
type Keys struct {
	cipher cipher.AEAD
	hash   []byte
}

// ParseKeys makes the keys of a secret: 32 bytes written as 64 hexadecimal digits.
func ParseKeys(text string) (*Keys, error) {
	secret, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(secret) != secretBytes {
		return nil, fmt.Errorf("a key is %d hexadecimal digits", 2*secretBytes)
	}
	sealing, err := hkdf.Key(sha256.New, secret, nil, "register seal 1", secretBytes)
	if err != nil {
		return nil, fmt.Errorf("derive the sealing key: %w", err)
	}
	hashing, err := hkdf.Key(sha256.New, secret, nil, "register hash 1", secretBytes)
	if err != nil {
		return nil, fmt.Errorf("derive the hashing key: %w", err)
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return nil, fmt.Errorf("make the cipher: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make the cipher: %w", err)
	}
	return &Keys{cipher: aead, hash: hashing}, nil
}

// LoadOrCreateKeys reads the key file, and makes it with a random secret where
// there is none. Programs that start at one time agree on one file. A file that
// is damaged is an error: another key would open nothing.
func LoadOrCreateKeys(path string) (*Keys, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := createKeyFile(path); err != nil {
			return nil, fmt.Errorf("make the key file: %w", err)
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	keys, err := ParseKeys(string(text))
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	return keys, nil
}

// createKeyFile writes the file whole under another name and links it to its
// place, which fails when another program was first: then that one stays.
func createKeyFile(path string) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	secret := make([]byte, secretBytes)
	rand.Read(secret)
	_, err = file.WriteString(hex.EncodeToString(secret) + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Seal encrypts for a purpose ("niss"). The same text sealed twice looks
// different, and opens for that purpose only.
func (k *Keys) Seal(purpose string, plain []byte) []byte {
	return k.cipher.Seal([]byte{sealVersion}, nil, plain, []byte(purpose))
}

// Open decrypts what was sealed for the same purpose.
func (k *Keys) Open(purpose string, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != sealVersion {
		return nil, errors.New("open a sealed field: it was not sealed by this program")
	}
	plain, err := k.cipher.Open(nil, nil, sealed[1:], []byte(purpose))
	if err != nil {
		return nil, errors.New("open a sealed field: the key does not fit")
	}
	return plain, nil
}

// Hash is a keyed hash for a purpose: equal data hash alike, and without the key
// nobody can try data out.
func (k *Keys) Hash(purpose string, data []byte) []byte {
	mac := hmac.New(sha256.New, k.hash)
	mac.Write([]byte(purpose))
	mac.Write([]byte{0})
	mac.Write(data)
	return mac.Sum(nil)
}
