package devstack

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"
)

// PostgresOptions says how the private server runs.
type PostgresOptions struct {
	Port     int               // on loopback; 0 = any free one
	Settings map[string]string // server settings beside our own, or in their place
	Progress Progress
}

// Postgres is a running private server with the register's database, still
// empty, and its two users.
type Postgres struct {
	*program
	port    int
	secrets secrets
}

// StartPostgres brings the server of a data folder, making it at the first
// start, and returns when the database can be used. The context bounds the
// start only; Stop ends the server. An existing folder is never changed to fit
// other binaries: they are refused instead.
func StartPostgres(ctx context.Context, folder *Folder, options PostgresOptions) (*Postgres, error) {
	home := folder.Path("postgres")
	as, err := serverAccount(home)
	if err != nil {
		return nil, err
	}
	if err := as.mayPass(ctx, folder.Path()); err != nil {
		return nil, fmt.Errorf("%w: choose a folder with --data that every user can pass", err)
	}
	version, err := dataVersion(filepath.Join(home, "data"))
	if err != nil {
		return nil, err
	}
	found, err := findPostgres(ctx, as, version, options.Progress)
	if err != nil {
		return nil, err
	}
	passwords, err := readSecrets(folder.Path("postgres.json"), version != "")
	if err != nil {
		return nil, err
	}
	if version == "" {
		options.Progress.say("making a private PostgreSQL %s in %s", found.major, home)
		if err := initialise(ctx, as, found, home, passwords.Admin); err != nil {
			return nil, err
		}
	}
	return runPostgres(ctx, folder, as, found, passwords, options)
}

func runPostgres(ctx context.Context, folder *Folder, as account, found binaries, passwords secrets, options PostgresOptions) (*Postgres, error) {
	home := folder.Path("postgres")
	server := &Postgres{secrets: passwords}
	server.program = &program{
		name:     "PostgreSQL",
		log:      folder.Path("postgres.log"),
		pid:      folder.Path("postgres.pid"),
		mark:     filepath.Join(home, "data"),
		signals:  []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT},
		limits:   usual,
		progress: options.Progress,
		ready:    func(ctx context.Context) error { return ping(ctx, server.AdminURL()) },
		command: func() *exec.Cmd {
			return as.command(context.Background(), home, found.path("postgres"), serverArguments(home, server.port, options.Settings)...)
		},
	}
	if err := server.endOrphan(ctx); err != nil {
		return nil, err
	}
	var err error
	if server.port, err = claimPort(options.Port, "--postgres-port"); err != nil {
		return nil, err
	}
	if err := server.start(ctx); err != nil {
		return nil, err
	}
	if err := prepare(ctx, server.AdminURL(), passwords); err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	options.Progress.say("PostgreSQL %s is running on port %d", found.major, server.port)
	return server, nil
}

// serverArguments sets all that matters on the command line, so that a file
// left in the data folder cannot open the server to the network. Nobody needs a
// Unix socket, whose path would limit the length of the folder's. The log tells
// about the server only: a refused statement, its values and the text of its
// error may be personal, and reach the client alone.
func serverArguments(home string, port int, extra map[string]string) []string {
	settings := map[string]string{
		"listen_addresses":        loopback,
		"port":                    strconv.Itoa(port),
		"unix_socket_directories": "",
		"log_min_messages":        "log",
		"log_error_verbosity":     "terse",
		"log_min_error_statement": "panic",
	}
	maps.Copy(settings, extra)
	args := []string{"-D", filepath.Join(home, "data")}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "-c", name+"="+settings[name])
	}
	return args
}

// initialise makes the data folder beside its place and moves it there when it
// is whole, so that a start cut short leaves nothing that looks like one.
func initialise(ctx context.Context, as account, found binaries, home, password string) error {
	if err := as.folder(home); err != nil {
		return err
	}
	secret, err := os.CreateTemp(home, "password-*")
	if err != nil {
		return fmt.Errorf("write the first password of PostgreSQL: %w", err)
	}
	defer os.Remove(secret.Name())
	_, err = secret.WriteString(password)
	if err = errors.Join(err, secret.Close(), as.own(secret.Name())); err != nil {
		return fmt.Errorf("write the first password of PostgreSQL: %w", err)
	}
	locale := "C.UTF-8"
	if _, err := os.Stat("/proc"); err != nil {
		locale = "C" // macOS has no C.UTF-8
	}
	unfinished := strings.Replace(secret.Name(), "password-", "unfinished-", 1)
	ctx, cancel := context.WithTimeout(ctx, usual.start)
	defer cancel()
	cmd := as.command(ctx, home, found.path("initdb"), "-D", unfinished, "-U", adminRole, "-A", "scram-sha-256",
		"--pwfile", secret.Name(), "--encoding=UTF8", "--locale="+locale, "-N", "--no-instructions")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) } // it clears up after itself
	cmd.WaitDelay = usual.kill
	dieWithParent(cmd.SysProcAttr, syscall.SIGINT)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("make the PostgreSQL data folder: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return os.Rename(unfinished, filepath.Join(home, "data"))
}

// dataVersion reads which PostgreSQL made the data folder; empty when there is
// none yet.
func dataVersion(data string) (string, error) {
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if _, statErr := os.Lstat(data); errors.Is(statErr, fs.ErrNotExist) {
		return "", nil
	}
	return "", fmt.Errorf("%s is no data folder of PostgreSQL that can be read (%w): choose another folder with --data", data, bare(err))
}

// OwnerURL is the address of the database for its owner, who migrates it.
func (p *Postgres) OwnerURL() string {
	return p.url(OwnerRole, p.secrets.Owner, DatabaseName)
}

// AppURL is the address of the database for the application, which may do there
// what the owner granted.
func (p *Postgres) AppURL() string {
	return p.url(AppRole, p.secrets.App, DatabaseName)
}

// AdminURL is the server's address for its superuser, to make further
// databases in tests.
func (p *Postgres) AdminURL() string {
	return p.url(adminRole, p.secrets.Admin, "postgres")
}

func (p *Postgres) url(role, password, database string) string {
	address := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(role, password),
		Host:     net.JoinHostPort(loopback, strconv.Itoa(p.port)),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return address.String()
}

func ping(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	connector, err := pq.NewConnector(url)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	return db.PingContext(ctx)
}
