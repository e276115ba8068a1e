package casework_test

import (
	"slices"
	"strings"
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

var auditor = casework.Actor{Login: "arno", Role: staff.Auditor, Address: "192.0.2.10"}

// TestEveryLookIsInTheAuditWithTheNamesOfFieldsOnly: lists say what they were
// filtered by, by name.
func TestEveryLookIsInTheAuditWithTheNamesOfFieldsOnly(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	number := o.entered(letter())
	asked, err := o.Ask(ctx, officer, none, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom?"})
	must(t, err)
	letters := o.letters(number)
	looks := map[string]func() error{
		"look_complaints q": func() error {
			_, err := o.Complaints(ctx, officer, register.ComplaintFilter{Q: "Verzonnen"})
			return err
		},
		"look_file ": func() error { _, err := o.File(ctx, officer, number); return err },
		"look_consultations open": func() error {
			_, err := o.Consultations(ctx, officer, register.ConsultationFilter{Open: true})
			return err
		},
		"look_consultation ": func() error { _, err := o.Consultation(ctx, handler, asked.ID); return err },
		"look_letters number": func() error {
			_, err := o.Letters(ctx, intake, register.LetterFilter{Number: number})
			return err
		},
		"look_letter ": func() error { _, err := o.Letter(ctx, intake, letters[complaint.LetterAcknowledgement].ID); return err },
		"look_blocked": func() error { _, err := o.Blocked(ctx, officer, register.Paging{}); return err },
		"look_privacy_files overdue": func() error {
			_, err := o.PrivacyFiles(ctx, dpo, register.PrivacyFilter{Overdue: true})
			return err
		},
		"look_absences":     func() error { _, err := o.Absences(ctx, officer, "olga"); return err },
		"look_audit number": func() error { _, err := o.AuditTrail(ctx, auditor, register.AuditFilter{Number: number}); return err },
		"look_integrity":    func() error { _, err := o.CheckHistory(ctx, auditor, ""); return err },
	}
	for look, do := range looks {
		before := count(t, o, `SELECT coalesce(max(id), 0) FROM audit`)
		must(t, do())
		action, _, _ := strings.Cut(look, " ")
		n := count(t, o, `SELECT count(*) FROM audit WHERE id > $1 AND action = $2 AND actor <> '' AND role <> '' AND address <> ''`, before, action)
		if n != 1 {
			t.Errorf("%s left %d lines in the audit", action, n)
		}
	}
	page, err := o.AuditTrail(ctx, auditor, register.AuditFilter{Actor: "olga", Action: "look_complaints"})
	must(t, err)
	if len(page.Items) != 1 || !slices.Equal(page.Items[0].Fields, []string{"q"}) || page.Items[0].Place == 0 {
		t.Errorf("the search is in the audit as %+v", page.Items)
	}
	if found, err := o.CheckHistory(ctx, auditor, ""); err != nil || !found.Sound {
		t.Errorf("the history is not sound: %+v, %v", found, err)
	}
	for _, actor := range []casework.Actor{public, intake, handler, officer, supervisor, dpo, admin} {
		_, err := o.AuditTrail(ctx, actor, register.AuditFilter{})
		wantCategory(t, err, complaint.Forbidden, "forbidden")
		_, err = o.CheckHistory(ctx, actor, "")
		wantCategory(t, err, complaint.Forbidden, "forbidden")
	}
}

func TestTheAuditIsReadByFileByPersonAndInPages(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for range 3 {
		_, err := o.File(t.Context(), supervisor, number)
		must(t, err)
	}
	first, err := o.AuditTrail(t.Context(), auditor, register.AuditFilter{Number: number, Paging: register.Paging{Limit: 2}})
	must(t, err)
	if len(first.Items) != 2 || first.NextCursor == nil {
		t.Fatalf("the first page: %+v", first)
	}
	rest, err := o.AuditTrail(t.Context(), auditor, register.AuditFilter{Number: number, Paging: register.Paging{Cursor: *first.NextCursor}})
	must(t, err)
	if len(rest.Items) != 2 || rest.Items[1].Action != "received" || rest.Items[0].ID >= first.Items[1].ID {
		t.Errorf("the rest: %+v", rest.Items)
	}
	none, err := o.AuditTrail(t.Context(), auditor, register.AuditFilter{To: complaint.DayOf(monday).AddDays(-1)})
	must(t, err)
	if len(none.Items) != 0 {
		t.Errorf("before the first day: %+v", none.Items)
	}
}
