package wiring

import (
	"context"
	"net/mail"
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

// Worker works the procedure off until ctx ends. It waits for the register and
// for Temporal as long as that takes.
func (p *Program) Worker(ctx context.Context) error {
	a, closeAll, err := p.activities()
	if err != nil {
		return err
	}
	defer closeAll()
	if err := p.awaitRegister(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	c, _, err := p.dial()
	if err != nil {
		return err
	}
	defer c.Close()
	for pause := time.Second; ; pause = min(2*pause, 30*time.Second) {
		if p.workOff(ctx, c, a) {
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

// workOff runs one worker until ctx ends or the worker gives up, as when its
// namespace is gone. It tells whether the worker took up its work at all.
func (p *Program) workOff(ctx context.Context, c client.Client, a *activities.Activities) bool {
	gaveUp := make(chan error, 1)
	w := worker.New(c, a, func(err error) {
		select {
		case gaveUp <- err:
		default:
		}
	}, p.Interceptors...)
	if err := w.Start(); err != nil {
		p.Log.Warn("Temporal is not there yet")
		return false
	}
	defer w.Stop()
	p.say("worker  takes tasks")
	select {
	case <-ctx.Done():
	case <-gaveUp:
		p.Log.Error("the worker gave up")
	}
	return true
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
