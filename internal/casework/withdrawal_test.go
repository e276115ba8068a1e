package casework_test

import (
	"slices"
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

// putOff lets a letter wait for another day.
func (o *office) putOff(number complaint.Number, kind complaint.LetterKind) int64 {
	o.t.Helper()
	id := o.letters(number)[kind].ID
	_, err := o.db.Exec(`
		UPDATE letters SET state = 'held', held_until = $2, rendered_at = now(), recipient = '', subject = '', text = '', pdf = ''
		WHERE id = $1`, id, o.now.AddDate(0, 0, 1))
	must(o.t, err)
	return id
}

func TestWhatEndsACaseTellsItsProcedureOfAHeldRequestThatNoLongerLeaves(t *testing.T) {
	o := newOffice(t)
	var withdrawn complaint.Withdrawal
	var refused complaint.AdmissibilityDecided
	var referred complaint.PrivacyReferred
	for _, way := range []struct {
		kind    complaint.CommandKind
		end     func(complaint.Number) error
		message any
		dropped *[]int64
	}{
		{complaint.Withdraw, func(n complaint.Number) error {
			_, err := o.Withdraw(t.Context(), officer, none, n, casework.WithdrawalNote{Reasons: "Opgelost."})
			return err
		}, &withdrawn, &withdrawn.Dropped},
		{complaint.DecideAdmissibility, func(n complaint.Number) error {
			_, err := o.DecideAdmissibility(t.Context(), officer, none, n, refusal())
			return err
		}, &refused, &refused.Dropped},
		{complaint.ReferPrivacy, func(n complaint.Number) error {
			_, err := o.ReferPrivacy(t.Context(), officer, none, n, casework.PrivacyReferral{Reasons: "Inzage."})
			return err
		}, &referred, &referred.Dropped},
	} {
		number := o.entered(neighbour())
		id := o.putOff(number, complaint.LetterMissing)
		must(t, way.end(number))
		o.message(number, way.kind, way.message)
		if state := o.letters(number)[complaint.LetterMissing].State; state != complaint.LetterDropped || !slices.Equal(*way.dropped, []int64{id}) {
			t.Errorf("%s: letter %d is %s, the procedure is told %v", way.kind, id, state, *way.dropped)
		}
	}
}
