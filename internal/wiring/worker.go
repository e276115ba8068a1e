package wiring

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"sync"
	"time"

	"go.temporal.io/sdk/client"

	"ombudsdienst/activities"
	"ombudsdienst/internal/post"
	"ombudsdienst/internal/register"
	"ombudsdienst/worker"
)

// workerConnections is the worker's share of the register's connections: its
// activities wait more for mail than for the register.
const workerConnections = 16

// errNoBuild says what promoting needs.
var errNoBuild = errors.New("BUILD_ID is not set: only a build with a name can be promoted")

// Worker works the procedure off until ctx ends. It waits for the register and
// for Temporal as long as that takes. With promote its build becomes the current
// one, to which running procedures move; that is tried for some minutes.
func (p *Program) Worker(ctx context.Context, promote bool) error {
	if promote && p.BuildID == "" {
		return errNoBuild
	}
	a, closeAll, err := p.activities()
	if err != nil {
		return err
	}
	defer closeAll()
	if err := p.awaitRegister(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	c, options, err := p.dial()
	if err != nil {
		return err
	}
	defer c.Close()
	var beside sync.WaitGroup
	defer beside.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := p.verifiesNightly(ctx, &beside, a, c, options.Namespace); err != nil {
		return err
	}
	if err := p.besideProcedures(ctx, &beside, a); err != nil {
		return err
	}
	for pause := time.Second; ; pause = min(2*pause, 30*time.Second) {
		started, err := p.workOff(ctx, c, a, promote)
		if err != nil {
			return err
		}
		if started {
			pause = time.Second
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
			p.Log.Warn("the worker starts again", "pause", pause.String())
		}
	}
}

// besideProcedures starts what the worker does outside of any procedure, until ctx
// ends.
func (p *Program) besideProcedures(ctx context.Context, beside *sync.WaitGroup, a *activities.Activities) error {
	scanner, err := p.scanner()
	if err != nil {
		return fmt.Errorf("CLAMD_ADDRESS: %w", err)
	}
	beside.Go(func() { p.sendStrays(ctx, a) })
	beside.Go(func() { p.tellFindings(ctx, a) })
	if scanner == nil {
		return nil
	}
	keys, err := p.keys()
	if err != nil {
		return err
	}
	db, err := p.openDatabase(scanConnections)
	if err != nil {
		return err
	}
	beside.Go(func() {
		defer db.Close()
		p.scanAll(ctx, register.New(db, keys, p.Now), scanner)
	})
	return nil
}

// workOff runs one worker until ctx ends or the worker gives up, as when its
// namespace is gone. It tells whether the worker took up its work at all. A
// build that cannot be promoted is an error, so that whoever deploys it notices.
func (p *Program) workOff(ctx context.Context, c client.Client, a *activities.Activities, promote bool) (bool, error) {
	gaveUp := make(chan error, 1)
	w := worker.New(c, a, p.BuildID, func(err error) {
		select {
		case gaveUp <- err:
		default:
		}
	}, p.Interceptors...)
	if err := w.Start(); err != nil {
		p.Log.Warn("Temporal is not there yet")
		return false, nil
	}
	defer w.Stop()
	p.say("worker  takes tasks")
	if promote {
		if err := worker.Promote(ctx, c, p.BuildID); err != nil && ctx.Err() == nil {
			return true, err
		}
		p.say("worker  build %s is the current one", p.BuildID)
	}
	select {
	case <-ctx.Done():
	case <-gaveUp:
		p.Log.Error("the worker gave up")
	}
	return true, nil
}

// activities opens what the activities work with.
func (p *Program) activities() (*activities.Activities, func(), error) {
	organisation, err := p.organisation()
	if err != nil {
		return nil, nil, err
	}
	office, err := p.office(mail.Address{Name: organisation.Service.In("nl"), Address: organisation.SenderMail})
	if err != nil {
		return nil, nil, err
	}
	keys, err := p.keys()
	if err != nil {
		return nil, nil, err
	}
	db, err := p.openDatabase(workerConnections)
	if err != nil {
		return nil, nil, err
	}
	a := &activities.Activities{
		Books: register.New(db, keys, p.Now), Post: office, Organisation: organisation, Now: p.Now,
	}
	if p.WrapBooks != nil {
		a.Books = p.WrapBooks(a.Books)
	}
	if p.WrapPost != nil {
		a.Post = p.WrapPost(a.Post)
	}
	return a, func() { _ = db.Close() }, nil
}

// office opens the way out of the house: a mail server if there is one, else
// files in the data folder.
func (p *Program) office(from mail.Address) (*post.Office, error) {
	if err := p.dataDir(); err != nil {
		return nil, err
	}
	config := post.Config{Folder: p.DataDir, From: from, Now: p.Now}
	if p.SMTPURL != "" {
		server, err := post.ParseServer(p.SMTPURL)
		if err != nil {
			return nil, err
		}
		config.Server = server
	}
	return post.New(config)
}
