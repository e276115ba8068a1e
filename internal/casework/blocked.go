package casework

import (
	"cmp"
	"context"
	"slices"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// Blocked lists the workflows that the relay gave up and that wait for a person:
// for the DPO those of privacy files, for others those of complaints.
func (d *Desk) Blocked(ctx context.Context, actor Actor, p register.Paging) (register.BlockedPage, error) {
	if err := actor.must(staff.Ombuds, staff.Supervisor, staff.DPO); err != nil {
		return register.BlockedPage{}, err
	}
	page, err := d.store.Blocked(ctx, settles(actor), p)
	if err != nil {
		return register.BlockedPage{}, err
	}
	return page, d.seen(ctx, actor, "blocked", "")
}

// settles tells which kind of file an actor may settle.
func settles(actor Actor) complaint.FileKind {
	if actor.Role == staff.DPO {
		return complaint.PrivacyFile
	}
	return complaint.ComplaintFile
}

// BlockedSettlement settles a blocked workflow: retry brings the command to the
// procedure anew, record_not_applied lets the procedure pass it over.
type BlockedSettlement struct {
	Resolution string
	Reasons    string
}

const (
	settleRetry      = "retry"
	settleNotApplied = "record_not_applied"
)

// spared are the commands without which a case still comes to its end: the
// officer may decide without a department's answer. The register holds all
// others as given, so a procedure that passed one over would wait for it for good.
var spared = []complaint.CommandKind{complaint.AskDepartment, complaint.ReceiveAnswer}

// SettleBlocked lets a blocked workflow go on. A procedure that took the command
// after all records it as it did, whatever was settled meanwhile.
func (d *Desk) SettleBlocked(ctx context.Context, actor Actor, once Once, workflow string, b BlockedSettlement) (Standing, error) {
	if err := actor.must(staff.Ombuds, staff.Supervisor, staff.DPO); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("reasons", b.Reasons, 2000)
	if !slices.Contains([]string{settleRetry, settleNotApplied}, b.Resolution) {
		check.wrong("resolution", "is not one of %s, %s", settleRetry, settleNotApplied)
	}
	if err := check.result(); err != nil {
		return Standing{}, err
	}
	of, known := complaint.CaseOf(workflow)
	if !known || of.File != settles(actor) {
		return Standing{}, complaint.Missing("workflow")
	}
	standing, err := command(ctx, d, actor, once, of.Number, func(a *act) (Standing, error) {
		if of.File == complaint.PrivacyFile {
			if file, err := d.store.PrivacyCase(ctx, a.tx, of.Number); err != nil || file == nil {
				return Standing{}, cmp.Or(err, complaint.Missing("workflow"))
			}
		}
		if b.Resolution == settleNotApplied {
			if err := a.independent(ctx); err != nil {
				return Standing{}, err
			}
		}
		return a.standing(), a.settleBlocked(ctx, of, b)
	})
	if complaint.CategoryOf(err) == complaint.NotFound {
		err = complaint.Missing("workflow") // which complaints there are is not for the DPO to know
	}
	return standing, err
}

func (a *act) settleBlocked(ctx context.Context, of complaint.CaseID, b BlockedSettlement) error {
	row, blocked, err := register.LockBlocked(ctx, a.tx, of)
	switch {
	case err != nil:
		return err
	case !blocked:
		return complaint.Conflict("not_blocked", "The workflow %s is not blocked.", of.WorkflowID())
	case b.Resolution == settleNotApplied && !slices.Contains(spared, row.Command):
		return complaint.Conflict("cannot_be_passed_over",
			"Only a question to a department or its answer can be passed over: without %s the case could not come to its end. "+
				"It can be tried again, once the program is mended.", row.Command)
	}
	err = a.store.SettleBlocked(ctx, a.tx, row, register.BlockSettlement{
		By: a.actor.Login, Reasons: b.Reasons, PassOver: b.Resolution == settleNotApplied,
	})
	if err != nil {
		return err
	}
	kind := "block_settled"
	if of.File == complaint.PrivacyFile {
		kind = "privacy_" + kind
	}
	return a.note(ctx, kind, register.Details{
		"command": row.Command, "seq": row.Seq, "resolution": b.Resolution,
	}, "resolution", "reasons")
}
