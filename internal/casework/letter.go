package casework

import (
	"context"
	"slices"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// Posting says on which day a printed letter went to the post.
type Posting struct {
	PostedOn complaint.Day
}

// DispatchLetter notes that the mail room posted a printed letter, also one that
// was not to leave any more and was posted all the same. Of letters of privacy
// files only who posts them hears, and only of those that lie printed.
func (d *Desk) DispatchLetter(ctx context.Context, actor Actor, once Once, letter int64, p Posting) (Standing, error) {
	if err := actor.must(staff.Intake, staff.Ombuds); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	if p.PostedOn.IsZero() {
		check.wrong("posted_on", "is required")
	}
	check.past("posted_on", p.PostedOn)
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return settle(ctx, d, actor, once, letter, func(_ *act, l register.LetterCase) (register.Settlement, error) {
		printed := l.State == complaint.LetterPrinted || l.State == complaint.LetterDropped && l.PrintedAt != nil
		if l.Kind.File() == complaint.PrivacyFile && !(printed && actor.Role == staff.Intake) {
			return register.Settlement{}, complaint.Missing("letter") // that it exists is not for everybody to know
		}
		if !printed {
			return register.Settlement{}, complaint.Conflict("letter_not_printed",
				"Letter %d is not waiting to be posted: it is %s.", letter, l.State)
		}
		if p.PostedOn.Before(complaint.DayOf(*l.PrintedAt)) {
			check.wrong("posted_on", "is before the day on which the letter was printed")
			return register.Settlement{}, check.result()
		}
		return register.Settlement{
			State: complaint.LetterPosted, Channel: l.Channel, PostedOn: p.PostedOn, LeftAt: d.postedAt(p.PostedOn),
		}, nil
	})
}

// postedAt is a moment on the day of posting, of which only the day is known:
// noon, or now when noon has not come yet.
func (d *Desk) postedAt(day complaint.Day) time.Time {
	if noon := day.At(12, 0); noon.Before(d.Now()) {
		return noon
	}
	return d.Now()
}

// LetterResolution settles a letter of which it is not known whether it left, that
// could not leave, or that waits for another day: left, send_again, print or drop,
// with the reasons.
type LetterResolution struct {
	Resolution string
	Reasons    string
}

// resolutions are the states that a person's word brings a letter to.
var resolutions = map[string]complaint.LetterState{
	"left": complaint.LetterSent, "send_again": complaint.LetterRendered,
	"print": complaint.LetterRendered, "drop": complaint.LetterDropped,
}

// ResolveLetter settles a letter that waits for a person: the DPO those of
// privacy files, an ombuds officer all others.
func (d *Desk) ResolveLetter(ctx context.Context, actor Actor, once Once, letter int64, r LetterResolution) (Standing, error) {
	if err := actor.must(staff.Ombuds, staff.DPO); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("reasons", r.Reasons, 2000)
	if resolutions[r.Resolution] == "" {
		check.wrong("resolution", "is not one of left, send_again, print, drop")
	}
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	return settle(ctx, d, actor, once, letter, func(a *act, l register.LetterCase) (register.Settlement, error) {
		if ofDPO := l.Kind.File() == complaint.PrivacyFile; ofDPO != (actor.Role == staff.DPO) {
			return register.Settlement{}, complaint.Missing("letter") // that it exists is not for everybody to know
		}
		if err := a.independent(ctx); err != nil {
			return register.Settlement{}, err
		}
		return r.settles(l, a.c.Voided && l.Kind.EndsWithVoiding(), d.Now())
	})
}

// settles tells what a resolution makes of a letter, or why it does not fit. One
// that is over because the entry was an error leaves no more.
func (r LetterResolution) settles(l register.LetterCase, over bool, now time.Time) (register.Settlement, error) {
	s := register.Settlement{State: resolutions[r.Resolution], Channel: l.Channel, Reasons: r.Reasons}
	switch {
	case !slices.Contains([]complaint.LetterState{complaint.LetterInDoubt, complaint.LetterFailed, complaint.LetterHeld}, l.State):
		return s, complaint.Conflict("letter_not_in_doubt", "Letter %d needs no settling: it is %s.", l.ID, l.State)
	case over && s.State == complaint.LetterRendered:
		return s, complaint.Conflict("voided",
			"Complaint %s was entered in error and has been voided: say whether letter %d left, or drop it.", l.Number, l.ID)
	case r.Resolution == "left" && l.State == complaint.LetterHeld:
		return s, complaint.Conflict("letter_not_tried", "Letter %d waits and has not been tried, so it cannot have left.", l.ID)
	case r.Resolution == "left" && !l.Written:
		return s, complaint.Conflict("letter_not_written", "Letter %d could not be written, so it cannot have left.", l.ID)
	case r.Resolution == "left" && l.Bounced:
		return s, complaint.Conflict("letter_came_back", "Letter %d came back, so it has not reached anybody.", l.ID)
	case r.Resolution == "print" && !l.Postal:
		return s, complaint.Conflict("no_postal_address", "Letter %d cannot be posted: no postal address is known.", l.ID)
	case r.Resolution == "left":
		s.LeftAt = now
	case r.Resolution == "print":
		s.Channel = complaint.ByPost
	}
	return s, nil
}

// settle changes a letter under its complaint's lock and tells the procedure.
func settle(ctx context.Context, d *Desk, actor Actor, once Once, letter int64, decide func(*act, register.LetterCase) (register.Settlement, error)) (Standing, error) {
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
		to, err := decide(a, l)
		if err != nil {
			return Standing{}, err
		}
		to.By = actor.Login
		if err := d.store.SettleLetter(ctx, tx, l, to); err != nil {
			return Standing{}, err
		}
		back := false
		if to.State == complaint.LetterPosted {
			if back, err = d.store.TakeOverdueBack(ctx, tx, c, l, to.PostedOn); err != nil {
				return Standing{}, err
			}
		}
		err = a.note(ctx, "letter_settled", register.Details{
			"letter": letter, "kind": l.Kind, "from": l.State, "to": to.State, "channel": to.Channel, "posted_on": to.PostedOn,
		}, "state", "channel", "posted_on", "reasons")
		if err != nil {
			return a.standing(), err
		}
		settled := complaint.LetterSettled{Letter: letter, State: to.State, InTime: back}
		if settled.Letters, err = a.afterAll(ctx, l); err != nil {
			return a.standing(), err
		}
		return a.standing(), a.tellSettled(ctx, l, settled)
	})
}

// afterAll owes what follows when a letter was posted all the same that was not to
// leave any more: the complainant has to hear that the entry was an error, or that
// a refusal no longer holds. Of a refusal that was taken back and whose case has
// closed meanwhile they have heard how.
func (a *act) afterAll(ctx context.Context, l register.LetterCase) ([]int64, error) {
	closed := a.c.Stage == complaint.Closed
	kind, version := complaint.LetterReversal, l.Version
	switch {
	case l.State != complaint.LetterDropped:
		return nil, nil
	case a.c.Voided && l.Kind.ToComplainant():
		kind, version = complaint.LetterVoided, int64(max(1, a.c.Term))
	case l.Kind != complaint.LetterInadmissible || closed:
		return nil, nil
	}
	told, err := register.IsOwed(ctx, a.tx, a.c.Number, kind, version)
	if err != nil || told {
		return nil, err
	}
	owed, err := a.store.OweComplainant(ctx, a.tx, a.c, kind, version)
	if err == nil && closed {
		err = a.store.GiveToWorker(ctx, a.tx, owed)
	}
	return owed, err
}

// tellSettled tells the procedure that answers for the letter, while it runs. What
// has to leave once more leaves without it otherwise.
func (a *act) tellSettled(ctx context.Context, l register.LetterCase, settled complaint.LetterSettled) error {
	if !settled.State.HasLeft() {
		return a.store.HandBack(ctx, a.tx, l, settled.State)
	}
	if l.Kind.File() == complaint.ComplaintFile {
		if a.c.Stage == complaint.Closed {
			return nil
		}
		return a.tell(ctx, complaint.SettleLetter, settled)
	}
	privacy, err := a.store.PrivacyCase(ctx, a.tx, a.c.Number)
	if err != nil || privacy == nil || privacy.Stage == complaint.Closed {
		return err
	}
	return a.tellDPO(ctx, complaint.SettleLetter, settled)
}
