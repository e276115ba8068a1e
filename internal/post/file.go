package post

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// staleAfter is when a file written aside is no longer being written by anyone.
const staleAfter = time.Hour

// asideMark stands in the names of files that are not letters yet.
const asideMark = ".aside-"

func isAside(name string) bool {
	return strings.HasPrefix(name, ".") && strings.Contains(name, asideMark)
}

// openFolder makes a folder for letters and clears away what interrupted writes
// left in it. Letters are for the eyes of this program's user only.
func openFolder(folder string, now time.Time) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make a folder for letters: %w", err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("look into the folder for letters: %w", err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !isAside(entry.Name()) || now.Sub(info.ModTime()) < staleAfter {
			continue // a letter, a write under way, or gone meanwhile
		}
		if err := os.Remove(filepath.Join(folder, entry.Name())); err != nil {
			return fmt.Errorf("clear the folder for letters: %w", err)
		}
	}
	return nil
}

// writeFile puts a file in place whole or not at all, and for good: it is
// written aside under a name of its own, synced, renamed, and the folder
// synced. Two writers of one letter do not disturb each other.
func writeFile(folder, name string, content []byte) (err error) {
	aside, err := os.CreateTemp(folder, "."+name+asideMark+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(aside.Name()))
		}
	}()
	_, err = aside.Write(content)
	if err = errors.Join(err, aside.Sync(), aside.Close()); err != nil {
		return err
	}
	if err = os.Rename(aside.Name(), filepath.Join(folder, name)); err != nil {
		return err
	}
	return syncFolder(folder)
}

// removeFile removes a file for good; one that is not there is no error.
func removeFile(folder, name string) error {
	if err := os.Remove(filepath.Join(folder, name)); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		return err
	}
	return syncFolder(folder)
}

func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
