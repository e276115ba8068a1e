package wiring

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"ombudsdienst/api"
)

// ownURL is where the API itself answers.
func (s Settings) ownURL(address string) string {
	return Settings{TLSCert: s.TLSCert}.publicURL(address)
}

// serveDoors serves the counter on its listener, under TLS when there is a
// certificate, and the figures where they have an address of their own.
func (p *Program) serveDoors(ctx context.Context, group *errgroup.Group, handler http.Handler,
	registry *prometheus.Registry, listener net.Listener,
) error {
	server := api.NewServer(handler)
	server.ErrorLog = slog.NewLogLogger(p.Log.Handler(), slog.LevelInfo) // of connections, which callers break at will
	listener, err := p.door(api.LimitConnections(listener, p.TrustedProxies))
	if err != nil {
		return err
	}
	group.Go(func() error { return serveHTTP(ctx, server, listener) })
	if p.MetricsListen == "" {
		return nil
	}
	figures, err := net.Listen("tcp", p.MetricsListen)
	if err != nil {
		return fmt.Errorf("METRICS_LISTEN: %w", err)
	}
	group.Go(func() error { return serveHTTP(ctx, api.NewServer(api.Metrics(registry)), api.Listen(figures)) })
	return nil
}

// door is what a listener answers through: TLS when there is a certificate.
func (p *Program) door(listener net.Listener) (net.Listener, error) {
	if p.TLSCert == "" {
		return api.Listen(listener), nil
	}
	pair := &certificate{cert: p.TLSCert, key: p.TLSKey, log: p.Log}
	if err := pair.load(); err != nil {
		return nil, err
	}
	return api.ListenTLS(listener, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: pair.current}), nil
}

// serveHTTP serves until ctx ends, then lets what is under way end within ten
// seconds.
func serveHTTP(ctx context.Context, server *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		return server.Close()
	}
	return nil
}

// certificate is a pair of files that is read anew when one of them changes, so
// that a renewed certificate needs no restart.
type certificate struct {
	cert, key string
	log       *slog.Logger

	mu      sync.Mutex
	pair    *tls.Certificate
	changed [2]time.Time // when the files that were read last had changed
}

// current is the certificate for a new connection. A new pair that cannot be
// read, or is only half there, leaves the old one in use.
func (c *certificate) current(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	if err := c.load(); err != nil {
		c.log.Error("the certificate in use stays", "error", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pair, nil
}

// load reads the files when they have changed since.
func (c *certificate) load() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var changed [2]time.Time
	for i, file := range []string{c.cert, c.key} {
		info, err := os.Stat(file)
		if err != nil {
			return fmt.Errorf("read the certificate: %w", err)
		}
		changed[i] = info.ModTime()
	}
	if c.pair != nil && changed == c.changed {
		return nil
	}
	c.changed = changed // a pair that is no good is told of once
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	c.pair = &pair
	return nil
}
