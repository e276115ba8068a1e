package staff

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// credentialsFile is the form of the credentials file.
type credentialsFile struct {
	Accounts []Credential `json:"accounts"`
}

// readCredentials reads the accounts of a credentials file; none when there is
// no file. A file that cannot be understood is an error and is left alone, for
// its secrets may be the only copy. Errors never repeat what it holds.
func readCredentials(file string) ([]Credential, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the credentials: %w", err)
	}
	var content credentialsFile
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&content) != nil || decoder.Decode(new(any)) != io.EOF {
		return nil, fmt.Errorf("the credentials file %s is not in the form this program writes: mend it or move it away", file)
	}
	for i, c := range content.Accounts {
		if c.Check() != nil || c.Password == "" || c.Token == "" {
			return nil, fmt.Errorf("account %d of the credentials file %s is not complete: mend it or move the file away", i+1, file)
		}
	}
	return content.Accounts, nil
}

// writeCredentials puts a credentials file in place, whole or not at all, for
// the eyes of its owner only. When it returns, the file outlives a power cut.
func writeCredentials(file string, accounts []Credential) error {
	data, err := json.MarshalIndent(credentialsFile{Accounts: accounts}, "", "  ")
	if err != nil {
		return fmt.Errorf("write the credentials: %w", err)
	}
	aside := file + ".new"
	if err := writeAside(aside, append(data, '\n')); err != nil {
		return fmt.Errorf("write the credentials: %w", err)
	}
	if err := os.Rename(aside, file); err != nil {
		return fmt.Errorf("write the credentials: %w", err)
	}
	folder, err := os.Open(filepath.Dir(file))
	if err != nil {
		return fmt.Errorf("write the credentials: %w", err)
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil {
		return fmt.Errorf("write the credentials: %w", err)
	}
	return nil
}

// writeAside makes the file anew, so that what an interrupted start left there
// lends it neither content nor mode.
func writeAside(aside string, data []byte) error {
	if err := os.Remove(aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(aside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
