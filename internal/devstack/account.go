package devstack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// account is the user that PostgreSQL runs as. It refuses to run as root, so
// root lends it another one; an ordinary user runs it as himself.
type account struct {
	name       string
	credential *syscall.Credential // nil: as ourselves
}

// serverAccount picks the user. Root takes the owner of a folder that is there
// already, else postgres, else nobody.
func serverAccount(folder string) (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	var found *user.User
	if info, err := os.Stat(folder); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Uid != 0 {
			found, err = user.LookupId(strconv.Itoa(int(stat.Uid)))
			if err != nil {
				return account{}, fmt.Errorf("%s belongs to user %d, who is not in the user list: add that user", folder, stat.Uid)
			}
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if found == nil {
			found, _ = user.Lookup(name)
		}
	}
	if found == nil {
		return account{}, fmt.Errorf("PostgreSQL does not run as root and there is no user postgres or nobody: add one of them")
	}
	uid, err := strconv.ParseUint(found.Uid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("read the ID of user %s: %w", found.Username, err)
	}
	gid, err := strconv.ParseUint(found.Gid, 10, 32)
	if err != nil {
		return account{}, fmt.Errorf("read the group of user %s: %w", found.Username, err)
	}
	return account{name: found.Username, credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

// command prepares a program to run as the account, in a folder it can enter
// and with nothing of our environment that could steer it.
func (a account) command(ctx context.Context, dir, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential}
	return cmd
}

// own gives the account what we made for it.
func (a account) own(path string) error {
	if a.credential == nil {
		return nil
	}
	return os.Chown(path, int(a.credential.Uid), int(a.credential.Gid))
}

// mayPass fails with the first folder on the way to path that the account
// cannot enter. It asks the system, which also knows access lists.
func (a account) mayPass(ctx context.Context, path string) error {
	if a.credential == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	step := "/"
	for _, part := range strings.Split(strings.Trim(filepath.Clean(path), "/"), "/") {
		step = filepath.Join(step, part)
		if a.command(ctx, "/", "/bin/sh", "-c", `cd -- "$1"`, "sh", step).Run() != nil {
			if ctx.Err() != nil {
				return fmt.Errorf("ask whether user %s can pass %s: %w", a.name, step, ctx.Err())
			}
			return fmt.Errorf("PostgreSQL runs as user %s, who cannot pass %s", a.name, step)
		}
	}
	return nil
}

// folder makes sure that the account has path as its own, closed to others.
// What is there already stays as it is.
func (a account) folder(path string) error {
	err := os.Mkdir(path, 0o700)
	if err == nil {
		return a.own(path)
	}
	if info, statErr := os.Stat(path); statErr == nil && info.IsDir() {
		return nil
	}
	return fmt.Errorf("create %s: %w", path, bare(err))
}
