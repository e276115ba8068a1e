package relay

import (
	"slices"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/workflows"

	"github.com/jmoiron/sqlx"
	enumspb "go.temporal.io/api/enums/v1"
)

// refer opens the privacy file of the n-th case and answers with its start row.
func (w *world) refer(n int) (row int64) {
	w.Helper()
	number := complaint.NewNumber(2026, n)
	deadline := complaint.PrivacyDeadline(w.now(), false, complaint.NewCalendar())
	err := register.Tx(w.Context(), w.db, func(tx *sqlx.Tx) (err error) {
		err = w.store.OpenPrivacy(w.Context(), tx, register.PrivacyReferral{
			Number: number, Split: complaint.SplitUnconfirmed, NotifyBy: w.now(), Deadline: deadline,
		})
		if err != nil {
			return err
		}
		row, err = w.store.AppendFor(w.Context(), tx, complaint.CaseID{Number: number, File: complaint.PrivacyFile},
			complaint.CommandStart, complaint.PrivacyStart{Number: number, Moments: complaint.Moments{
				Version: 1, LastDay: deadline.LastDay, EndsAt: deadline.EndsAt}})
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return row
}

func TestAPrivacyFileStartsItsOwnProcedureBesideTheComplaints(t *testing.T) {
	w := newWorld(t)
	start := w.lodge(1) // not recorded: the complaint's own order waits
	privacy := w.refer(1)
	w.mustRound()
	sent := w.temporal.sentRows()
	slices.Sort(sent) // neither waits for the other
	if !slices.Equal(sent, []int64{start, privacy}) {
		t.Fatalf("rows that left: %v", sent)
	}
	got := w.temporal.sent[slices.IndexFunc(w.temporal.sent, func(d delivery) bool { return d.Row == privacy })]
	message, ok := got.Input.(complaint.Message[complaint.PrivacyStart])
	if !ok || message.Seq != 1 || got.Workflow != "privacy-2026-000001" || got.Type != workflows.PrivacyProcedureName {
		t.Errorf("start of %v as %s with %+v", got.Type, got.Workflow, got.Input)
	}
	waiting, _ := got.Start.TypedSearchAttributes.GetKeyword(workflows.AttributeWaitingFor)
	if waiting != string(complaint.WaitDPO) {
		t.Errorf("it waits for %q", waiting)
	}
}

func TestAnOpenPrivacyFileNeedsItsRunningWorkflow(t *testing.T) {
	w := newWorld(t)
	number := w.sound(1)
	row := w.refer(1)
	_, err := w.store.Enter(w.Context(), complaint.Entry{Number: number, File: complaint.PrivacyFile, Row: row, RunID: "run",
		Position: complaint.Position{Revision: 1, Stage: complaint.Investigating, WaitingFor: complaint.WaitDPO}})
	if err != nil {
		t.Fatal(err)
	}
	w.wantFinding("workflows", number, "privacy file", "no procedure")
	w.temporal.statuses["privacy-2026-000001"] = enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING
	if findings := w.verify(false); len(findings) > 0 {
		t.Errorf("findings %v where all is well", findings)
	}
	w.pass(40 * 24 * time.Hour)
	w.wantFinding("deadlines", number, "has not marked it overdue")
}

func TestASignalToAPrivacyFileThatHasEndedIsRecordedByItsOwnState(t *testing.T) {
	w := newWorld(t)
	w.sound(1)
	w.closeCase(1) // the complaint is closed, the privacy file is not
	w.refer(1)
	row := register.OutboxRow{Workflow: "privacy-2026-000001", Number: complaint.NewNumber(2026, 1)}
	if closed, err := w.store.RecordAfterClosing(w.Context(), row); closed || err != nil {
		t.Errorf("it counts as closed: %v %v", closed, err)
	}
}
