package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/staff"
)

// sessions reads and writes the cookies of browsers.
type sessions struct {
	session, device string // names of the cookies
	secure          bool   // people reach us under https
	origins         *http.CrossOriginProtection
}

// newSessions makes the cookies for an address. Under https their names begin
// with __Host-: such a cookie is set by this host alone, and sent to no other.
func newSessions(publicURL string) *sessions {
	s := &sessions{session: "session", device: "device", origins: http.NewCrossOriginProtection()}
	address, err := url.Parse(publicURL)
	if err != nil {
		return s
	}
	if address.Scheme == "https" {
		s.session, s.device, s.secure = "__Host-session", "__Host-device", true
	}
	// Behind a proxy that changes the Host header, the own origin is another one.
	if err := s.origins.AddTrustedOrigin(address.Scheme + "://" + address.Host); err != nil {
		panic(err) // the address was read, so these parts of it are an origin
	}
	return s
}

// cookieOf is what a cookie holds; empty without it, and for what is none of ours.
func cookieOf(r *http.Request, name string) string {
	cookie, err := r.Cookie(name)
	if err != nil || len(cookie.Value) > 100 {
		return ""
	}
	return cookie.Value
}

// crossing refuses a request that changes something and that a page elsewhere
// made the browser send: browsers say so with Sec-Fetch-Site, older ones with
// Origin. A request with neither comes from no browser.
func (s *sessions) crossing(r *http.Request) *Problem {
	if s.origins.Check(r) == nil {
		return nil
	}
	return newProblem(http.StatusForbidden, "cross_origin", "This was sent by a page of another site.")
}

// cookie holds a session: until the browser is closed, never for scripts, and
// not when another site sends something.
func (s *sessions) cookie(session string) http.Cookie {
	return http.Cookie{
		Name: s.session, Value: session, Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	}
}

// deviceCookie lets the browser be known again; it lets nobody in.
func (s *sessions) deviceCookie(device string) http.Cookie {
	c := s.cookie(device)
	c.Name, c.MaxAge, c.SameSite = s.device, int(staff.DeviceLife.Seconds()), http.SameSiteStrictMode
	return c
}

func (s *sessions) noCookie() http.Cookie {
	c := s.cookie("")
	c.MaxAge = -1
	return c
}

type password struct {
	Login    string `json:"login" maxLength:"200"`
	Password string `json:"password" maxLength:"200"`
}

type logInInput struct{ Body password }

// logIn begins a session. The cookie is a new one, whatever came with the
// request: nobody can make somebody else use a session of their choice.
func (c *counter) logIn(ctx context.Context, in *logInInput) (*enteredOutput, error) {
	entered, err := c.Entrance.LogIn(ctx, actorOf(ctx), casework.Password{
		Login: in.Body.Login, Password: in.Body.Password, Device: callerOf(ctx).device,
	})
	if errors.Is(err, casework.ErrWrongPassword) {
		c.figures.wrong.WithLabelValues("password").Inc()
		return nil, newProblem(http.StatusUnauthorized, "wrong_password", "Login and password do not belong together.").
			with("WWW-Authenticate", "Bearer")
	}
	if err != nil {
		return nil, err
	}
	c.wrongSessions.wasRight(entered.Session)
	return &enteredOutput{
		Cookies: []http.Cookie{c.sessions.cookie(entered.Session), c.sessions.deviceCookie(entered.Device)},
		Body:    meOf(entered.Account, entered.MustChange),
	}, nil
}

type logOutInput struct {
	Everywhere bool `query:"everywhere" doc:"every session of the person"`
}

type logOutOutput struct {
	Cookies []http.Cookie `header:"Set-Cookie"`
}

// logOut ends a session. Without one there is nothing to do, which is no
// failure; a token is not a session and goes on.
func (c *counter) logOut(ctx context.Context, in *logOutInput) (*logOutOutput, error) {
	who := callerOf(ctx)
	if who.session != "" || in.Everywhere {
		if err := c.Entrance.LogOut(ctx, who.Actor, who.session, in.Everywhere); err != nil {
			return nil, err
		}
	}
	return &logOutOutput{[]http.Cookie{c.sessions.noCookie()}}, nil
}
