package casework_test

import (
	"strings"
	"sync"
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

func ptr[T any](value T) *T { return &value }

// correct corrects the version that stands in the register.
func (o *office) correct(number complaint.Number, c complaint.Correction) error {
	o.t.Helper()
	file, err := o.Submission(o.t.Context(), intake, number)
	must(o.t, err)
	_, err = o.Correct(o.t.Context(), intake, none, number, casework.Correction{
		Correction: c, Version: file.Submission.Version, Reasons: "Verkeerd overgetypt.",
	})
	return err
}

func TestACorrectionChangesWhatIsGivenAndNothingElse(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	must(t, o.correct(number, complaint.Correction{
		Complainant: &complaint.ComplainantCorrection{
			Name: ptr("Karel Verzonnenaar"), AddressCorrection: complaint.AddressCorrection{Street: ptr("Bedachtelaan 110")},
			NISS: ptr(register.MaskedNISS),
		},
		Language: ptr(complaint.Language("fr")),
	}))
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	want := letter()
	got := file.Submission.Complainant
	if got.Name != "Karel Verzonnenaar" || got.Street != "Bedachtelaan 110" || got.City != want.Complainant.City ||
		got.MemberNumber != want.Complainant.MemberNumber || got.NISS != register.MaskedNISS ||
		file.Submission.Language != "fr" || file.Submission.Text != want.Text || file.Submission.FactsOn != want.FactsOn {
		t.Errorf("the submission is %+v", file.Submission)
	}
	if file.Submission.Version != 1 || len(file.Corrections) != 1 || file.Corrections[0].By != "ines" || file.Corrections[0].Reasons == "" {
		t.Fatalf("version %d, corrections %+v", file.Submission.Version, file.Corrections)
	}
	before := map[string]any{}
	for _, c := range file.Corrections[0].Changes {
		before[c.Field] = c.Before
	}
	if len(before) != 3 || before["complainant.name"] != "Karel Verzonnen" || before["complainant.street"] != "Bedachtelaan 101" || before["language"] != "nl" {
		t.Errorf("it held before: %v", before)
	}
	if o.search("Verzonnenaar") != 1 || o.search("65.01.01-991.60") != 1 {
		t.Error("it is not found by the new name, or the masked number took the place of the real one")
	}
	var fields string
	must(t, o.db.Get(&fields, `SELECT array_to_string(fields, ' ') FROM audit WHERE action = 'submission_corrected'`))
	if fields != "language complainant.name complainant.street reasons" {
		t.Errorf("the audit names %q", fields)
	}
}

func (o *office) search(q string) int {
	o.t.Helper()
	f := register.ComplaintFilter{Q: q}
	if strings.Contains(q, "-991") {
		f = register.ComplaintFilter{NISS: q}
	}
	page, err := o.Search(o.t.Context(), intake, f)
	must(o.t, err)
	return len(page.Items)
}

func TestWhatCameInStaysReadableOverManyCorrections(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for _, topic := range []string{"eerste", "tweede", "derde"} {
		must(t, o.correct(number, complaint.Correction{Topic: &topic}))
	}
	file, err := o.Submission(t.Context(), intake, number)
	must(t, err)
	if len(file.Corrections) != 3 || len(file.AsReceived) != 1 {
		t.Fatalf("it shows %+v", file)
	}
	if c := file.AsReceived[0]; c.Field != "topic" || c.Before != letter().Topic || c.After != "derde" {
		t.Errorf("as received: %+v", c)
	}
}

func TestAMaskedValueNeverTakesThePlaceOfTheRealOne(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for _, masked := range []string{register.MaskedNISS, "***********", "65.01.01-***.**"} {
		must(t, o.correct(number, complaint.Correction{Complainant: &complaint.ComplainantCorrection{NISS: &masked}}))
	}
	if o.search("65.01.01-991.60") != 1 || count(t, o, `SELECT version FROM submissions WHERE number = $1`, number) != 0 {
		t.Error("a mask changed something")
	}
	err := o.correct(number, complaint.Correction{Complainant: &complaint.ComplainantCorrection{Phone: ptr("04** ** ** 12")}})
	wantField(t, err, "body.complainant.phone")
	err = o.correct(number, complaint.Correction{Complainant: &complaint.ComplainantCorrection{NISS: ptr("65.01.01-991.61")}})
	wantField(t, err, "body.complainant.niss")
}

func TestAnIdentificationNumberIsReplacedAndClearedAndNeverShown(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	must(t, o.correct(number, complaint.Correction{Complainant: &complaint.ComplainantCorrection{NISS: ptr("94.05.11-998.02")}}))
	if o.search("65.01.01-991.60") != 0 || count(t, o, `SELECT count(*) FROM corrections WHERE niss_before_sealed IS NOT NULL`) != 1 {
		t.Error("it is still found by the old number, or the old number is lost")
	}
	page, err := o.Search(t.Context(), officer, register.ComplaintFilter{NISS: "94051199802"})
	must(t, err)
	if len(page.Items) != 1 {
		t.Error("it is not found by the new number")
	}
	must(t, o.correct(number, complaint.Correction{Complainant: &complaint.ComplainantCorrection{NISS: ptr("")}}))
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if file.Submission.Complainant.NISS != "" || len(file.Corrections) != 2 {
		t.Errorf("the number is %q after %d corrections", file.Submission.Complainant.NISS, len(file.Corrections))
	}
	var kept string
	must(t, o.db.Get(&kept, `SELECT string_agg(changes::text, ' ') FROM corrections`))
	if contains(kept, "94.05.11", "94051199802", "65010199160", "65.01.01") {
		t.Errorf("a number can be read in the corrections: %s", kept)
	}
}

func TestWhatMustStandStays(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for field, c := range map[string]complaint.Correction{
		"body.complainant.name":  {Complainant: &complaint.ComplainantCorrection{Name: ptr("")}},
		"body.complainant.email": {Complainant: &complaint.ComplainantCorrection{AddressCorrection: complaint.AddressCorrection{City: ptr("")}}},
		"body.text":              {Text: ptr(" ")},
		"body.facts_on":          {FactsOn: ptr("2027-01-01")},
		"body.department":        {Department: ptr("ELDERS")},
		"body.representative":    {Representative: &complaint.RepresentativeCorrection{Name: ptr("Chantal")}},
		"body.reasons":           {},
	} {
		reasons := "Tikfout."
		if field == "body.reasons" {
			reasons = ""
		}
		_, err := o.Correct(t.Context(), intake, none, number, casework.Correction{Correction: c, Reasons: reasons})
		wantField(t, err, field)
	}
	for _, actor := range []casework.Actor{public, handler, supervisor, admin} {
		_, err := o.Correct(t.Context(), actor, none, number, casework.Correction{Reasons: "Tikfout."})
		wantCategory(t, err, complaint.Forbidden, "forbidden")
	}
}

func TestCorrectionsOfTwoPeopleDoNotLoseEachOther(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	var together sync.WaitGroup
	refused := make(chan error, 8)
	for i := range 8 {
		together.Go(func() {
			c := complaint.Correction{Topic: ptr(strings.Repeat("x", i+1))}
			if i%2 == 0 {
				c = complaint.Correction{Complainant: &complaint.ComplainantCorrection{Phone: ptr(strings.Repeat("1", i+1))}}
			}
			if _, err := o.Correct(t.Context(), intake, none, number, casework.Correction{Correction: c, Reasons: "Tegelijk."}); err != nil {
				refused <- err
			}
		})
	}
	together.Wait()
	close(refused)
	n := 0
	for err := range refused {
		n++
		wantCategory(t, err, complaint.NotAllowedNow, "corrected_meanwhile")
	}
	if kept := count(t, o, `SELECT count(*) FROM corrections`); kept != 1 || n != 7 {
		t.Errorf("%d corrections of one version were kept, %d refused", kept, n)
	}
}

func TestTheRulesJudgeAgainWhatWasCorrected(t *testing.T) {
	o := newOffice(t)
	anonymous := letter()
	anonymous.Complainant = complaint.Complainant{}
	number := o.entered(anonymous)
	must(t, o.correct(number, complaint.Correction{Complainant: &complaint.ComplainantCorrection{
		Name:              ptr("Karel Verzonnen"),
		AddressCorrection: complaint.AddressCorrection{Street: ptr("Bedachtelaan 101"), Postcode: ptr("1020"), City: ptr("Laken")},
	}}))
	var told complaint.SubmissionCorrected
	o.message(number, complaint.CorrectSubmission, &told)
	if !told.Admitted || told.Judgement != complaint.FindAdmissible || told.Acknowledgement == 0 {
		t.Errorf("the procedure hears %+v", told)
	}
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if file.Admissibility.Finding != complaint.FindAdmissible || !file.Acknowledgement.Owed {
		t.Errorf("finding %s, acknowledgement %+v", file.Admissibility.Finding, file.Acknowledgement)
	}

	old := o.entered(letter())
	must(t, o.correct(old, complaint.Correction{FactsOn: ptr("2024-11-03"), FactsUntil: ptr("")}))
	o.message(old, complaint.CorrectSubmission, &told)
	if told.Admitted || told.Ground != complaint.TooOldNoInitiative || told.RefuseBy.IsZero() {
		t.Errorf("of facts that are too old the procedure hears %+v", told)
	}
	must(t, o.correct(old, complaint.Correction{Initiatives: &[]complaint.Initiative{{On: complaint.DayOf(monday).AddDays(-30), How: "letter"}}}))
	o.message(old, complaint.CorrectSubmission, &told)
	if !told.Admitted {
		t.Errorf("with an initiative it hears %+v", told)
	}
	must(t, o.correct(old, complaint.Correction{Department: ptr("POST")}))
	told = complaint.SubmissionCorrected{}
	o.message(old, complaint.CorrectSubmission, &told)
	if told.Department != "POST" || told.Judgement != "" {
		t.Errorf("of another department it hears %+v", told)
	}
}

func TestACorrectionOutlivesAnEarlierReplyAndNotALaterOne(t *testing.T) {
	o := newOffice(t)
	doubtful := letter()
	doubtful.FactsOn, doubtful.ContestedDecision = complaint.Day{}, nil
	number := o.entered(doubtful)
	_, err := o.Reply(t.Context(), intake, none, number, casework.ComplainantReply{
		Reply: complaint.Reply{Kind: complaint.ReplyInformation, Text: "In 2024.", FactsOn: complaint.NewDay(2024, 3, 1)},
	})
	must(t, err)
	o.now = o.now.Add(3600e9)
	must(t, o.correct(number, complaint.Correction{FactsOn: ptr("2026-02-01")}))
	file, err := o.File(t.Context(), officer, number)
	must(t, err)
	if file.Admissibility.Finding != complaint.FindAdmissible {
		t.Errorf("the corrected day counts, and the rules find %s %s", file.Admissibility.Finding, file.Admissibility.Ground)
	}
}

func TestLettersThatLeaveLaterUseTheCorrectedValues(t *testing.T) {
	o := newOffice(t)
	number := o.entered(webForm())
	ack := o.letters(number)[complaint.LetterAcknowledgement]
	must(t, o.books.SaveRendered(t.Context(), ack.ID, complaint.RenderedLetter{Recipient: "karel@example.org", Subject: "x", Text: "x"}))
	must(t, o.correct(number, complaint.Correction{
		Complainant: &complaint.ComplainantCorrection{AddressCorrection: complaint.AddressCorrection{Email: ptr("k.verzonnen@example.org")}},
		Language:    ptr(complaint.Language("de")),
	}))
	file, err := o.books.LetterFile(t.Context(), ack.ID)
	must(t, err)
	if file.Rendered != nil || file.Language != "de" || file.Addressee().Email != "k.verzonnen@example.org" {
		t.Errorf("the letter is written from %+v", file)
	}
	must(t, o.correct(number, complaint.Correction{ReplyBy: ptr("post"), Complainant: &complaint.ComplainantCorrection{
		AddressCorrection: complaint.AddressCorrection{Street: ptr("Bedachtelaan 101"), City: ptr("Laken")},
	}}))
	if n := count(t, o, `SELECT count(*) FROM complaints WHERE reply_channel = 'post'`); n != 1 {
		t.Error("the way of reply does not follow")
	}
}

func TestNothingElseChangesWhatCameIn(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	for _, change := range []string{`name = 'X'`, `name = 'X', version = version + 1`, `text = 'X'`} {
		if _, err := o.db.Exec(`UPDATE submissions SET `+change+` WHERE number = $1`, number); err == nil {
			t.Errorf("%s went through without a correction", change)
		}
	}
	for _, change := range []string{`UPDATE submissions SET received_at = now()`, `UPDATE submissions SET receipt_hash = ''`, `DELETE FROM corrections`, `UPDATE corrections SET reasons = 'x'`} {
		if _, err := o.db.Exec(change); err == nil {
			t.Errorf("the application may do %s", change)
		}
	}
}

func TestAnIdentificationNumberStandsInNoAddress(t *testing.T) {
	o := newOffice(t)
	o.entered(letter())
	_, err := o.Complaints(t.Context(), officer, register.ComplaintFilter{Q: "65.01.01-991.60"})
	wantField(t, err, "query.q")
	_, err = o.Search(t.Context(), officer, register.ComplaintFilter{NISS: "65.01.01-991.61"})
	wantField(t, err, "body.niss")
	if o.search("Verzonnen") != 1 || o.search("65.01.01-991.60") != 1 {
		t.Error("the search by a body does not find it")
	}
	if n := count(t, o, `SELECT count(*) FROM audit WHERE action = 'look_search' AND fields = '{niss}' AND number IS NULL`); n != 1 {
		t.Errorf("%d rows of the audit say that somebody searched by the number", n)
	}
}
