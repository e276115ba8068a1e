package wiring

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"go.temporal.io/sdk/client"

	"ombudsdienst/activities"
	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/relay"
)

// askedEvery is how often the API looks whether somebody asked for a verification.
const askedEvery = 2 * time.Second

// verifying is what a verification of this program compares.
func (p *Program) verifying(db *sqlx.DB, keys *register.Keys, temporal client.Client, namespace string) (relay.VerifyConfig, error) {
	organisation, err := p.organisation()
	if err != nil {
		return relay.VerifyConfig{}, err
	}
	desk := casework.New(casework.Config{DB: db, Organisation: organisation, Calendar: organisation.Calendar(), Keys: keys, Now: p.Now})
	return relay.VerifyConfig{
		DB: db, Store: register.New(db, keys, p.Now), Temporal: temporal, Namespace: namespace, Now: p.Now,
		Folder: p.DataDir, Astray: desk.AstrayDeadlines,
	}, nil
}

// verifyAsked runs the verifications that people ask for, one after the other,
// until ctx ends. Several API processes share them.
func (p *Program) verifyAsked(ctx context.Context, config relay.VerifyConfig) error {
	look := time.NewTicker(askedEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
		run, waits, err := config.Store.BeginVerification(ctx)
		if err == nil && waits {
			_, err = relay.Keep(ctx, config, run)
		}
		if err != nil && ctx.Err() == nil && complaint.CategoryOf(err) != complaint.Unavailable {
			p.Log.Error("a verification did not end", "run", run, "error", err)
		}
	}
}

// nightlyConnections is how many the nightly verification uses of the register's.
const nightlyConnections = 2

// verifiesNightly lets the activities verify, until ctx ends.
func (p *Program) verifiesNightly(ctx context.Context, beside *sync.WaitGroup, a *activities.Activities, temporal client.Client, namespace string) error {
	keys, err := p.keys()
	if err != nil {
		return err
	}
	db, err := p.openDatabase(nightlyConnections)
	if err != nil {
		return err
	}
	config, err := p.verifying(db, keys, temporal, namespace)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	a.Verifier = nightly{config}
	beside.Go(func() {
		<-ctx.Done()
		_ = db.Close()
	})
	return nil
}

// nightly is the verification that the worker runs each night.
type nightly struct{ config relay.VerifyConfig }

// Verify begins a run and keeps what it finds.
func (n nightly) Verify(ctx context.Context) (complaint.Verified, error) {
	run, err := n.config.Store.BeginNightly(ctx)
	if err != nil {
		return complaint.Verified{}, err
	}
	return relay.Keep(ctx, n.config, run)
}

// tellEvery is how often the worker looks for findings that the supervisors have
// not heard of; also the pause after a mail server that was away.
const tellEvery = 5 * time.Minute

// tellFindings tells the supervisors of new findings until ctx ends.
func (p *Program) tellFindings(ctx context.Context, a *activities.Activities) {
	for ctx.Err() == nil {
		if err := a.TellFindings(ctx); err != nil && ctx.Err() == nil {
			p.Log.WarnContext(ctx, "the supervisors could not be told of new findings")
		}
		select {
		case <-ctx.Done():
		case <-time.After(tellEvery):
		}
	}
}
