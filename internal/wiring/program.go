package wiring

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // the register's driver
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"

	"ombudsdienst/activities"
	"ombudsdienst/internal/organisation"
	"ombudsdienst/internal/staff"
	"ombudsdienst/schema"
)

// Version is what `version` prints and the API says of itself.
const Version = "0.1.0"

// Program is one process: its settings, where it speaks, and what its parts are
// wrapped in. The wraps let tests fail a process at a chosen point; unset they
// are not there.
type Program struct {
	Settings
	Out io.Writer // for the person who started it
	Log *slog.Logger
	Now func() time.Time

	WrapBooks    func(activities.Books) activities.Books
	WrapPost     func(activities.Post) activities.Post
	Interceptors []interceptor.WorkerInterceptor
}

// New makes a program that logs to errors.
func New(settings Settings, out, errors io.Writer) *Program {
	return &Program{
		Settings: settings, Out: out, Now: time.Now,
		Log: slog.New(slog.NewTextHandler(errors, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
}

// say tells the person at the terminal what is happening.
func (p *Program) say(format string, args ...any) {
	fmt.Fprintf(p.Out, format+"\n", args...)
}

// temporalLog lets the SDK speak through the program's log.
func (p *Program) temporalLog() log.Logger { return log.NewStructuredLogger(p.Log) }

// organisation reads the organisation file.
func (p *Program) organisation() (*organisation.Organisation, error) {
	return organisation.Load(p.OrganisationFile)
}

// errNoDatabase says what a part needs that was not given.
var errNoDatabase = errors.New("DATABASE_URL is not set: it names the register's PostgreSQL database")

// openDatabase makes a handle for the application's user. It does not connect:
// the API starts while the register is away.
func (p *Program) openDatabase(connections int) (*sqlx.DB, error) {
	if p.DatabaseURL == "" {
		return nil, errNoDatabase
	}
	address, err := url.Parse(p.DatabaseURL)
	if err != nil || address.Scheme == "" {
		return nil, errors.New("DATABASE_URL is not the address of a PostgreSQL database")
	}
	query := address.Query()
	query.Set("binary_parameters", "yes") // one round trip for a statement instead of two
	address.RawQuery = query.Encode()
	db, err := sqlx.Open("postgres", address.String())
	if err != nil {
		return nil, errors.New("DATABASE_URL is not the address of a PostgreSQL database")
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return db, nil
}

// Migrate brings the register's tables up to date as the owner, gives the
// application's user its rights, and makes the accounts that are missing: the
// first ones, and a handler for each new department of the organisation file.
func (p *Program) Migrate(ctx context.Context) error {
	if p.MigrateDatabaseURL == "" {
		return errNoDatabase
	}
	organisation, err := p.organisation()
	if err != nil {
		return err
	}
	if err := p.dataDir(); err != nil {
		return err
	}
	owner, err := sqlx.Open("postgres", p.MigrateDatabaseURL)
	if err != nil {
		return errors.New("MIGRATE_DATABASE_URL is not the address of a PostgreSQL database")
	}
	defer owner.Close()
	if err := schema.Migrate(ctx, owner.DB, userOf(p.DatabaseURL)); err != nil {
		return err
	}
	accounts := &staff.Store{DB: owner, Now: p.Now}
	made, err := accounts.Seed(ctx, p.credentials(), organisation.Codes())
	if err == nil && made > 0 {
		p.say("made %d accounts, with passwords and tokens in %s", made, p.credentials())
	}
	return err
}

// credentials is the file with the secrets of the accounts that Migrate made.
func (p *Program) credentials() string { return filepath.Join(p.DataDir, "credentials.json") }

// userOf finds the user in a database's address; empty when it names none.
func userOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return ""
	}
	return u.User.Username()
}

// dial connects to Temporal without waiting for it.
func (p *Program) dial() (client.Client, client.Options, error) {
	options, err := p.temporal(p.TemporalAddress, p.temporalLog())
	if err != nil {
		return nil, options, err
	}
	c, err := client.NewLazyClient(options)
	if err != nil {
		return nil, options, fmt.Errorf("use the TEMPORAL_ settings: %w", err)
	}
	return c, options, nil
}

// dataDir makes the folder of key file, mail and print queue when it is missing.
func (p *Program) dataDir() error {
	if err := os.MkdirAll(p.DataDir, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return nil
}
