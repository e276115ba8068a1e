package devstack

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// secrets are the passwords of the private server's login roles.
type secrets struct {
	Admin string `json:"admin"`
	Owner string `json:"owner"`
	App   string `json:"app"`
}

// readSecrets reads the password file. Where there is none yet it makes one
// with random passwords, unless there is a server that would not know them.
func readSecrets(path string, serverExists bool) (secrets, error) {
	var s secrets
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		if err := json.Unmarshal(text, &s); err != nil {
			return s, fmt.Errorf("%s is damaged: put back a copy of it, or choose another folder with --data", path)
		}
		return s, nil
	case !errors.Is(err, fs.ErrNotExist):
		return s, fmt.Errorf("read the passwords of PostgreSQL: %w", err)
	case serverExists:
		return s, fmt.Errorf("%s, with the passwords of PostgreSQL, is missing: put it back, or choose another folder with --data", path)
	}
	s = secrets{Admin: rand.Text(), Owner: rand.Text(), App: rand.Text()}
	text, err = json.MarshalIndent(s, "", "  ")
	if err != nil {
		return s, fmt.Errorf("write the passwords of PostgreSQL: %w", err)
	}
	return s, writeWhole(path, append(text, '\n'))
}

// writeWhole writes a private file that is either all there or not at all.
func writeWhole(path string, text []byte) error {
	file, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, bare(err))
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(path+".new", path)
}
