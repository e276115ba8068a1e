package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// Bounce says that a letter which was sent by e-mail came back, as a report in the
// mailbox tells (RFC 3464), with what it says in a person's words.
type Bounce struct {
	Reasons string
}

// BounceLetter notes that a letter came back: it is owed again, once, and falls
// back to post or waits for a person. A case that has closed stays closed; the
// letter is printed and followed all the same.
func (d *Desk) BounceLetter(ctx context.Context, actor Actor, once Once, letter int64, b Bounce) (Standing, error) {
	if err := actor.must(staff.Intake, staff.Ombuds, staff.DPO); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("reasons", b.Reasons, 2000)
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return exactlyOnce(ctx, d, once.key(false), func(tx *sqlx.Tx) (Standing, error) {
		l, err := register.LockLetter(ctx, tx, letter)
		if err != nil {
			return Standing{}, err
		}
		c, err := register.LockCase(ctx, tx, l.Number)
		if err != nil {
			return Standing{}, err
		}
		a := &act{Desk: d, tx: tx, actor: actor, c: c}
		return a.standing(), a.bounce(ctx, l, b)
	})
}

func (a *act) bounce(ctx context.Context, l register.LetterCase, b Bounce) error {
	if ofDPO := l.Kind.File() == complaint.PrivacyFile; ofDPO != (a.actor.Role == staff.DPO) {
		return complaint.Missing("letter") // that it exists is not for everybody to know
	}
	if l.State != complaint.LetterSent || l.Channel != complaint.ByEmail {
		return complaint.Conflict("letter_not_sent",
			"Letter %d cannot have come back: it is %s, by %s.", l.ID, l.State, l.Channel)
	}
	department, _ := a.Organisation.Department(l.Department)
	state, err := a.store.LetterBounced(ctx, a.tx, l, department.Address != nil, a.actor.Login, b.Reasons)
	if err != nil {
		return err
	}
	err = a.note(ctx, "letter_bounced", register.Details{"letter": l.ID, "kind": l.Kind, "to": state}, "state", "channel", "reasons")
	if err != nil {
		return err
	}
	return a.store.HandBack(ctx, a.tx, l, state)
}
