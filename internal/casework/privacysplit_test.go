package casework_test

import (
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

var mixed = casework.PrivacyReferral{Reasons: "Ook een klacht over de terugbetaling.", Mixed: true}

func (o *office) split(actor casework.Actor, number complaint.Number, r casework.PrivacyReferral) error {
	if actor.Role == dpo.Role {
		_, err := o.SplitPrivacy(o.t.Context(), actor, none, number, r)
		return err
	}
	_, err := o.ReferPrivacy(o.t.Context(), actor, none, number, r)
	return err
}

func TestUntilTheSplitIsConfirmedTheComplaintIsOpenOnItsOwnClockAndNothingIsDecided(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	_, err := o.DecideAdmissibility(t.Context(), officer, none, number, casework.AdmissibilityDecision{Decision: complaint.FindAdmissible, Reasons: "x"})
	wantCategory(t, err, complaint.NotAllowedNow, "split_unconfirmed")
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	wantCategory(t, err, complaint.NotAllowedNow, "not_admissible")
	o.now = o.now.AddDate(0, 0, 46)
	late, err := o.books.RecordWatch(t.Context(), complaint.WatchEvent{Number: number, Kind: complaint.WatchOverdue, Version: 1})
	must(t, err)
	if len(late.Letters) == 0 || !o.listed(number).Overdue {
		t.Error("it is not overdue")
	}
	_, err = o.Withdraw(t.Context(), officer, none, number, casework.WithdrawalNote{Reasons: "Opgelost."})
	must(t, err)
	o.closeCase(number, complaint.Withdrawn)
	must(t, o.split(dpo, number, mixed)) // what ended in another way stays as it is
	if file := o.file(number); file.Stage != complaint.Closed || *file.Result != complaint.Withdrawn {
		t.Errorf("the split moved it to %s", file.Stage)
	}
}

func TestConfirmedAsPureTheComplaintEndsAsReferred(t *testing.T) {
	for _, who := range []casework.Actor{dpo, officer} {
		o := newOffice(t)
		number := o.entered(leak())
		must(t, o.split(who, number, pure))
		var told complaint.PrivacyReferred
		o.message(number, complaint.ReferPrivacy, &told)
		if told.Mixed || told.Unconfirmed || len(told.Letters) != 1 || told.Letters[0] != o.letters(number)[complaint.LetterPrivacySplit].ID {
			t.Errorf("the procedure hears %+v", told)
		}
		_, err := o.Withdraw(t.Context(), officer, none, number, casework.WithdrawalNote{Reasons: "Opgelost."})
		wantCategory(t, err, complaint.NotAllowedNow, "referred_privacy")
		wantCategory(t, o.split(who, number, pure), complaint.NotAllowedNow, "already_referred")
	}
}

func TestConfirmedAsMixedTheRulesJudgeTheRestUnderItsOwnDay0(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	before := o.file(number)
	must(t, o.split(dpo, number, mixed))
	var told complaint.PrivacyReferred
	o.message(number, complaint.ReferPrivacy, &told)
	if !told.Mixed || told.Found == nil || !told.Found.Admitted || told.Found.Ground != complaint.GroundAdmissible {
		t.Errorf("the procedure hears %+v", told)
	}
	after := o.file(number)
	if after.Deadline.Day0 != before.Deadline.Day0 || after.Deadline.Version != 1 || after.Admissibility.Finding != complaint.FindAdmissible {
		t.Errorf("it goes on as %+v", after.Admissibility)
	}
	_, err := o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)

	unmandated := leak()
	unmandated.Representative = neighbour().Representative
	number = o.entered(unmandated)
	must(t, o.split(officer, number, mixed))
	o.message(number, complaint.ReferPrivacy, &told)
	if told.Found.Asked == nil || told.Found.Asked.Reason != complaint.MandateMissing || o.file(number).Pending == nil {
		t.Errorf("the mandate is not asked for: %+v", told.Found)
	}
	_, err = o.reply(number, casework.ComplainantReply{Reply: complaint.Reply{Kind: complaint.ReplyMandate}, Attachments: signed})
	must(t, err)
	if found := o.file(number).Admissibility.Finding; found != complaint.FindAdmissible {
		t.Errorf("with the mandate the rules find %s", found)
	}
}

func TestWronglyClosedAsPureTheComplaintGoesOnUnderItsOriginalDay0(t *testing.T) {
	for _, who := range []casework.Actor{dpo, officer} {
		o := newOffice(t)
		number := o.entered(leak())
		before := o.file(number)
		must(t, o.split(officer, number, pure))
		o.closeCase(number, complaint.ReferredPrivacy)
		o.now = o.now.AddDate(0, 0, 60)
		must(t, o.split(who, number, mixed))
		var start complaint.Start
		o.message(number, complaint.GoOn, &start)
		if !start.GoesOn || start.Term != 1 || start.Stage != complaint.Investigating || start.Referred != nil ||
			start.Moments.LastDay != before.LastDay || len(start.Letters) != 1 {
			t.Errorf("it goes on with %+v", start)
		}
		o.goOn(number, "run-2")
		file := o.file(number)
		if !file.Overdue || len(file.Terms) != 0 || len(file.Continuations) != 1 || file.Continuations[0].Cause != register.SplitCorrected ||
			file.Continuations[0].DecidedAt == nil {
			t.Errorf("the file: %+v", file.Continuations)
		}
		if file.Submission.Text != leak().Text {
			t.Error("its content is still concealed")
		}
		for _, words := range []string{"Verzonnen", "supplementen"} {
			page, err := o.Complaints(t.Context(), officer, register.ComplaintFilter{Q: words})
			must(t, err)
			if len(page.Items) != 1 {
				t.Errorf("a search for %q does not find it again", words)
			}
		}
		written, err := o.books.LetterFile(t.Context(), start.Letters[0])
		must(t, err)
		if !written.Privacy.SplitCorrected {
			t.Error("the letter does not say that it corrects")
		}
		if splits := o.privacyFile(number).Splits; len(splits) != 2 || splits[1].By != who.Login || splits[1].Reasons != mixed.Reasons {
			t.Errorf("the DPO's file tells %+v", splits)
		}
		_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
		must(t, err)
	}
}

func TestALetterOfAWrongSplitThatLiesPrintedLeavesThePrintFolder(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	must(t, o.split(dpo, number, pure))
	o.closeCase(number, complaint.ReferredPrivacy)
	id := o.letters(number)[complaint.LetterPrivacySplit].ID
	_, err := o.db.Exec(`
		UPDATE letters SET state = 'printed', printed_at = $2, settled_reason = NULL, stray = true, rendered_at = $2,
			recipient = '', subject = '', text = '', pdf = ''
		WHERE id = $1`, id, o.now) // it came back after the closing
	must(t, err)
	must(t, o.split(dpo, number, mixed))
	var start complaint.Start
	o.message(number, complaint.GoOn, &start)
	if len(start.Dropped) != 1 || start.Dropped[0] != id {
		t.Errorf("the run that goes on hears %+v", start)
	}
}

func TestAPhoneNoteWronglyReferredIsAskedForInWriting(t *testing.T) {
	o := newOffice(t)
	spoken := phoneNote()
	spoken.ConcernsPrivacy = true
	number := o.entered(spoken)
	must(t, o.split(dpo, number, pure))
	o.closeCase(number, complaint.ReferredPrivacy)
	must(t, o.split(dpo, number, mixed))
	var start complaint.Start
	o.message(number, complaint.GoOn, &start)
	if start.Asked == nil || start.Asked.Reason != complaint.NotInWriting || start.WaitingFor != complaint.WaitComplainant || !start.Moments.EndsAt.IsZero() {
		t.Errorf("it goes on with %+v", start)
	}
}

func TestAPureSplitIsTakenBackWhileTheComplaintIsEnding(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	must(t, o.split(officer, number, pure))
	ending := o.letters(number)[complaint.LetterPrivacySplit].ID
	must(t, o.split(officer, number, mixed))
	var told complaint.PrivacyReferred
	o.message(number, complaint.ReferPrivacy, &told)
	if len(told.Dropped) != 1 || told.Dropped[0] != ending || len(told.Letters) != 1 || told.Found == nil {
		t.Errorf("the procedure hears %+v", told)
	}
	must(t, o.split(officer, number, pure)) // and back: nothing has been answered yet
	o.closeCase(number, complaint.ReferredPrivacy)
}

func TestWhatTheDPOHasTakenOnlyTheDPOGivesBack(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	must(t, o.split(dpo, number, pure))
	wantCategory(t, o.split(officer, number, mixed), complaint.NotAllowedNow, "dpo_decides")
	if text := o.file(number).Submission.Text; text != "" {
		t.Error("an officer reads what is the DPO's")
	}
	must(t, o.split(dpo, number, mixed))

	number = o.entered(leak())
	must(t, o.split(officer, number, pure))
	_, err := o.AnswerPrivacy(t.Context(), dpo, none, number, casework.PrivacyAnswer{Answer: "Hier."})
	must(t, err)
	wantCategory(t, o.split(officer, number, mixed), complaint.NotAllowedNow, "dpo_decides")
	must(t, o.split(dpo, number, mixed)) // the DPO sees that a part is a complaint
}

func TestAnsweredPartsAreNotTakenIntoTheDPOsFile(t *testing.T) {
	o := newOffice(t)
	number := o.entered(leak())
	must(t, o.split(dpo, number, mixed))
	_, err := o.AnswerPrivacy(t.Context(), dpo, none, number, casework.PrivacyAnswer{Answer: "Hier."})
	must(t, err)
	wantCategory(t, o.split(dpo, number, pure), complaint.NotAllowedNow, "privacy_answered")

	number = o.entered(leak())
	must(t, o.split(dpo, number, mixed))
	_, err = o.DecideOutcome(t.Context(), officer, none, number, founded())
	must(t, err)
	wantCategory(t, o.split(dpo, number, pure), complaint.NotAllowedNow, "outcome_given")
}

func TestTheStatusOfAReferredComplaintIsThatOfTheDPOsFile(t *testing.T) {
	o := newOffice(t)
	receipt := o.lodge(intake, leak())
	o.enter(receipt.Number)
	o.enterPrivacy(receipt.Number)
	seen := func() casework.Status {
		s, err := o.Status(t.Context(), public, receipt.ReceiptCode)
		must(t, err)
		return s
	}
	dposLast := complaint.NewDay(2026, 3, 27)
	if s := seen(); s.AnsweredBy != "ombuds" || s.Stage != complaint.Assessing || s.LastDay != receipt.LastDay ||
		s.Privacy == nil || s.Privacy.LastDay != dposLast || s.Privacy.Split != complaint.SplitUnconfirmed {
		t.Errorf("before the split is confirmed: %+v %+v", s, s.Privacy)
	}
	must(t, o.split(dpo, receipt.Number, pure))
	o.closeCase(receipt.Number, complaint.ReferredPrivacy)
	if s := seen(); s.AnsweredBy != "dpo" || s.Stage != complaint.Investigating || s.LastDay != dposLast ||
		!s.ClosedOn.IsZero() || s.NextStep != "investigate" || *s.Result != complaint.ReferredPrivacy {
		t.Errorf("referred: %+v", s)
	}
	must(t, o.split(dpo, receipt.Number, mixed))
	if s := seen(); s.AnsweredBy != "ombuds" || s.LastDay != receipt.LastDay || s.Result != nil || s.Privacy.LastDay != dposLast {
		t.Errorf("mixed after all: %+v", s)
	}
}
