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
	"slices"
	"strings"
	"sync/atomic"
)

const secretBytes = 32

// Keys seal what may not be read from the database alone, and hash what must be
// found without being read. Who has the database but not the key file reads no
// identification number, no receipt code and no stored answer.
//
// A register's key can be changed. What is sealed begins with the version of its
// key, and every later key hashes the hashes of the one before, so that what was
// hashed is found without being read again.
type Keys struct {
	cipher cipher.AEAD
	hash   []byte
	place  atomic.Pointer[place]
}

// place is where a key stands in its register: 1, or after the keys before it.
type place struct {
	version byte
	hashes  [][]byte // the hashing keys up to its own
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
	keys := &Keys{cipher: aead, hash: hashing}
	keys.stand(1, nil)
	return keys, nil
}

// LoadKeys reads the key file.
func LoadKeys(path string) (*Keys, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	keys, err := ParseKeys(string(text))
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	return keys, nil
}

// LoadOrCreateKeys reads the key file, and makes it with a random secret where
// there is none. Programs that start at one time agree on one file. A file that
// is damaged is an error: another key would open nothing.
func LoadOrCreateKeys(path string) (*Keys, error) {
	keys, err := LoadKeys(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, err
	}
	if err := createKeyFile(path); err != nil {
		return nil, fmt.Errorf("make the key file: %w", err)
	}
	return LoadKeys(path)
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

// stand puts a key in its place after the hashing keys of those before it.
func (k *Keys) stand(version byte, earlier [][]byte) {
	k.place.Store(&place{version: version, hashes: append(slices.Clone(earlier), k.hash)})
}

// Seal encrypts for a purpose ("niss"). The same text sealed twice looks
// different, and opens for that purpose only.
func (k *Keys) Seal(purpose string, plain []byte) []byte {
	return k.cipher.Seal([]byte{k.place.Load().version}, nil, plain, []byte(purpose))
}

// Open decrypts what was sealed for the same purpose.
func (k *Keys) Open(purpose string, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != k.place.Load().version {
		return nil, errors.New("open a sealed field: it was not sealed with this key")
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
	for _, key := range k.place.Load().hashes {
		data = hashWith(key, purpose, data)
	}
	return data
}

// made tells whether a hash, or its beginning, was made of these data by this key
// or one before it, for what stays as it was when the key is changed.
func (k *Keys) made(hash []byte, purpose string, data []byte) bool {
	if len(hash) < 16 {
		return false // the beginning of anything
	}
	for _, key := range k.place.Load().hashes {
		if data = hashWith(key, purpose, data); hmac.Equal(data[:min(len(hash), len(data))], hash) {
			return true
		}
	}
	return false
}

// hashAgain makes the hash of a later key of the one that the key before it made.
func (k *Keys) hashAgain(purpose string, earlier []byte) []byte {
	return hashWith(k.hash, purpose, earlier)
}

func hashWith(key []byte, purpose string, data []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(purpose))
	mac.Write([]byte{0})
	mac.Write(data)
	return mac.Sum(nil)
}
