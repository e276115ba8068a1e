package devstack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// A server that dies this often within the window is given up.
const (
	deathLimit  = 5
	deathWindow = time.Minute
)

// limits bounds every wait for a server.
type limits struct {
	start    time.Duration // until it answers; recovery after a crash is the slowest
	patience time.Duration // for one that ends at once; a killed one's lock goes away in seconds
	stop     time.Duration // after each signal
	kill     time.Duration // after the last one
	pause    time.Duration // before it is started again; doubles with each death
}

var usual = limits{
	start:    2 * time.Minute,
	patience: 10 * time.Second,
	stop:     15 * time.Second,
	kill:     5 * time.Second,
	pause:    250 * time.Millisecond,
}

// program is a server that runs as our child and is kept running.
type program struct {
	name     string
	command  func() *exec.Cmd
	ready    func(context.Context) error
	log      string // file that takes what the server prints
	pid      string // file that names the running process
	mark     string // part of its command line that no other process has
	signals  []syscall.Signal
	limits   limits
	progress Progress

	logStart int64
	stop     chan struct{}
	done     chan struct{}
	failed   chan error

	mu      sync.Mutex
	process *os.Process
	up      bool
	ending  bool
}

// start returns when the server answers. Until then a server that ends at once
// is tried again for a few seconds: after a kill its predecessor's lock may
// still be there.
func (p *program) start(ctx context.Context) error {
	p.stop, p.done, p.failed = make(chan struct{}), make(chan struct{}), make(chan error, 1)
	ctx, cancel := context.WithTimeout(ctx, p.limits.start)
	defer cancel()
	var err error
	if p.logStart, err = makeRoom(p.log); err != nil {
		return fmt.Errorf("open the log of %s: %w", p.name, err)
	}
	go p.keep()
	return p.awaitReady(ctx)
}

func (p *program) awaitReady(ctx context.Context) error {
	said := time.Now()
	for {
		if p.ready(ctx) == nil {
			p.mu.Lock()
			p.up = true
			p.mu.Unlock()
			return nil
		}
		select {
		case err := <-p.failed:
			return err
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("%s does not answer: %w%s", p.name, ctx.Err(), p.lastLines()), p.Stop())
		case <-time.After(50 * time.Millisecond):
		}
		if time.Since(said) > 5*time.Second {
			said = time.Now()
			p.progress.say("still waiting for %s", p.name)
		}
	}
}

// keep starts and waits on one operating system thread for the whole life of
// the server: the signal that ends it with us is bound to the thread that
// started it, not to our process.
func (p *program) keep() {
	runtime.LockOSThread()
	defer close(p.done)
	begun := time.Now()
	var deaths []time.Time
	for {
		err := p.runOnce()
		p.mu.Lock()
		up, ending := p.up, p.ending
		p.mu.Unlock()
		if ending {
			return
		}
		pause := 500 * time.Millisecond
		if up {
			deaths = recent(append(deaths, time.Now()))
			if len(deaths) >= deathLimit {
				p.failed <- fmt.Errorf("%s died %d times within a minute, the last time with %w%s", p.name, len(deaths), err, p.lastLines())
				return
			}
			p.progress.say("%s died (%v): starting it again", p.name, err)
			pause = p.limits.pause << (len(deaths) - 1)
		} else if time.Since(begun) > p.limits.patience {
			p.failed <- fmt.Errorf("%s did not start: %w%s", p.name, err, p.lastLines())
			return
		}
		select {
		case <-p.stop:
			return
		case <-time.After(pause):
		}
	}
}

// recent drops the deaths that lie a minute or more before the newest.
func recent(deaths []time.Time) []time.Time {
	newest := deaths[len(deaths)-1]
	for newest.Sub(deaths[0]) >= deathWindow {
		deaths = deaths[1:]
	}
	return deaths
}

// runOnce returns when the server has ended, always with an error that says how.
func (p *program) runOnce() error {
	log, err := os.OpenFile(p.log, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := p.command()
	cmd.Stdout, cmd.Stderr = log, log
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	dieWithParent(cmd.SysProcAttr, p.signals[0])

	p.mu.Lock()
	if p.ending {
		p.mu.Unlock()
		return errors.New("stopped before it started")
	}
	if err := cmd.Start(); err != nil {
		p.mu.Unlock()
		return err
	}
	p.process = cmd.Process
	p.mu.Unlock()
	if err := os.WriteFile(p.pid, fmt.Appendln(nil, cmd.Process.Pid), 0o600); err != nil {
		p.progress.say("cannot note the process of %s: %v", p.name, err)
	}
	if err := cmd.Wait(); err != nil {
		return err
	}
	return errors.New("exit status 0")
}

// Failed gives one error when the server has been given up: it died five times
// within a minute.
func (p *program) Failed() <-chan error {
	return p.failed
}

// Stop ends the server cleanly, by force when it takes too long. It may be
// called more than once.
func (p *program) Stop() error {
	p.mu.Lock()
	if !p.ending {
		p.ending = true
		close(p.stop)
	}
	process := p.process
	p.mu.Unlock()
	for _, signal := range p.signals {
		if process != nil {
			_ = process.Signal(signal)
		}
		if p.endedWithin(p.limits.stop) {
			return nil
		}
	}
	if process == nil {
		return fmt.Errorf("%s could not be stopped", p.name)
	}
	_ = syscall.Kill(-process.Pid, syscall.SIGKILL)
	if p.endedWithin(p.limits.kill) {
		return fmt.Errorf("%s did not stop and was killed", p.name)
	}
	return fmt.Errorf("%s (process %d) could not be stopped", p.name, process.Pid)
}

func (p *program) endedWithin(limit time.Duration) bool {
	select {
	case <-p.done:
		return true
	case <-time.After(limit):
		return false
	}
}
