package api

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
)

// Listen gives every answer on a listener the form of a problem, also those that
// the HTTP server writes by itself, before any handler, to what is no request:
// broken headers, too many of them, a version, coding or expectation that it does
// not know.
func Listen(l net.Listener) net.Listener { return formalListener{l} }

// ListenTLS is Listen under TLS. What the server writes can only be read before it
// is sealed, so TLS is spoken here and not by the server: HTTP/1.1 alone, of which
// this package knows how the server refuses. It is a proxy's to speak HTTP/2.
func ListenTLS(l net.Listener, config *tls.Config) net.Listener {
	config = config.Clone()
	config.NextProtos = []string{"http/1.1"}
	return formalListener{tls.NewListener(l, config)}
}

type formalListener struct{ net.Listener }

// Accept waits for a connection.
func (l formalListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return formalConn{conn}, nil
}

type formalConn struct{ net.Conn }

// Write passes everything on but the server's own refusals, which it writes in
// one piece, in plain text or without words, and with a status that blames itself
// for some.
func (c formalConn) Write(b []byte) (int, error) {
	status := ownRefusal(b)
	if status == 0 {
		return c.Conn.Write(b)
	}
	refusal := refusalOnWire(status)
	_, err := c.Conn.Write(refusal)
	if open, ok := errors.AsType[tls.RecordHeaderError](err); ok && open.Conn != nil {
		_, err = open.Conn.Write(refusal) // the caller does not speak TLS
	}
	if err != nil {
		return 0, err
	}
	return len(b), nil
}

// CloseWrite tells the caller that nothing more follows, so that the last answer
// arrives before the connection is gone.
func (c formalConn) CloseWrite() error { return closeWrite(c.Conn) }

func closeWrite(conn net.Conn) error {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

const statusLine = "HTTP/1.1 "

var (
	// ownHeaders are the headers of a refusal of the server's own and of no other.
	ownHeaders = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")
	// ownStatus is of a refusal that has a head only, and that nothing else gives.
	ownStatus = strconv.Itoa(http.StatusExpectationFailed)
	// ownEnd is how that head ends.
	ownEnd = []byte("\r\nContent-Length: 0\r\n\r\n")
)

func ownRefusal(b []byte) int {
	if len(b) < len(statusLine)+3 || !bytes.HasPrefix(b, []byte("HTTP/1.")) {
		return 0
	}
	status := string(b[len(statusLine) : len(statusLine)+3])
	line, _, own := bytes.Cut(b, ownHeaders)
	own = own && !bytes.Contains(line, []byte("\r\n")) || status == ownStatus && bytes.HasSuffix(b, ownEnd)
	if !own {
		return 0
	}
	code, err := strconv.Atoi(status)
	if err != nil {
		return 0
	}
	return code
}

func refusalOnWire(status int) []byte {
	p := newProblem(http.StatusBadRequest, "not_http", "This is no request that can be read.")
	switch status {
	case http.StatusRequestHeaderFieldsTooLarge:
		p = newProblem(status, "header_too_large", "The header of the request is larger than this server takes.")
	case http.StatusExpectationFailed:
		p = newProblem(status, "expectation", "Of expectations this server knows 100-continue only.")
	}
	content, err := json.Marshal(p)
	if err != nil {
		panic(err) // texts and numbers always marshal
	}
	return slices.Concat(fmt.Appendf(nil, "%s%d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n", statusLine, p.Status, p.Title, problemType, len(content)),
		[]byte("X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"), content)
}
