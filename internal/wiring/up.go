package wiring

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"

	"ombudsdienst/internal/devstack"
)

// UpOptions are the flags of up.
type UpOptions struct {
	TemporalPort, UIPort, PostgresPort int
	Browser                            bool
}

// Up runs the whole procedure on this machine until ctx ends: what is missing of
// PostgreSQL and Temporal, then migrations, accounts, worker and API in this
// process. What it started it stops, in the opposite order.
func (p *Program) Up(ctx context.Context, options UpOptions) error {
	// What can be wrong is looked at before minutes are spent on building; the
	// folder first, for it knows which process has it.
	folder, err := devstack.Open(p.DataDir)
	if err != nil {
		return err
	}
	defer folder.Close()
	listener, err := net.Listen("tcp", p.Listen)
	if err != nil {
		return errPort(p.Listen, err)
	}
	defer listener.Close()
	if _, err := p.organisation(); err != nil {
		return err
	}
	stack, err := p.startStack(ctx, folder, options)
	defer stack.stop(p)
	if err != nil {
		return err
	}
	if err := p.Migrate(ctx); err != nil {
		return err
	}
	if err := p.writeEnvironment(folder.Path("up.env")); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return stack.watch(ctx) })
	p.BuildID = "" // one build at a time: there is nothing to hand over to
	group.Go(func() error { return p.Worker(ctx, false) })
	group.Go(func() error {
		return p.serve(ctx, listener, func(address string) { p.announce(address, options.Browser) })
	})
	err = group.Wait()
	if err == nil {
		p.say("stopping")
	}
	return err
}

// stack is what up has started; a part that was there already is nil.
type stack struct {
	postgres *devstack.Postgres
	temporal *devstack.Temporal
}

// startStack starts PostgreSQL and Temporal side by side, each only when the
// environment names none, and points the settings at them.
func (p *Program) startStack(ctx context.Context, folder *devstack.Folder, options UpOptions) (*stack, error) {
	s := &stack{}
	group, ctx := errgroup.WithContext(ctx)
	if p.DatabaseURL == "" {
		group.Go(func() (err error) {
			s.postgres, err = devstack.StartPostgres(ctx, folder, devstack.PostgresOptions{Port: options.PostgresPort, Progress: p.say})
			return err
		})
	}
	if p.TemporalAddress == "" {
		group.Go(func() (err error) {
			s.temporal, err = devstack.StartTemporal(ctx, folder, devstack.TemporalOptions{
				Port: options.TemporalPort, UIPort: options.UIPort, Progress: p.say,
			})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return s, err
	}
	if s.postgres != nil {
		p.DatabaseURL, p.MigrateDatabaseURL = s.postgres.AppURL(), s.postgres.OwnerURL()
	}
	if s.temporal != nil {
		p.TemporalAddress, p.TemporalUIURL = s.temporal.Address(), s.temporal.UIURL()
	}
	return s, nil
}

// watch ends with the reason when a part has died too often.
func (s *stack) watch(ctx context.Context) error {
	var postgres, temporal <-chan error
	if s.postgres != nil {
		postgres = s.postgres.Failed()
	}
	if s.temporal != nil {
		temporal = s.temporal.Failed()
	}
	select {
	case err := <-postgres:
		return err
	case err := <-temporal:
		return err
	case <-ctx.Done():
		return nil
	}
}

func (s *stack) stop(p *Program) {
	if s.temporal != nil {
		if err := s.temporal.Stop(); err != nil {
			p.say("Temporal did not stop cleanly: %v", err)
		}
	}
	if s.postgres != nil {
		if err := s.postgres.Stop(); err != nil {
			p.say("PostgreSQL did not stop cleanly: %v", err)
		}
	}
}

// writeEnvironment keeps the settings of this stack, so that the other commands
// can be run against it. It holds the database's passwords.
func (p *Program) writeEnvironment(file string) error {
	content := fmt.Sprintf("DATABASE_URL='%s'\nMIGRATE_DATABASE_URL='%s'\nTEMPORAL_ADDRESS='%s'\nTEMPORAL_UI_URL='%s'\nDATA_DIR='%s'\n",
		p.DatabaseURL, p.MigrateDatabaseURL, p.TemporalAddress, p.TemporalUIURL, p.DataDir)
	aside := file + ".new"
	if err := os.WriteFile(aside, []byte(content), 0o600); err != nil {
		return fmt.Errorf("keep the settings: %w", err)
	}
	if err := os.Rename(aside, file); err != nil {
		return fmt.Errorf("keep the settings: %w", err)
	}
	return nil
}

// announce prints the addresses once everything answers.
func (p *Program) announce(address string, browser bool) {
	p.say("ready  %s", p.ownURL(address))
	p.say("Temporal Web UI  %s", p.TemporalUIURL)
	p.say("accounts and tokens  %s", p.credentials())
	p.say("settings for the other commands  %s", filepath.Join(p.DataDir, "up.env"))
	if p.SMTPURL == "" {
		p.say("e-mail  %s", filepath.Join(p.DataDir, "mail"))
	}
	p.say("letters to post  %s", filepath.Join(p.DataDir, "print"))
	p.say("Ctrl-C stops it; the next start goes on where it was.")
	if browser && p.TemporalUIURL != "" {
		openBrowser(p.TemporalUIURL)
	}
}

// openBrowser shows a page where there is a screen to show it on. Nothing
// depends on it, so a failure is passed over.
func openBrowser(page string) {
	program := "xdg-open"
	switch {
	case runtime.GOOS == "darwin":
		program = "open"
	case os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "":
		return
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return
	}
	browser := exec.Command(path, page)
	if browser.Start() == nil {
		go func() { _ = browser.Wait() }()
	}
}
