package api_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"ombudsdienst/api"
	"ombudsdienst/internal/casework"
)

// short serves with limits that a test can wait for.
func short(t *testing.T, handler http.Handler) (address string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config = api.NewServer(handler)
	server.Config.ReadHeaderTimeout, server.Config.ReadTimeout = 200*time.Millisecond, 200*time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func dial(t *testing.T, address, sends string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, err := io.WriteString(conn, sends); err != nil {
		t.Fatal(err)
	}
	return conn
}

// dribble sends a byte now and then, until the other side has had enough.
func dribble(conn net.Conn) {
	for {
		if _, err := conn.Write([]byte("x")); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestWhoeverSendsSlowlyIsCutOffAndHoldsNobodyUp(t *testing.T) {
	address := short(t, open(t))
	var slow []net.Conn
	for range 50 {
		slow = append(slow,
			dial(t, address, ""),
			dial(t, address, "GET /healthz HTTP/1.1\r\nHost: h\r\nX-Slow: "))
		go dribble(slow[len(slow)-1])
	}
	response, err := http.Get("http://" + address + "/healthz")
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("beside slow callers: %v", err)
	}
	response.Body.Close()
	for _, conn := range slow {
		if _, err := io.ReadAll(conn); err != nil && !strings.Contains(err.Error(), "reset") {
			t.Errorf("a slow caller: %v", err)
		}
	}
}

// A body that arrives slowly must not hold one of the register's connections: a
// hundred of them would keep everybody else out.
func TestASlowBodyHoldsNoConnectionOfTheRegister(t *testing.T) {
	h := openHouse(t)
	h.app.SetMaxOpenConns(1)
	server := httptest.NewUnstartedServer(nil)
	server.Config = api.NewServer(h.counter)
	server.Start()
	t.Cleanup(server.Close)
	address := server.Listener.Addr().String()
	for range 20 {
		for _, head := range []string{"", "Authorization: Bearer " + h.tokens["intake"] + "\r\n"} {
			conn := dial(t, address, "POST "+lodging+" HTTP/1.1\r\nHost: h\r\n"+head+"Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{")
			go dribble(conn)
		}
	}
	answer(t, h.ask("POST", lodging, "", webForm), http.StatusCreated)
	answer(t, h.ask("GET", "/api/v1/complaints", h.tokens["intake"], ""), http.StatusOK)
}

// largeDesk has one large document.
type largeDesk struct{ *desk }

func (largeDesk) LetterPDF(_ context.Context, _ casework.Actor, _ int64) ([]byte, error) {
	return make([]byte, 64<<20), nil
}

func TestWhoeverReadsSlowlyHoldsNobodyUp(t *testing.T) {
	c := open(t, func(config *api.Config) { config.Desk = largeDesk{&desk{}} })
	address := short(t, c)
	for range 5 {
		dial(t, address, "GET /api/v1/letters/7/pdf HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ombuds\r\n\r\n")
	}
	conn := dial(t, address, "GET /api/v1/me HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ombuds\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("beside slow readers: %v", err)
	}
}

// elsewhere gives each connection an address of its own choice.
type elsewhere struct {
	net.Listener
	from func() string
}

type remote struct {
	net.Conn
	address *net.TCPAddr
}

func (r remote) RemoteAddr() net.Addr { return r.address }

func (e elsewhere) Accept() (net.Conn, error) {
	conn, err := e.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return remote{conn, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(e.from()))}, nil
}

func TestOneAddressHasABoundedNumberOfConnections(t *testing.T) {
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	from := "203.0.113.7:1"
	l := api.LimitConnections(elsewhere{plain, func() string { return from }}, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")})
	accept := func() net.Conn {
		t.Helper()
		dial(t, plain.Addr().String(), "")
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	var open []net.Conn
	for range 500 {
		open = append(open, accept())
	}
	refused := dial(t, plain.Addr().String(), "")
	after := make(chan net.Conn)
	go func() {
		conn, _ := l.Accept()
		after <- conn
	}()
	if _, err := refused.Read(make([]byte, 1)); err == nil {
		t.Error("one connection too many is served")
	}
	open[0].Close()
	open[0].Close() // makes room once
	dial(t, plain.Addr().String(), "")
	<-after
	for _, other := range []string{"203.0.113.8:1", "10.0.0.1:1", "127.0.0.1:1", "10.0.0.1:1"} {
		from = other
		accept()
	}
	for _, conn := range open {
		conn.Close()
	}
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	c := open(t)
	c.desk.panics = fmt.Errorf("boom")
	for name, w := range map[string]*httptest.ResponseRecorder{
		"success": c.ask("GET", "/healthz", "", ""), "no route": c.ask("GET", "/nowhere", "", ""),
		"no method": c.ask("DELETE", lodging, "", ""), "no token": c.ask("GET", "/api/v1/me", "", ""),
		"a bad path": c.ask("GET", "/%00", "", ""), "a panic": c.ask("GET", "/api/v1/complaints", "ombuds", ""),
		"not JSON": c.ask("POST", lodging, "", "{"), "figures": c.ask("GET", "/metrics", "", ""),
	} {
		for _, header := range []string{"X-Content-Type-Options", "Content-Security-Policy", "X-Frame-Options", "Referrer-Policy",
			"Cache-Control", "Strict-Transport-Security", "Cross-Origin-Resource-Policy"} {
			if w.Header().Get(header) == "" {
				t.Errorf("%s (%d) lacks %s", name, w.Code, header)
			}
		}
	}
	plain := open(t, func(config *api.Config) { config.PublicURL = "http://127.0.0.1:8080" })
	if w := plain.ask("GET", "/healthz", "", ""); w.Header().Get("Strict-Transport-Security") != "" {
		t.Error("without https the browser is told to insist on it")
	}
}

func TestFiguresWithAnAddressOfTheirOwnAreNotTold(t *testing.T) {
	c := open(t, func(config *api.Config) { config.MetricsAside = true })
	problem(t, c.ask("GET", "/metrics", "", ""), http.StatusNotFound)
}
