package api_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"ombudsdienst/api"
)

// serve runs a counter on a real socket.
func serve(t *testing.T, c counter) net.Conn {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.Config = api.NewServer(c)
	server.Start()
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestABodyThatBreaksOffIsTheCallersFault(t *testing.T) {
	for _, path := range []string{lodging, lodging + "/form"} {
		kind := "application/json"
		if path != lodging {
			kind = "multipart/form-data; boundary=x"
		}
		conn := serve(t, open(t))
		io.WriteString(conn, "POST "+path+" HTTP/1.1\r\nHost: h\r\nContent-Type: "+kind+"\r\nContent-Length: 500\r\n\r\n--x\r\n{")
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		w.Code = response.StatusCode
		w.Header().Set("Content-Type", response.Header.Get("Content-Type"))
		io.Copy(w.Body, response.Body)
		if p := problem(t, w, http.StatusBadRequest); p.Code != "unreadable" {
			t.Errorf("%s: %+v", path, p)
		}
	}
}

func TestTheServerWaitsForNobodyWithoutEnd(t *testing.T) {
	s := api.NewServer(nil)
	if s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.WriteTimeout == 0 || s.IdleTimeout == 0 || s.MaxHeaderBytes == 0 {
		t.Errorf("%+v", s)
	}
}
