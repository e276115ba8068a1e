package devstack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// BinaryFolderVariable names the environment variable with the folder of the
// PostgreSQL programs to use, and no others.
const BinaryFolderVariable = "OMBUDSDIENST_POSTGRES_BIN"

const installPostgres = "install PostgreSQL (Debian: apt-get install postgresql; macOS: brew install postgresql) or npm, or set " + BinaryFolderVariable

// binaries is one installation of PostgreSQL.
type binaries struct {
	dir   string
	major string // as in the file PG_VERSION of a data folder: "15"
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// findPostgres takes the first installation that runs and that fits a data
// folder of version want; any version fits when want is empty.
func findPostgres(ctx context.Context, as account, want string, progress Progress) (binaries, error) {
	if dir := os.Getenv(BinaryFolderVariable); dir != "" {
		found, err := inspect(ctx, as, dir)
		if err != nil {
			return binaries{}, fmt.Errorf("%s=%s: %w", BinaryFolderVariable, dir, err)
		}
		return found, found.fits(want)
	}
	var other, unusable error
	for _, dir := range installedFolders() {
		found, err := inspect(ctx, as, dir)
		if err != nil {
			unusable = err
			continue
		}
		if other = found.fits(want); other == nil {
			return found, nil
		}
	}
	if other != nil && !strings.HasPrefix(packageVersion, want+".") {
		return binaries{}, other
	}
	dir, err := packagedPostgres(ctx, progress)
	if err != nil {
		if unusable != nil {
			err = unusable
		}
		return binaries{}, fmt.Errorf("PostgreSQL was not found (%w): %s", err, installPostgres)
	}
	found, err := inspect(ctx, as, dir)
	if err != nil {
		return binaries{}, fmt.Errorf("PostgreSQL from the npm package: %w: %s", err, installPostgres)
	}
	return found, found.fits(want)
}

// installedFolders lists where PostgreSQL may be: the PATH, then what
// distributions and Homebrew use, newest version first.
func installedFolders() []string {
	var dirs []string
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
	} {
		found, _ := filepath.Glob(pattern)
		slices.SortFunc(found, func(a, b string) int { return versionIn(b) - versionIn(a) })
		dirs = append(dirs, found...)
	}
	return slices.DeleteFunc(dirs, func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, "initdb"))
		return err != nil
	})
}

var digits = regexp.MustCompile(`\d+`)

func versionIn(dir string) int {
	n, _ := strconv.Atoi(digits.FindString(dir))
	return n
}

// inspect asks the installation for its version, as the user it will run as.
func inspect(ctx context.Context, as account, dir string) (binaries, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return binaries{}, err
	}
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return binaries{}, fmt.Errorf("%s is not in %s", name, dir)
		}
	}
	if err := as.mayPass(ctx, dir); err != nil {
		return binaries{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	out, err := as.command(ctx, "/", filepath.Join(dir, "postgres"), "--version").CombinedOutput()
	if err != nil {
		return binaries{}, fmt.Errorf("run %s/postgres: %w: %s", dir, err, strings.TrimSpace(string(out)))
	}
	match := versionLine.FindSubmatch(out)
	if match == nil {
		return binaries{}, fmt.Errorf("%s/postgres does not tell its version", dir)
	}
	return binaries{dir: dir, major: string(match[1])}, nil
}

// fits refuses a server that would not read a data folder of version want.
func (b binaries) fits(want string) error {
	if want == "" || want == b.major {
		return nil
	}
	return fmt.Errorf("the data folder was made by PostgreSQL %s and %s holds version %s: install PostgreSQL %s, or choose another folder with --data", want, b.dir, b.major, want)
}

func (b binaries) path(name string) string {
	return filepath.Join(b.dir, name)
}
