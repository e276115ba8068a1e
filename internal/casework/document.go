package casework

import (
	"context"
	"strings"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// Addition is what is sent in after the complaint: words, documents or both.
type Addition struct {
	Text        string
	Attachments []complaint.Attachment
}

func (d *Desk) checkAddition(a Addition) error {
	check := d.checker()
	check.text("text", a.Text, 50_000)
	if strings.TrimSpace(a.Text) == "" && len(a.Attachments) == 0 {
		check.wrong("text", "is required when no document is attached")
	}
	if err := check.attachments(a.Attachments); err != nil {
		return err
	}
	return check.result()
}

// SendDocuments lets a complainant add to an open complaint with the receipt
// code; whoever has the code may. Whom the case waits for does not change.
func (d *Desk) SendDocuments(ctx context.Context, actor Actor, once Once, receiptCode string, added Addition) (Status, error) {
	if err := actor.must(staff.Public, staff.Intake, staff.Ombuds, staff.DPO); err != nil {
		return Status{}, err
	}
	if err := d.checkAddition(added); err != nil {
		return Status{}, err
	}
	p, err := d.store.Progress(ctx, readReceiptCode(receiptCode))
	if err != nil {
		return Status{}, err
	}
	_, err = exactlyOnce(ctx, d, once.key(false), func(tx *sqlx.Tx) (Standing, error) {
		c, err := register.LockCase(ctx, tx, p.Number)
		if err != nil {
			return Standing{}, err
		}
		if c.Stage == complaint.Closed {
			return Standing{}, d.closedTo(c, p.Unmandated)
		}
		a := &act{Desk: d, tx: tx, actor: actor, c: c}
		return a.standing(), a.add(ctx, added)
	})
	if err != nil {
		return Status{}, err
	}
	return d.Status(ctx, actor, receiptCode)
}

// closedTo tells a complainant whose case is closed what to do instead. A
// representative without a mandate does not hear how it ended.
func (d *Desk) closedTo(c register.Case, unmandated bool) error {
	if c.Result == complaint.ReferredPrivacy && !unmandated {
		return complaint.Conflict("closed", "The data protection officer answers complaint %s: write to %s and name the number.",
			c.Number, d.Organisation.DPOMail)
	}
	return complaint.Conflict("closed", "Complaint %s is closed. To come back on it, call %s or write to the service and name the number; about something new, lodge a new complaint.",
		c.Number, d.Organisation.Reach.Telephone)
}

// AddDocuments keeps what reached staff by another way. What comes after the
// closing is kept in the file as late; the case stays closed.
func (d *Desk) AddDocuments(ctx context.Context, actor Actor, once Once, number complaint.Number, added Addition) (Standing, error) {
	if err := actor.must(staff.Intake, staff.Ombuds); err != nil {
		return Standing{}, err
	}
	if err := d.checkAddition(added); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		return a.standing(), a.add(ctx, added)
	})
}

func (a *act) add(ctx context.Context, added Addition) error {
	late := a.c.Stage == complaint.Closed
	id, err := a.store.AddDocument(ctx, a.tx, a.c.Number,
		register.Document{Text: added.Text, AddedBy: a.actor.Login, Late: late}, added.Attachments)
	if err != nil {
		return err
	}
	return a.note(ctx, "document_added",
		register.Details{"document": id, "attachments": len(added.Attachments), "late": late}, "text", "attachments")
}
