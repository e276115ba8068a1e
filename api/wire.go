package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
)

// Listen gives every answer on a listener the form of a problem, also those that
// the HTTP server writes by itself, before any handler, to what is no request:
// broken headers, too many of them, a version or coding that it does not speak.
func Listen(l net.Listener) net.Listener { return formalListener{l} }

type formalListener struct{ net.Listener }

func (l formalListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		return formalConn{tcp}, err
	}
	return conn, err
}

type formalConn struct{ *net.TCPConn }

// Write passes everything on but the server's own refusals, which it writes in
// one piece, in plain text and with a status that blames itself for some.
func (c formalConn) Write(b []byte) (int, error) {
	status := ownRefusal(b)
	if status == 0 {
		return c.TCPConn.Write(b)
	}
	if _, err := c.TCPConn.Write(refusalOnWire(status)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// ownHeaders are the headers of a refusal of the server's own and of no other.
var ownHeaders = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

const statusLine = "HTTP/1.1 "

func ownRefusal(b []byte) int {
	line, _, own := bytes.Cut(b, ownHeaders)
	if !own || !bytes.HasPrefix(line, []byte(statusLine)) || bytes.Contains(line, []byte("\r\n")) || len(line) < len(statusLine)+3 {
		return 0
	}
	status, err := strconv.Atoi(string(line[len(statusLine) : len(statusLine)+3]))
	if err != nil {
		return 0
	}
	return status
}

func refusalOnWire(status int) []byte {
	p := newProblem(http.StatusBadRequest, "not_http", "This is no request that can be read.")
	if status == http.StatusRequestHeaderFieldsTooLarge {
		p = newProblem(status, "header_too_large", "The header of the request is larger than this server takes.")
	}
	content, err := json.Marshal(p)
	if err != nil {
		panic(err) // texts and numbers always marshal
	}
	return fmt.Appendf(nil, "%s%d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n%s",
		statusLine, p.Status, p.Title, problemType, len(content), content)
}
