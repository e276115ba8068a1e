package wiring

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
)

// writePair makes a certificate for a name, changed at a moment.
func writePair(t *testing.T, cert, key, name string, changed time.Time) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	public, err := x509.CreateCertificate(rand.Reader, template, template, secret.Public(), secret)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: public}, key: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, changed, changed); err != nil {
			t.Fatal(err)
		}
	}
}

// served is the name on the certificate of a server.
func served(t *testing.T, address string) string {
	t.Helper()
	conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true}) // made by this test
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].Subject.CommonName
}

func TestARenewedCertificateIsServedWithoutARestart(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	first := time.Now().Add(-time.Hour)
	writePair(t, cert, key, "first", first)
	p := &Program{Settings: Settings{TLSCert: cert, TLSKey: key, MetricsListen: "127.0.0.1:0"}, Log: slog.New(slog.DiscardHandler)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	group, ctx := errgroup.WithContext(ctx)
	hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") })
	if err := p.serveDoors(ctx, group, hello, prometheus.NewRegistry(), listener); err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if name := served(t, address); name != "first" {
		t.Errorf("served: %s", name)
	}
	if err := os.WriteFile(cert, []byte("half written"), 0o600); err != nil {
		t.Fatal(err)
	}
	if name := served(t, address); name != "first" {
		t.Errorf("while the new one is written: %s", name)
	}
	writePair(t, cert, key, "second", first.Add(time.Minute))
	if name := served(t, address); name != "second" {
		t.Errorf("after the renewal: %s", name)
	}
	stop()
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

func TestACertificateThatIsNotThereStopsTheStart(t *testing.T) {
	p := &Program{Settings: Settings{TLSCert: "nowhere", TLSKey: "nowhere"}, Log: slog.New(slog.DiscardHandler)}
	group, ctx := errgroup.WithContext(t.Context())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if err := p.serveDoors(ctx, group, http.NotFoundHandler(), nil, listener); err == nil {
		t.Error("started")
	}
}

func TestSettingsOfTheDoorAreReadOrRefused(t *testing.T) {
	read := func(set map[string]string) (Settings, error) {
		return Read(func(name string) string { return set[name] })
	}
	s, err := read(map[string]string{"DATA_DIR": "/d", "TRUSTED_PROXIES": " 10.1.2.3/8, 192.0.2.1 ,2001:db8::1"})
	want := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::1/128")}
	if err != nil || !slices.Equal(s.TrustedProxies, want) {
		t.Errorf("%v (%v)", s.TrustedProxies, err)
	}
	for _, set := range []map[string]string{
		{"TRUSTED_PROXIES": "everyone"}, {"TRUSTED_PROXIES": "10.0.0.0/33"}, {"TLS_CERT": "a"}, {"TLS_KEY": "a"},
	} {
		set["DATA_DIR"] = "/d"
		if _, err := read(set); err == nil {
			t.Errorf("accepted: %v", set)
		}
	}
}
