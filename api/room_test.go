package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ombudsdienst/api"
)

// sent is a submission with so many megabytes of attachment.
func sent(megabytes int) string {
	return `{"intake": "web_form", "language": "nl", "text": "a", "attachments": [{"name": "a.pdf", "content": "` +
		strings.Repeat("A", megabytes<<20) + `"}]}`
}

// lodgeFrom makes a request from an address, with a length or without.
func lodgeFrom(address, token string, length int, body io.Reader) *http.Request {
	r := newRequest("POST", lodging, body)
	r.RemoteAddr, r.ContentLength = address+":4711", int64(length)
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

// underWay is a body of which all but the end has arrived.
type underWay struct {
	content io.Reader
	arrived chan struct{} // closed when the rest is waited for
	let     chan struct{} // closed to let the end come
}

func (u *underWay) Read(p []byte) (int, error) {
	n, err := u.content.Read(p)
	if err == io.EOF {
		close(u.arrived)
		<-u.let
	}
	return n, err
}

// hold sends a large body but for its end. What it answers ends the body and
// gives its status.
func (c counter) hold(address string, megabytes int) (finish func() int) {
	body := sent(megabytes)
	u := &underWay{strings.NewReader(body), make(chan struct{}), make(chan struct{})}
	answered := make(chan *httptest.ResponseRecorder, 1)
	go func() { answered <- c.send(lodgeFrom(address, "", -1, u)) }()
	<-u.arrived
	return func() int {
		close(u.let)
		return (<-answered).Code
	}
}

func (c counter) lodgeLarge(address, token string, megabytes int, announced bool) *httptest.ResponseRecorder {
	body, length := sent(megabytes), -1
	if announced {
		length = len(body)
	}
	return c.send(lodgeFrom(address, token, length, strings.NewReader(body)))
}

func TestLargeBodiesShareABoundedRoom(t *testing.T) {
	c := open(t, func(config *api.Config) { config.LargeBodies = 10 << 20 })
	a, b, d := c.hold("192.0.2.1", 4), c.hold("192.0.2.2", 4), c.hold("192.0.2.3", 4) // each holds 3 MB and a little
	for _, announced := range []bool{true, false} {
		for _, token := range []string{"", "intake"} {
			w := c.lodgeLarge("192.0.2.4", token, 3, announced)
			if p := problem(t, w, http.StatusServiceUnavailable); p.Code != "no_room" || w.Header().Get("Retry-After") == "" {
				t.Errorf("%+v %v", p, w.Header())
			}
		}
	}
	form, kind := formOf(nil, document{"a.pdf", "application/pdf", strings.Repeat("A", 3<<20)})
	if p := problem(t, c.ask("POST", lodging+"/form", "", form, "Content-Type", kind), http.StatusServiceUnavailable); p.Code != "no_room" {
		t.Errorf("a form: %+v", p)
	}
	answer(t, c.ask("POST", lodging, "", bodies["POST "+lodging]), http.StatusCreated) // small ones need none
	if code := a(); code != http.StatusCreated {
		t.Errorf("one that had room: %d", code)
	}
	answer(t, c.lodgeLarge("192.0.2.4", "", 3, true), http.StatusCreated)
	b()
	d()
	for range 4 { // whatever was held or refused has been given back
		answer(t, c.lodgeLarge("192.0.2.4", "", 4, false), http.StatusCreated)
	}
}

func TestOneAddressLeavesRoomForOthers(t *testing.T) {
	c := open(t, func(config *api.Config) { config.LargeBodies = 10 << 20 })
	finish := c.hold("192.0.2.1", 4)
	defer finish()
	problem(t, c.lodgeLarge("192.0.2.1", "", 3, true), http.StatusServiceUnavailable)
	problem(t, c.lodgeLarge("192.0.2.1", "", 3, false), http.StatusServiceUnavailable)
	answer(t, c.lodgeLarge("192.0.2.2", "", 3, true), http.StatusCreated)
	answer(t, c.lodgeLarge("192.0.2.1", "intake", 3, true), http.StatusCreated)
}

func TestALargeBodyThatIsOnlyAnnouncedHoldsNoRoom(t *testing.T) {
	c := open(t, func(config *api.Config) { config.LargeBodies = 10 << 20 })
	u := &underWay{strings.NewReader("{"), make(chan struct{}), make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.send(lodgeFrom("192.0.2.1", "", 4<<20, u))
	}()
	<-u.arrived
	answer(t, c.lodgeLarge("192.0.2.1", "", 4, true), http.StatusCreated)
	close(u.let)
	<-done
}
