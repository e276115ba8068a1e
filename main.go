// Ombudsdienst runs the complaint procedure of a health-insurance fund's ombuds
// service: it registers a complaint, acknowledges it, and sees to it that within
// 45 calendar days the complainant has an honest answer.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"ombudsdienst/internal/exchange"
	"ombudsdienst/internal/wiring"
)

const usage = `Ombudsdienst: the complaint procedure of an ombuds service.

  ombudsdienst up        runs everything on this machine: database, Temporal
                         with its Web UI, worker and API
      --data DIR             where everything is kept
      --listen ADDRESS       of the API (127.0.0.1:8080)
      --temporal-port N      7233      --ui-port N  8233
      --postgres-port N      0: any free port
      --organisation FILE    another fund's organisation file
      --no-browser           does not open the Temporal Web UI

  ombudsdienst lodge FILE.json    lodges a file of submissions, safe to repeat
      --server URL           of the API (http://127.0.0.1:8080)
      --token T              of intake staff; without it only the public web form
      --as-of MOMENT         shifts all dates so that the newest arrives then

  ombudsdienst verify    compares register and Temporal, and says what is wrong
      --repair               mends what has one right answer

The parts of a deployment, which read their settings from the environment:

  ombudsdienst migrate   brings the register's tables up to date
      --restored             after a backup was put back: goes on beyond every
                             number and ID that may have been given since
      --skip N               numbers passed over for that (1000)
  ombudsdienst rekey     seals the register with another key; API and worker
                         are stopped meanwhile
  ombudsdienst api       serves the API and carries commands to Temporal
  ombudsdienst worker    works the procedure off, as the build that BUILD_ID names
      --promote              makes that build the current one once it takes
                             tasks; running procedures move to it

  ombudsdienst version   prints the version
`

// Exit codes.
const (
	done     = 0
	couldNot = 1
	misused  = 2
)

// errUsage is a wrong call; its text is one line.
type errUsage string

func (e errUsage) Error() string { return string(e) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// configure changes a program before it runs. Tests set it to fail a process at
// a chosen point.
var configure = func(*wiring.Program) {}

// run does one command and gives the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return misused
	}
	commands := map[string]func(context.Context, []string, io.Writer, io.Writer) error{
		"up": up, "lodge": lodge, "verify": verify, "migrate": migrate, "rekey": rekey, "api": serve, "worker": work, "version": version,
	}
	command, known := commands[args[0]]
	switch {
	case strings.Trim(args[0], "-") == "help" || args[0] == "-h":
		fmt.Fprint(stdout, usage)
		return done
	case !known:
		fmt.Fprintln(stderr, "ombudsdienst: there is no such command; `ombudsdienst help` lists them")
		return misused
	}
	err := command(ctx, args[1:], stdout, stderr)
	var wrong errUsage
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp), args[0] == "up" && ctx.Err() != nil:
		return done // up was stopped by hand, if only while it was starting
	case errors.Is(err, wiring.ErrFindings), errors.Is(err, exchange.ErrSomeFailed):
		return couldNot // what was wrong is printed
	case errors.As(err, &wrong):
		fmt.Fprintln(stderr, "ombudsdienst "+args[0]+": "+wrong.Error())
		return misused
	default:
		fmt.Fprintln(stderr, "ombudsdienst "+args[0]+": "+err.Error())
		return couldNot
	}
}

// parse reads flags and exactly the wanted number of other arguments.
func parse(flags *flag.FlagSet, args []string, stdout io.Writer, wanted int) error {
	flags.SetOutput(io.Discard)
	var rest []string
	for { // flags may stand before and after the arguments
		if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(stdout, usage)
			return err
		} else if err != nil {
			return errUsage(err.Error())
		}
		if flags.NArg() == 0 {
			break
		}
		rest = append(rest, flags.Arg(0))
		args = flags.Args()[1:]
	}
	if len(rest) != wanted {
		return errUsage(fmt.Sprintf("takes %d arguments besides its flags, not %d", wanted, len(rest)))
	}
	return flags.Parse(append([]string{"--"}, rest...)) // so that flags.Arg finds them
}

// program reads the environment.
func program(stdout, stderr io.Writer) (*wiring.Program, error) {
	settings, err := wiring.Read(os.Getenv)
	if err != nil {
		return nil, err
	}
	p := wiring.New(settings, stdout, stderr)
	configure(p)
	return p, nil
}

func up(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	p, err := program(stdout, stderr)
	if err != nil {
		return err
	}
	var options wiring.UpOptions
	var quiet bool
	flags := flag.NewFlagSet("up", flag.ContinueOnError)
	flags.StringVar(&p.DataDir, "data", p.DataDir, "")
	flags.StringVar(&p.Listen, "listen", p.Listen, "")
	flags.StringVar(&p.OrganisationFile, "organisation", p.OrganisationFile, "")
	flags.IntVar(&options.TemporalPort, "temporal-port", 7233, "")
	flags.IntVar(&options.UIPort, "ui-port", 8233, "")
	flags.IntVar(&options.PostgresPort, "postgres-port", 0, "")
	flags.BoolVar(&quiet, "no-browser", false, "")
	if err := parse(flags, args, stdout, 0); err != nil {
		return err
	}
	if p.DataDir == "" {
		return errUsage("--data names no folder")
	}
	options.Browser = !quiet
	return p.Up(ctx, options)
}

func lodge(ctx context.Context, args []string, stdout, _ io.Writer) error {
	options := exchange.LodgeOptions{Progress: stdout}
	var asOf string
	flags := flag.NewFlagSet("lodge", flag.ContinueOnError)
	flags.StringVar(&options.Server, "server", "http://127.0.0.1:8080", "")
	flags.StringVar(&options.Token, "token", os.Getenv("OMBUDSDIENST_TOKEN"), "")
	flags.StringVar(&asOf, "as-of", "", "")
	if err := parse(flags, args, stdout, 1); err != nil {
		return err
	}
	options.File = flags.Arg(0)
	if asOf != "" {
		moment, err := time.Parse(time.RFC3339, asOf)
		if err != nil {
			return errUsage("--as-of takes a moment such as 2026-11-23T10:00:00+01:00")
		}
		options.AsOf = moment
	}
	_, err := exchange.Lodge(ctx, options)
	return err
}

func verify(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var repair bool
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.BoolVar(&repair, "repair", false, "")
	return part(flags, args, stdout, stderr, func(p *wiring.Program) error { return p.Verify(ctx, repair) })
}

func migrate(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var restored bool
	var skip int
	flags := flag.NewFlagSet("migrate", flag.ContinueOnError)
	flags.BoolVar(&restored, "restored", false, "")
	flags.IntVar(&skip, "skip", wiring.NumbersSkipped, "")
	return part(flags, args, stdout, stderr, func(p *wiring.Program) error {
		if skip < 1 || skip > 100_000 {
			return errUsage("--skip takes a number from 1 to 100000")
		}
		if err := p.Migrate(ctx); err != nil || !restored {
			return err
		}
		return p.Restored(ctx, skip)
	})
}

func rekey(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	return part(flag.NewFlagSet("rekey", flag.ContinueOnError), args, stdout, stderr,
		func(p *wiring.Program) error { return p.Rekey(ctx) })
}

func serve(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	return part(flag.NewFlagSet("api", flag.ContinueOnError), args, stdout, stderr,
		func(p *wiring.Program) error { return p.API(ctx) })
}

func work(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var promote bool
	flags := flag.NewFlagSet("worker", flag.ContinueOnError)
	flags.BoolVar(&promote, "promote", false, "")
	return part(flags, args, stdout, stderr, func(p *wiring.Program) error { return p.Worker(ctx, promote) })
}

// part runs one part of a deployment.
func part(flags *flag.FlagSet, args []string, stdout, stderr io.Writer, do func(*wiring.Program) error) error {
	if err := parse(flags, args, stdout, 0); err != nil {
		return err
	}
	p, err := program(stdout, stderr)
	if err != nil {
		return err
	}
	return do(p)
}

func version(_ context.Context, args []string, stdout, _ io.Writer) error {
	if err := parse(flag.NewFlagSet("version", flag.ContinueOnError), args, stdout, 0); err != nil {
		return err
	}
	fmt.Fprintln(stdout, "ombudsdienst "+wiring.Version)
	return nil
}
