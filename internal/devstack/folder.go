package devstack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Folder is a data folder that this process has locked for itself.
type Folder struct {
	dir  string
	lock *os.File
}

// DefaultDir says where the data folder is when nobody named one:
// /var/lib/ombudsdienst for root, otherwise $XDG_STATE_HOME/ombudsdienst or
// ~/.local/state/ombudsdienst. It fails when there is no home folder.
func DefaultDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/lib/ombudsdienst", nil
	}
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "ombudsdienst"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no home folder to keep data in (%w): name a folder with --data", err)
	}
	return filepath.Join(home, ".local", "state", "ombudsdienst"), nil
}

// Open creates the data folder where it is missing and locks it until Close or
// the end of the process. A folder that exists keeps its mode, as do all its
// parents. It fails when another process holds the lock, naming it, and when
// the folder cannot be written.
//
// A new folder is closed to other users (0700). Made by root it can be passed
// but not listed (0711), because PostgreSQL refuses to run as root and the user
// it runs as has to reach its own part.
func Open(dir string) (*Folder, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("find the data folder: %w", err)
	}
	if err := makeFolders(dir, folderMode()); err != nil {
		return nil, fmt.Errorf("create the data folder %s: %w: choose another with --data", dir, bare(err))
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, notWritable(dir, err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer lock.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock the data folder %s: %w", dir, err)
		}
		return nil, fmt.Errorf("the data folder %s is in use by process %s: stop that one, or choose another folder with --data", dir, holder(lock))
	}
	folder := &Folder{dir: dir, lock: lock}
	if err := folder.claim(); err != nil {
		lock.Close()
		return nil, notWritable(dir, err)
	}
	return folder, nil
}

// Path names a file or folder inside the data folder.
func (f *Folder) Path(elem ...string) string {
	return filepath.Join(append([]string{f.dir}, elem...)...)
}

// Close gives the folder free for another process.
func (f *Folder) Close() error {
	return f.lock.Close()
}

// claim writes our process ID into the lock, and makes a new file to be sure
// that the folder takes one: an old lock may lie in a folder closed since.
func (f *Folder) claim() error {
	if err := f.lock.Truncate(0); err != nil {
		return err
	}
	if _, err := f.lock.WriteAt(fmt.Appendln(nil, os.Getpid()), 0); err != nil {
		return err
	}
	probe, err := os.CreateTemp(f.dir, ".writable-*")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

func folderMode() fs.FileMode {
	if os.Geteuid() == 0 {
		return 0o711
	}
	return 0o700
}

// makeFolders is os.MkdirAll with the mode exactly as asked, whatever the
// umask, and only for the folders that it made itself.
func makeFolders(dir string, mode fs.FileMode) error {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		return syscall.ENOTDIR
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := makeFolders(filepath.Dir(dir), mode); err != nil {
		return err
	}
	if err := os.Mkdir(dir, mode); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil
		}
		return err
	}
	return os.Chmod(dir, mode)
}

func holder(lock *os.File) string {
	text := make([]byte, 20)
	n, _ := lock.ReadAt(text, 0)
	if pid, err := strconv.Atoi(strings.TrimSpace(string(text[:n]))); err == nil {
		return strconv.Itoa(pid)
	}
	return "unknown"
}

func notWritable(dir string, err error) error {
	return fmt.Errorf("the data folder %s is not writable (%w): choose another with --data", dir, bare(err))
}

// bare takes the path off a file error, where the sentence around it names it.
func bare(err error) error {
	if path := new(fs.PathError); errors.As(err, &path) {
		return path.Err
	}
	return err
}
