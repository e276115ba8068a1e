package api

import (
	"net"
	"net/netip"
	"sync"

	"ombudsdienst/internal/staff"
)

// mostConnections is how many connections one address may have open: more than
// the browsers of an office, and too few to use up what this machine has.
const mostConnections = 500

// LimitConnections closes connections of an address that has too many open. Of
// this machine and of the proxies, who speak for many, there may be any number.
func LimitConnections(l net.Listener, proxies []netip.Prefix) net.Listener {
	return &limitedListener{Listener: l, proxies: proxies, most: mostConnections, open: map[netip.Prefix]int{}}
}

type limitedListener struct {
	net.Listener
	proxies []netip.Prefix
	most    int

	mu   sync.Mutex
	open map[netip.Prefix]int
}

// Accept waits for a connection that there may be.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from, limited := l.limits(conn.RemoteAddr())
		if !limited {
			return conn, nil
		}
		if l.take(from) {
			return &limitedConn{Conn: conn, left: sync.OnceFunc(func() { l.give(from) })}, nil
		}
		conn.Close() // there is nobody to tell about a failure
	}
}

func (l *limitedListener) limits(remote net.Addr) (netip.Prefix, bool) {
	tcp, ok := remote.(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}, false
	}
	address := tcp.AddrPort().Addr().Unmap()
	if address.IsLoopback() {
		return netip.Prefix{}, false
	}
	for _, proxy := range l.proxies {
		if proxy.Contains(address) {
			return netip.Prefix{}, false
		}
	}
	return staff.Neighbourhood(address.String()), true
}

func (l *limitedListener) take(from netip.Prefix) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[from] >= l.most {
		return false
	}
	l.open[from]++
	return true
}

func (l *limitedListener) give(from netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[from]--; l.open[from] <= 0 {
		delete(l.open, from)
	}
}

type limitedConn struct {
	net.Conn
	left func()
}

// Close closes the connection and makes room for another.
func (c *limitedConn) Close() error {
	c.left()
	return c.Conn.Close()
}

// CloseWrite tells the caller that nothing more follows, so that the last answer
// arrives before the connection is gone.
func (c *limitedConn) CloseWrite() error { return closeWrite(c.Conn) }
