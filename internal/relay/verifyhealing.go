package relay

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/register"
)

// healing finds that a store lost time and the procedures are not brought up to
// the register yet.
func (v *verifier) healing(ctx context.Context) ([]Finding, error) {
	type open struct {
		Lost    register.Lost
		FoundAt time.Time `db:"found_at"`
		Asked   int
	}
	const query = `SELECT lost, found_at, asked FROM healings WHERE done_at IS NULL`
	return each(ctx, v, func(o open) Finding {
		toDo, carried := "see that the api, a worker and Temporal run.", ""
		if v.now.Sub(o.FoundAt) < grace {
			toDo = "look again in a few minutes, what is missing now may be on its way."
		}
		if o.Lost == register.LostRegister {
			carried = " Until then commands are kept and not carried to Temporal."
		}
		return Finding{Check: checkWorkflows, Text: fmt.Sprintf(
			"The %s lost time, which was found on %s; the procedures are being brought up to the register (%d so far): %s%s",
			o.Lost, clock(o.FoundAt), o.Asked, toDo, carried)}
	}, query)
}
