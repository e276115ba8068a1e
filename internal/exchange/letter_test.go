package exchange

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
)

const sample = "testdata/letters.json"

// expectation is what the sample file says of a letter and the mapping drops.
type expectation struct {
	ID     string `json:"id"`
	Ground string `json:"expected_ground"`
	Day0   string `json:"expected_day0"`
	Last   string `json:"expected_last_day"`
}

func sampleLetters(t *testing.T) ([]entry, []expectation) {
	t.Helper()
	entries, err := readFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Letters []expectation }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	return entries, file.Letters
}

func TestTheRulesFindOfEachLetterWhatAClerkWould(t *testing.T) {
	// A matter of no department of ours is in doubt; that it is a question for
	// information, or about another body, only a person sees.
	doubtful := map[string]complaint.Ground{"INFORMATION_REQUEST": complaint.FactsDateUnknown, "NOT_OUR_SERVICE": complaint.NotOurService}
	entries, expected := sampleLetters(t)
	for i, e := range entries {
		want := complaint.Ground(expected[i].Ground)
		if doubt, ok := doubtful[expected[i].Ground]; ok {
			want = doubt
		}
		finding := complaint.Assess(e.content)
		if finding.Ground != want {
			t.Errorf("%s: %s, want %s", expected[i].ID, finding.Ground, want)
		}
		if want == doubtful[expected[i].Ground] && finding.Judgement != complaint.FindDoubt {
			t.Errorf("%s: %s is no doubt", expected[i].ID, finding.Judgement)
		}
		if got := complaint.DayOf(e.content.ReceivedAt).String(); got != expected[i].Day0 {
			t.Errorf("%s: day 0 %s, want %s", expected[i].ID, got, expected[i].Day0)
		}
	}
}

func TestIDsTopicsAndExpectationsAreNotPosted(t *testing.T) {
	entries, expected := sampleLetters(t)
	for i, e := range entries {
		body, err := json.Marshal(e.content)
		if err != nil {
			t.Fatal(err)
		}
		for _, dropped := range []string{`"topic"`, `"id"`, `"secondary"`, "expected", "synthetic", expected[i].ID} {
			if bytes.Contains(body, []byte(dropped)) {
				t.Errorf("%s: %s is posted", expected[i].ID, dropped)
			}
		}
	}
}

func TestALetterIsMappedToTheContract(t *testing.T) {
	entries, _ := sampleLetters(t)
	s02, s06, s14, s16 := entries[1].content, entries[3].content, entries[8].content, entries[9].content

	if s02.Intake != complaint.Post || s02.ReplyBy != complaint.ByPost || s02.ContestedDecision.On != complaint.NewDay(2026, 1, 28) ||
		s02.ContestedDecision.Reference != "refusal hospitalisation insurance" || s02.Department != "HOSPITALISATIE" {
		t.Errorf("S02: %+v", s02)
	}
	if len(s02.Attachments) != 2 || s02.Attachments[0].Name != "brief_2026-01-28.pdf" || s02.Attachments[0].MediaType != "application/pdf" ||
		!bytes.HasPrefix(s02.Attachments[0].Content, []byte("%PDF-")) {
		t.Errorf("S02 attachments: %+v", s02.Attachments)
	}
	if (s06.Complainant != complaint.Complainant{}) || s06.ReplyBy != "" {
		t.Errorf("S06 is not anonymous: %+v", s06)
	}
	if len(s14.Initiatives) != 2 || s14.Initiatives[0] != (complaint.Initiative{On: complaint.NewDay(2026, 11, 12), How: "phone"}) {
		t.Errorf("S14: %+v", s14.Initiatives)
	}
	if r := s16.Representative; r.Mandate != complaint.MandateNone || r.Relation != "voisine" || r.Email == "" {
		t.Errorf("S16: %+v", r)
	}
	if entries[2].content.Intake != complaint.OfficeForm || entries[6].content.Intake != complaint.Email || entries[0].content.ReplyBy != complaint.ByEmail {
		t.Error("intake or way of reply")
	}
}

func TestAnAttachmentIsTheSameOnAnyDay(t *testing.T) {
	first, _ := sampleLetters(t)
	second, _ := sampleLetters(t)
	if !bytes.Equal(first[1].content.Attachments[0].Content, second[1].content.Attachments[0].Content) {
		t.Error("the same name made another document")
	}
}

// oneLetter maps a letter with some fields changed.
func oneLetter(t *testing.T, changes string) (complaint.Submission, error) {
	t.Helper()
	var l map[string]any
	plain := `{"id": "T", "channel": "letter", "language": "nl", "received": "2026-03-20T10:00:00+01:00", "text": "x",
		"complainant": {"type": "person", "name": "A", "street": "S 1", "postcode": "1000", "city": "Brussel"}}`
	for _, text := range []string{plain, changes} {
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
	}
	data, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	return fromLetter(data)
}

func TestPersonalDataIsTheClerksReadingElseTheTexts(t *testing.T) {
	for changes, want := range map[string]bool{
		`{"topic": "data_breach"}`:         true,
		`{"topic": "gdpr_access_request"}`: true,
		`{"topic": "late_reimbursement", "text": "en wie zag mijn persoonsgegevens?"}`: false,
		`{"topic": null, "text": "Wie zag mijn persoonsgegevens?"}`:                    true,
		`{"topic": null, "text": "Je demande l'accès à mes données personnelles."}`:    true,
		`{"topic": null, "text": "Ich bitte um Auskunft nach der DSGVO."}`:             true,
		`{"topic": null, "text": "There has been a data breach."}`:                     true,
		`{"topic": null, "text": "Graag mijn geld, na drie weken."}`:                   false,
	} {
		s, err := oneLetter(t, changes)
		if err != nil || s.ConcernsPrivacy != want {
			t.Errorf("%s: %v (%v)", changes, s.ConcernsPrivacy, err)
		}
	}
}

func TestAMandateIsTakenOverOnlyWhereTheLetterShowsIt(t *testing.T) {
	for mandate, want := range map[string]complaint.Mandate{
		`null`: complaint.MandateNone, `"none"`: complaint.MandateNone, `"he agrees"`: complaint.MandateNone,
		`"attached"`: complaint.MandateAttached, `"volmacht.pdf"`: complaint.MandateAttached, `"legal"`: complaint.MandateLegal,
	} {
		s, err := oneLetter(t, `{"attachments": ["volmacht.pdf"], "representative": {"name": "B", "mandate": `+mandate+`}}`)
		if err != nil || s.Representative.Mandate != want {
			t.Errorf("%s: %+v (%v)", mandate, s.Representative, err)
		}
	}
}

func TestAPhoneNoteAndAnOrganisationAreMapped(t *testing.T) {
	note, err := oneLetter(t, `{"channel": "phone"}`)
	if err != nil || note.Intake != complaint.PhoneNote {
		t.Errorf("%+v (%v)", note, err)
	}
	body, err := oneLetter(t, `{"complainant": {"type": "organisation", "name": "vzw", "contact_name": "C", "email": "o@example.org"}}`)
	if err != nil || body.Complainant.Type != "organisation" || body.Complainant.ContactName != "C" || body.ReplyBy != complaint.ByEmail {
		t.Errorf("%+v (%v)", body, err)
	}
}

func TestAFileWithAFaultIsRefusedByPlaceWithoutRepeatingIt(t *testing.T) {
	good := `{"intake": "web_form", "language": "nl", "text": "x"}`
	for content, want := range map[string]string{
		`[` + good + `, {"intake": "web_form", "emial": "SECRET"}]`:                        `submission 2: the contract knows no field "emial"`,
		`[` + good + `, {"text": 4711}]`:                                                   `submission 2: the field "text" is of another type`,
		`[` + good + `, {"facts_on": "4711-SECRET"}]`:                                      "submission 2: a value is not of the form",
		`[` + good + `, {"received_at": "SECRET"}]`:                                        "submission 2: a value is not of the form",
		`{"submissions": [` + good + `]} SECRET`:                                           "something follows",
		`{"submissions": [` + good + `], "SECRET": 1, `:                                    "not JSON",
		`{"letters": [{"channel": "fax", "text": "SECRET"}]}`:                              "submission 1: the channel is",
		`{"letters": [{"channel": "letter", "initiatives": ["SECRET"]}]}`:                  "submission 1: an initiative",
		`{"letters": [{"channel": "letter", "initiatives": ["2026-01-01"], "text": "x"}]}`: "submission 1: an initiative",
		`{"letters": [{"channel": "letter", "sender": "SECRET"}]}`:                         `submission 1: the contract knows no field "sender"`,
		`{"submissions": [` + good + `], "letters": [{}]}`:                                 "not both",
		`[]`: "no submissions",
		``:   "JSON",
	} {
		file := filepath.Join(t.TempDir(), "file.json")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readFile(file)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "4711") {
			t.Errorf("%s: %v", content, err)
		}
	}
}
