package api_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ombudsdienst/api"
)

// doors are a counter behind a plain listener and behind one that speaks TLS.
func doors(t *testing.T) map[string]func() net.Conn {
	t.Helper()
	c := open(t)
	borrowed := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate
	t.Cleanup(borrowed.Close)
	config := &tls.Config{Certificates: borrowed.TLS.Certificates}
	found := map[string]func() net.Conn{}
	for name, through := range map[string]func(net.Listener) net.Listener{
		"plain": api.Listen,
		"TLS":   func(l net.Listener) net.Listener { return api.ListenTLS(l, config) },
	} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		server := api.NewServer(c)
		go server.Serve(through(listener))
		t.Cleanup(func() { server.Close() })
		found[name] = func() net.Conn {
			conn := dial(t, listener.Addr().String(), "")
			if name == "TLS" {
				conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true}) // made by this test
			}
			return conn
		}
	}
	found["no TLS at the door of TLS"] = func() net.Conn {
		return dial(t, found["TLS"]().RemoteAddr().String(), "")
	}
	return found
}

func TestWhatIsNoRequestIsAnsweredAlikeWithAndWithoutTLS(t *testing.T) {
	for door, knock := range doors(t) {
		for sent, status := range map[string]int{
			"GET / HTTP/1.1\r\nHost h\r\n\r\n":                                                                    http.StatusBadRequest,
			"GET / HTTP/7.1\r\nHost: h\r\n\r\n":                                                                   http.StatusBadRequest,
			"POST " + lodging + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: rot13\r\n\r\n":                        http.StatusBadRequest,
			"GET / HTTP/1.1\r\nHost: h\r\nX-Large: " + strings.Repeat("a", 64<<10) + "\r\n\r\n":                   http.StatusRequestHeaderFieldsTooLarge,
			"POST " + lodging + " HTTP/1.1\r\nHost: h\r\nExpect: janssens\r\nContent-Length: 2\r\n\r\n{}":         http.StatusExpectationFailed,
			"POST " + lodging + " HTTP/1.0\r\nHost: h\r\nExpect: janssens\r\nContent-Length: 2\r\n\r\n{}":         http.StatusExpectationFailed,
			"POST " + lodging + " HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\n{}": http.StatusUnsupportedMediaType,
			"POST " + lodging + " HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Type: a/b\r\n\r\n":       http.StatusUnsupportedMediaType,
			"GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n":                                                            http.StatusNotFound,
			"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n":                                                            http.StatusOK,
		} {
			if door == "no TLS at the door of TLS" {
				status = http.StatusBadRequest
			}
			conn := knock()
			go io.WriteString(conn, sent) // the server may have had enough before the end
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Errorf("%s, %.60q: %v", door, sent, err)
				continue
			}
			w := httptest.NewRecorder()
			w.Code = response.StatusCode
			w.Header().Set("Content-Type", response.Header.Get("Content-Type"))
			io.Copy(w.Body, response.Body)
			if strings.Contains(w.Body.String(), "janssens") {
				t.Errorf("%s repeats %.60q", door, sent)
			}
			if status == http.StatusOK {
				answer(t, w, status)
				continue
			}
			problem(t, w, status)
		}
	}
}
