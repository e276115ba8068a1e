package wiring

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/register"
	"ombudsdienst/schema"
)

const secret = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

// patience bounds a wait that ends by itself when the rule holds.
const patience = 30 * time.Second

// said hands what a program says to its test.
type said chan string

func (s said) Write(line []byte) (int, error) {
	s <- string(line)
	return len(line), nil
}

// migrated is a register that was made with secret, by its address.
func migrated(t *testing.T) string {
	t.Helper()
	ownerURL, appURL := pgtest.New(t)
	owner, err := sql.Open("postgres", ownerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	if err := schema.Migrate(t.Context(), owner, "ombudsdienst_app"); err != nil {
		t.Fatal(err)
	}
	p := newProgram(t, appURL)
	p.Key = secret
	if err := p.awaitRegister(t.Context()); err != nil {
		t.Fatal(err)
	}
	return appURL
}

// newProgram has a data folder without a key file, and no Temporal.
func newProgram(t *testing.T, databaseURL string) *Program {
	return New(Settings{DatabaseURL: databaseURL, Listen: "127.0.0.1:0", TemporalAddress: "127.0.0.1:1", DataDir: t.TempDir()},
		make(said, 10), io.Discard)
}

// parts are the programs that need the key.
var parts = map[string]func(*Program, context.Context) error{"api": (*Program).API, "worker": func(p *Program, ctx context.Context) error { return p.Worker(ctx, false) }}

func wantOtherKey(t *testing.T, p *Program, err error) {
	t.Helper()
	if !errors.Is(err, register.ErrOtherKey) {
		t.Fatalf("it ended with %v", err)
	}
	if line := err.Error(); !strings.Contains(line, p.keyFile()) || strings.Contains(line, "\n") {
		t.Errorf("%q is not one line with the place of the key", line)
	}
}

func TestPartWithAnotherKeyThanTheRegistersDoesNotStart(t *testing.T) {
	address := migrated(t)
	for name, part := range parts {
		t.Run(name, func(t *testing.T) {
			p := newProgram(t, address)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			wantOtherKey(t, p, part(p, ctx))
			if lines := p.Out.(said); len(lines) > 0 {
				t.Errorf("it said %q", <-lines)
			}
		})
	}
}

func TestPartWithTheRegistersKeyStarts(t *testing.T) {
	p := newProgram(t, migrated(t))
	p.Key = secret
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.API(ctx) }()
	wantReady(t, p, ended)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func wantReady(t *testing.T, p *Program, ended <-chan error) {
	t.Helper()
	select {
	case line := <-p.Out.(said):
		if !strings.HasPrefix(line, "ready") {
			t.Fatalf("it said %q", line)
		}
	case err := <-ended:
		t.Fatalf("it ended with %v", err)
	case <-time.After(patience):
		t.Fatal("it does not start")
	}
}

func TestPartStartedWhileTheRegisterIsAwayEndsWhenItAppearsWithAnotherKey(t *testing.T) {
	database, err := url.Parse(migrated(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range parts {
		t.Run(name, func(t *testing.T) {
			door := newDoor(t)
			away := *database
			away.Host = door.Addr().String()
			p := newProgram(t, away.String())
			ended := make(chan error, 1)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			go func() { ended <- part(p, ctx) }()
			if name == "api" {
				wantReady(t, p, ended)
			}
			door.open(database.Host)
			wantOtherKey(t, p, <-ended)
		})
	}
}

// door stands before a server; closed, it drops who knocks.
type door struct {
	net.Listener
	opened chan string
}

func newDoor(t *testing.T) *door {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	d := &door{listener, make(chan string, 1)}
	go d.serve()
	return d
}

func (d *door) open(server string) { d.opened <- server }

func (d *door) serve() {
	server := ""
	for {
		in, err := d.Accept()
		if err != nil {
			return
		}
		select {
		case server = <-d.opened:
		default:
		}
		if server == "" {
			in.Close()
			continue
		}
		out, err := net.Dial("tcp", server)
		if err != nil {
			in.Close()
			continue
		}
		go func() { _, _ = io.Copy(out, in); out.Close() }()
		go func() { _, _ = io.Copy(in, out); in.Close() }()
	}
}
