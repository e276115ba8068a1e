package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/staff"
)

// Staff finds whose token or session it is. It answers staff.ErrUnknownToken for
// a token that lets nobody in and staff.ErrNoSession for such a session; any
// other error means that it could not look.
type Staff interface {
	ByToken(ctx context.Context, token string) (staff.Account, error)
	BySession(ctx context.Context, session string) (staff.Visitor, error)
}

type actorKey struct{}

// caller is who asks, and by what.
type caller struct {
	casework.Actor
	session    string // what the cookie holds; empty without one, or with a token
	device     string // what the device's cookie holds
	mustChange bool   // the password was made by an admin and has not been changed
}

// actorOf is who asks; the public on routes that let everyone in.
func actorOf(ctx context.Context) casework.Actor {
	return callerOf(ctx).Actor
}

func callerOf(ctx context.Context) caller {
	who, _ := ctx.Value(actorKey{}).(caller)
	return who
}

// admit lets those in whom the table of routes names. A token that is no good
// is refused on public routes too: its bearer believes to be somebody. A session
// that has ended is nobody's: its browser only has an old cookie. Probes ask
// nothing of the register about their caller, so they answer while it is away.
func (c *counter) admit(to group) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		g := humagin.Unwrap(ctx)
		bePatient(g, ctx.Operation())
		if to.probes {
			next(ctx)
			return
		}
		who, refusal := c.identify(g)
		if refusal == nil && to.ownPages {
			refusal = c.sessions.crossing(g.Request)
		}
		if refusal == nil && who.Role == staff.Public {
			refusal = c.ration(to, who.Address)
		}
		switch {
		case refusal != nil:
		case who.mustChange && !to.unsettled:
			refusal = newProblem(http.StatusForbidden, "password_change_required", "Change the password that an admin made for you first.")
		case slices.Contains(to.who, who.Role):
			next(huma.WithValue(ctx, actorKey{}, who))
			return
		case who.Role == staff.Public:
			refusal = unauthorized("This needs a token or a session.")
		default:
			refusal = newProblem(http.StatusForbidden, "forbidden", "Your role may not do this.")
		}
		refusal.write(g)
	}
}

// ration refuses an address that asks too much at once without a token, and
// less so what writes.
func (c *counter) ration(to group, address string) *Problem {
	pause := c.limits.wait(address, c.Now())
	if pause <= 0 && to.lodging {
		pause = c.lodgings.wait(address, c.Now())
	}
	if pause <= 0 {
		return nil
	}
	return tooMany("Too many requests came from your address; wait a little.", pause)
}

// identify finds who sends a request. A token counts alone, whatever cookie
// comes with it.
func (c *counter) identify(g *gin.Context) (caller, *Problem) {
	who := caller{
		Actor:  casework.Actor{Role: staff.Public, Address: c.addressOf(g.Request)},
		device: cookieOf(g.Request, c.sessions.device),
	}
	header := g.GetHeader("Authorization")
	if header == "" {
		return c.bySession(g, who)
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return who, unauthorized("The Authorization header must be: Bearer and a token.")
	}
	if pause := c.wrongTokens.wait(who.Address, token, c.Now()); pause > 0 {
		return who, tooMany("Too many tokens from your address are not valid; wait a little.", pause)
	}
	account, err := c.Staff.ByToken(g.Request.Context(), token)
	switch {
	case errors.Is(err, staff.ErrUnknownToken):
		c.wrongTokens.wasWrong(c, who.Address)
		return who, unauthorized("The token is not valid.")
	case err != nil:
		c.note(g.Request.Context(), err)
		return who, unavailable()
	}
	c.wrongTokens.wasRight(token)
	who.is(account)
	return who, nil
}

// bySession finds who sends a request with a session's cookie. A browser sends
// the cookie whatever page asks it to, so what changes something must come from
// a page of ours.
func (c *counter) bySession(g *gin.Context, who caller) (caller, *Problem) {
	session := cookieOf(g.Request, c.sessions.session)
	if session == "" {
		return who, nil
	}
	if pause := c.wrongSessions.wait(who.Address, session, c.Now()); pause > 0 {
		return who, tooMany("Too many sessions from your address are not valid; wait a little.", pause)
	}
	visitor, err := c.Staff.BySession(g.Request.Context(), session)
	switch {
	case errors.Is(err, staff.ErrNoSession):
		c.wrongSessions.wasWrong(c, who.Address)
		return who, nil
	case err != nil:
		c.note(g.Request.Context(), err)
		return who, unavailable()
	}
	c.wrongSessions.wasRight(session)
	if refusal := c.sessions.crossing(g.Request); refusal != nil {
		return who, refusal
	}
	who.is(visitor.Account)
	who.session, who.mustChange = session, visitor.MustChange
	return who, nil
}

func (who *caller) is(account staff.Account) {
	who.Login, who.Name = account.Login, account.Name
	who.Role, who.Department = account.Role, account.Department
}

func unauthorized(detail string) *Problem {
	return newProblem(http.StatusUnauthorized, "unauthorized", detail).with("WWW-Authenticate", "Bearer")
}

func unavailable() *Problem {
	return newProblem(http.StatusServiceUnavailable, "unavailable", "The register cannot be reached just now.").with("Retry-After", "5")
}
