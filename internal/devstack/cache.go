package devstack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// sayEvery is how long a person is left without news while something is made.
const sayEvery = 8 * time.Second

// askLimit bounds a question to a program or the system that is answered at
// once when all is well.
const askLimit = 10 * time.Second

// cacheFolder is where programs are kept that were fetched or built: the
// user's cache, or for root a place that other users can pass.
func cacheFolder(elem ...string) (string, error) {
	base := "/var/cache"
	if os.Geteuid() != 0 || os.Getenv("XDG_CACHE_HOME") != "" {
		var err error
		if base, err = os.UserCacheDir(); err != nil {
			return "", fmt.Errorf("find the cache folder: %w", err)
		}
	}
	dir := filepath.Join(append([]string{base, "ombudsdienst"}, elem...)...)
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o755
	}
	if err := makeFolders(dir, mode); err != nil {
		return "", fmt.Errorf("create the cache folder %s: %w", dir, bare(err))
	}
	return dir, nil
}

// lockFile waits for an exclusive lock, telling now and then what it waits for.
// The lock ends when the last process that has the file open ends.
func lockFile(ctx context.Context, path, waitingFor string, progress Progress) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, bare(err))
	}
	said := time.Time{}
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return file, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			file.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		if time.Since(said) > sayEvery {
			said = time.Now()
			progress.say("waiting for another process: %s", waitingFor)
		}
		select {
		case <-ctx.Done():
			file.Close()
			return nil, fmt.Errorf("another process was still busy (%s): %w", waitingFor, ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
}
