package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/staff"
)

// Staff finds whose token it is. It answers staff.ErrUnknownToken for a token
// that lets nobody in; any other error means that it could not look.
type Staff interface {
	ByToken(ctx context.Context, token string) (staff.Account, error)
}

type actorKey struct{}

// actorOf is who asks; the public on routes that let everyone in.
func actorOf(ctx context.Context) casework.Actor {
	actor, _ := ctx.Value(actorKey{}).(casework.Actor)
	return actor
}

// admit lets those in whom the table of routes names. A token that is no good
// is refused on public routes too: its bearer believes to be somebody.
func (c *counter) admit(to group) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		g := humagin.Unwrap(ctx)
		actor, refusal := c.identify(g)
		if refusal == nil && actor.Role == staff.Public && !to.probes {
			refusal = c.ration(actor.Address)
		}
		switch {
		case refusal != nil:
		case slices.Contains(to.who, actor.Role):
			next(huma.WithValue(ctx, actorKey{}, actor))
			return
		case actor.Role == staff.Public:
			refusal = unauthorized("This needs a token.")
		default:
			refusal = newProblem(http.StatusForbidden, "forbidden", "Your role may not do this.")
		}
		refusal.write(g)
	}
}

// ration refuses an address that asks too much at once without a token.
func (c *counter) ration(address string) *Problem {
	pause := c.limits.wait(address, c.Now())
	if pause <= 0 {
		return nil
	}
	p := newProblem(http.StatusTooManyRequests, "too_many_requests", "Too many requests came from your address; wait a little.")
	return p.with("Retry-After", seconds(pause))
}

// identify finds who sends a request.
func (c *counter) identify(g *gin.Context) (casework.Actor, *Problem) {
	actor := casework.Actor{Role: staff.Public, Address: addressOf(g.Request)}
	header := g.GetHeader("Authorization")
	if header == "" {
		return actor, nil
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return actor, unauthorized("The Authorization header must be: Bearer and a token.")
	}
	account, err := c.Staff.ByToken(g.Request.Context(), token)
	switch {
	case errors.Is(err, staff.ErrUnknownToken):
		return actor, unauthorized("The token is not valid.")
	case err != nil:
		c.note(g.Request.Context(), err)
		return actor, unavailable()
	}
	actor.Login, actor.Name = account.Login, account.Name
	actor.Role, actor.Department = account.Role, account.Department
	return actor, nil
}

func unauthorized(detail string) *Problem {
	return newProblem(http.StatusUnauthorized, "unauthorized", detail).with("WWW-Authenticate", "Bearer")
}

func unavailable() *Problem {
	return newProblem(http.StatusServiceUnavailable, "unavailable", "The register cannot be reached just now.").with("Retry-After", "5")
}

// addressOf is the network address of the caller. What a forwarding header
// claims is not believed: anyone can write one.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
