package wiring

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.temporal.io/sdk/client"
	"golang.org/x/sync/errgroup"

	"ombudsdienst/api"
	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/relay"
	"ombudsdienst/internal/staff"
	"ombudsdienst/schema"
)

// apiConnections is the API's share of the register's connections, its relay
// included.
const apiConnections = 40

// errPort says what to do about an address that cannot be listened on.
func errPort(address string, err error) error {
	var cause *net.OpError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	return fmt.Errorf("cannot listen on %s (%w): stop what uses it, or give another with --listen or LISTEN", address, err)
}

// API serves the counter and runs its relay until ctx ends. It starts and
// answers without Temporal.
func (p *Program) API(ctx context.Context) error {
	listener, err := net.Listen("tcp", p.Listen)
	if err != nil {
		return errPort(p.Listen, err)
	}
	return p.serve(ctx, listener, func(address string) { p.say("ready  %s", p.ownURL(address)) })
}

// serve is API on a listener; ready is called when it answers.
func (p *Program) serve(ctx context.Context, listener net.Listener, ready func(address string)) error {
	defer listener.Close()
	temporal, options, err := p.dial()
	if err != nil {
		return err
	}
	defer temporal.Close()
	if err := p.dataDir(); err != nil {
		return err
	}
	keys, err := p.keys()
	if err != nil {
		return err
	}
	db, err := p.openDatabase(apiConnections)
	if err != nil {
		return err
	}
	defer db.Close()
	store := register.New(db, keys, p.Now)
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	organisation, err := p.organisation()
	if err != nil {
		return err
	}
	desk := casework.New(casework.Config{DB: db, Organisation: organisation, Calendar: organisation.Calendar(), Keys: keys, Now: p.Now})
	defer desk.Finish()
	handler := p.counter(db, desk, temporal, options, registry, listener.Addr().String())
	carrier := relay.New(relay.Config{
		Store: store, Temporal: temporal, Namespace: options.Namespace,
		DatabaseURL: p.DatabaseURL, Logger: p.Log, Registerer: registry, Now: p.Now,
	})
	verifying, err := p.verifying(db, keys, temporal, options.Namespace)
	if err != nil {
		return err
	}
	if err := p.checkKey(ctx, store); errors.Is(err, register.ErrOtherKey) {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.awaitKey(ctx, store) })
	group.Go(func() error { return carrier.Run(ctx) })
	group.Go(func() error { return p.adoptCalendar(ctx, desk) })
	group.Go(func() error { return p.sealHistory(ctx, desk) })
	group.Go(func() error { return p.verifyAsked(ctx, verifying) })
	if err := p.serveDoors(ctx, group, handler, registry, listener); err != nil {
		return err
	}
	ready(listener.Addr().String())
	return group.Wait()
}

// counter builds the JSON API over the register.
func (p *Program) counter(db *sqlx.DB, desk *casework.Desk, temporal client.Client,
	options client.Options, registry *prometheus.Registry, listening string,
) http.Handler {
	return api.New(api.Config{
		Desk: desk, Staff: &staff.Store{DB: db, Now: p.Now}, Entrance: casework.NewEntrance(desk), Organisation: desk.Organisation, Calendar: desk.Calendar,
		Now: p.Now, PublicURL: p.publicURL(listening), Version: Version,
		TemporalUIURL: p.TemporalUIURL, Namespace: options.Namespace,
		Ready: p.readiness(db, temporal), Logger: p.Log, Registry: registry,
		TrustedProxies: p.TrustedProxies, MetricsAside: p.MetricsListen != "",
	})
}

// readiness tells what the process can reach, each within two seconds.
func (p *Program) readiness(db *sqlx.DB, temporal client.Client) func(context.Context) api.Readiness {
	return func(ctx context.Context) (state api.Readiness) {
		var asked sync.WaitGroup
		ask := func(question func(context.Context)) {
			asked.Go(func() {
				ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
				defer cancel()
				question(ctx)
			})
		}
		ask(func(ctx context.Context) {
			migrated, err := schema.Current(ctx, db.DB)
			state.Register, state.Migrated = err == nil, migrated
		})
		ask(func(ctx context.Context) {
			_, err := temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
			state.Temporal = err == nil
		})
		asked.Wait()
		return state
	}
}
