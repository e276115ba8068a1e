package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"

	"github.com/jmoiron/sqlx"
)

// filesOf tells of which files an actor sees findings: the DPO of the privacy
// files, the auditor, who sees no content, of both, others of complaints.
func filesOf(actor Actor) []complaint.FileKind {
	switch actor.Role {
	case staff.DPO:
		return []complaint.FileKind{complaint.PrivacyFile}
	case staff.Auditor:
		return []complaint.FileKind{complaint.ComplaintFile, complaint.PrivacyFile}
	default:
		return []complaint.FileKind{complaint.ComplaintFile}
	}
}

// Findings lists what verification found wrong, with what it means and what to do
// in the reader's language.
func (d *Desk) Findings(ctx context.Context, actor Actor, f register.FindingFilter, in complaint.Language) (register.FindingPage, error) {
	if err := actor.must(staff.Ombuds, staff.Supervisor, staff.DPO, staff.Auditor); err != nil {
		return register.FindingPage{}, err
	}
	f.Files = filesOf(actor)
	page, err := d.store.Findings(ctx, f)
	if err != nil {
		return register.FindingPage{}, err
	}
	for i := range page.Items {
		explain(&page.Items[i], in)
	}
	return page, d.seen(ctx, actor, "findings", "", f.Named()...)
}

// SettleFinding notes that the actor knows of a finding and why it stays: it no
// longer shows, and `verify` no longer counts it.
func (d *Desk) SettleFinding(ctx context.Context, actor Actor, once Once, id int64, reasons string, in complaint.Language) (register.FindingRow, error) {
	if err := actor.must(staff.Ombuds, staff.Supervisor, staff.DPO); err != nil {
		return register.FindingRow{}, err
	}
	check := d.checker()
	check.required("reasons", reasons, 2000)
	if err := check.result(); err != nil {
		return register.FindingRow{}, err
	}
	return exactlyOnce(ctx, d, once.key(false), func(tx *sqlx.Tx) (register.FindingRow, error) {
		row, err := d.store.SettleFinding(ctx, tx, id, filesOf(actor), actor.Login, reasons)
		if err != nil {
			return row, err
		}
		explain(&row, in)
		var number complaint.Number
		if row.Number != nil {
			number = *row.Number
		}
		return row, d.store.AddAudit(ctx, tx, register.Audit{
			Actor: actor.name(), Role: actor.role(), Action: "finding_settled", Number: number,
			Address: actor.Address, Fields: []string{"finding", "reasons"},
		})
	})
}

// AskVerification asks for a run of verification; it begins within moments.
func (d *Desk) AskVerification(ctx context.Context, actor Actor, once Once) (register.Verification, error) {
	if err := actor.must(staff.Supervisor, staff.Auditor); err != nil {
		return register.Verification{}, err
	}
	return exactlyOnce(ctx, d, once.key(false), func(tx *sqlx.Tx) (register.Verification, error) {
		v, err := d.store.AskVerification(ctx, tx, actor.Login)
		if err != nil {
			return v, err
		}
		return v, d.store.AddAudit(ctx, tx, register.Audit{
			Actor: actor.name(), Role: actor.role(), Action: "verification_asked", Address: actor.Address,
		})
	})
}

// Verification tells how a run of verification stands.
func (d *Desk) Verification(ctx context.Context, actor Actor, id int64) (register.Verification, error) {
	if err := actor.must(staff.Supervisor, staff.Auditor); err != nil {
		return register.Verification{}, err
	}
	v, err := d.store.Verification(ctx, id, filesOf(actor))
	if err != nil {
		return register.Verification{}, err
	}
	return v, d.seen(ctx, actor, "verification", "")
}

// AstrayDeadlines lists the open cases whose last day does not follow from their
// events. A new calendar moves no last day, so nothing but a mistake does.
func (d *Desk) AstrayDeadlines(ctx context.Context) ([]complaint.Number, error) {
	var astray []complaint.Number
	var last complaint.Number
	for {
		terms, err := d.store.OpenTerms(ctx, last, calendarBatch)
		if err != nil || len(terms) == 0 {
			return astray, err
		}
		for _, t := range terms {
			last = t.Number
			is := complaint.DeriveDeadline(d.Organisation.Terms.AnswerTerm(), t.Events, d.Calendar)
			if !is.LastDay.IsZero() && is.LastDay != t.Deadline.LastDay {
				astray = append(astray, t.Number)
			}
		}
	}
}
