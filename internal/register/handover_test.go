package register_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

func TestHandOverThatWasNotAppliedKeepsNothingOpen(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	from, _, _ := b.asked(l.Number)
	told := complaint.QuestionHandedOver{From: from}
	b.tx(func(tx *sqlx.Tx) (err error) {
		must(t, b.EndHandedOver(t.Context(), tx, from))
		told.Consultation, err = b.AddConsultation(t.Context(), tx, complaint.Consultation{
			Number: l.Number, Department: "POST", Question: "Waarom?", DueOn: complaint.DayOf(monday).AddDays(15),
			AskedAt: b.now, AskedBy: "olga", HandedOverFrom: from, HandOverReasons: "Niet van ons.",
		})
		must(t, err)
		told.Letter, err = b.OweLetter(t.Context(), tx, register.OwedLetter{
			Number: l.Number, Kind: complaint.LetterConsultation, Version: told.Consultation, Department: "POST",
		})
		must(t, err)
		released, err := b.OweLetter(t.Context(), tx, register.OwedLetter{
			Number: l.Number, Kind: complaint.LetterNoLongerNeeded, Version: from, Department: "ONTHAAL",
		})
		told.Letters = []int64{released}
		return err
	})
	row := b.command(l.Number, complaint.HandOverQuestion, told)
	must(t, b.Record(t.Context(), complaint.Recording{Number: l.Number, Row: row, Effect: complaint.NotApplied, Position: at(2, complaint.Investigating)}))
	for _, letter := range []int64{told.Letter, told.Letters[0]} {
		if state := b.state(letter); state != complaint.LetterDropped {
			t.Errorf("letter %d is %s", letter, state)
		}
	}
	shown := b.file(l.Number).Consultations
	if shown[0].State != complaint.ConsultationHandedOver || shown[0].HandedOverTo != shown[1].ID || shown[1].State != complaint.ConsultationEnded {
		t.Errorf("the consultations are %+v", shown)
	}
}

func TestLettersAboutTheServiceAndAboutNeedlessAnswersHaveTheirMatter(t *testing.T) {
	b := newBooks(t)
	l := b.entered()
	asked, _, _ := b.asked(l.Number)
	kinds := map[complaint.LetterKind]func(complaint.LetterFile) bool{
		complaint.LetterNoLongerNeeded:  func(f complaint.LetterFile) bool { return f.Consultation != nil && f.Consultation.ID == asked },
		complaint.LetterServiceHandOver: func(f complaint.LetterFile) bool { return f.ServiceFirst != nil && f.ServiceFirst.Department == "POST" },
		complaint.LetterServiceFirst:    func(f complaint.LetterFile) bool { return f.ServiceFirst != nil && f.ServiceFirst.Reasons != "" },
	}
	b.tx(func(tx *sqlx.Tx) error {
		return b.AddServiceFirst(t.Context(), tx, l.Number, complaint.ServiceFirst{
			Department: "POST", ReturnOn: complaint.DayOf(monday).AddDays(9), Reasons: "Nog niet gevraagd.", HandedBy: "olga", HandedAt: b.now,
		})
	})
	for kind, hasIt := range kinds {
		owed := register.OwedLetter{Number: l.Number, Kind: kind, Version: asked, Department: "POST"}
		if !kind.ToDepartment() {
			owed.Department, owed.Channel, owed.Language = "", complaint.ByEmail, "nl"
		}
		var letter int64
		b.tx(func(tx *sqlx.Tx) (err error) {
			letter, err = b.OweLetter(t.Context(), tx, owed)
			return err
		})
		file, err := b.LetterFile(t.Context(), letter)
		must(t, err)
		if !hasIt(file) {
			t.Errorf("a letter %s lacks its matter", kind)
		}
	}
}
