package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
)

func TestLodgingAnswersWithNumberCodeAndLastDay(t *testing.T) {
	w := open(t).ask("POST", lodging, "", bodies["POST "+lodging])
	body := answer(t, w, http.StatusCreated)
	want := map[string]any{
		"number": "2026-000123", "receipt_code": "SECRETCODE", "received_at": "2026-03-02T12:00:00+01:00",
		"last_day": "2026-04-16", "status_url": "https://klacht.example/api/v1/status/SECRETCODE",
		"possible_duplicates": []any{},
	}
	if !reflect.DeepEqual(body, want) {
		t.Errorf("%v", body)
	}
	if at := w.Header().Get("Location"); at != "/api/v1/complaints/2026-000123" {
		t.Errorf("Location %q", at)
	}
}

func TestAPhoneNoteHasNoLastDayYet(t *testing.T) {
	w := open(t).ask("POST", lodging, "intake", `{"intake": "phone_note", "language": "nl", "text": "Belde."}`)
	if day, told := answer(t, w, http.StatusCreated)["last_day"]; !told || day != nil {
		t.Errorf("last_day %v", day)
	}
}

func TestEveryFieldOfASubmissionArrives(t *testing.T) {
	c := open(t)
	answer(t, c.ask("POST", lodging, "intake", whole), http.StatusCreated)
	var want complaint.Submission
	if err := json.Unmarshal([]byte(whole), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(c.desk.got, want) {
		t.Errorf("got  %+v\nwant %+v", c.desk.got, want)
	}
	if c.desk.actor.Login != "intake" || c.desk.actor.Address != "192.0.2.1" {
		t.Errorf("lodged by %+v", c.desk.actor)
	}
}

func TestNullIsTheSameAsLeftOut(t *testing.T) {
	c := open(t)
	answer(t, c.ask("POST", lodging, "", `{"intake": "web_form", "language": "nl", "text": "Te laat.", "received_at": null,
		"complainant": {"type": null, "name": null, "contact_name": null, "salutation": null, "street": null, "postcode": null,
			"city": null, "country": null, "email": null, "phone": null, "is_member": null, "member_number": null, "niss": null},
		"representative": null, "facts_on": null, "initiatives": null, "prior_contact": null, "contested_decision": null,
		"department": null, "topic": null, "concerns_privacy": null, "reply_by": null, "attachments": null}`), http.StatusCreated)
	want := complaint.Submission{Intake: complaint.WebForm, Language: "nl", Text: "Te laat."}
	if !reflect.DeepEqual(c.desk.got, want) {
		t.Errorf("%+v", c.desk.got)
	}
}

func TestAFormSaysTheSameAsTheJSON(t *testing.T) {
	c := open(t)
	form, kind := formOf(map[string][]string{
		"intake": {"post"}, "language": {"fr"}, "received_at": {"2026-02-27T10:30:00+01:00"},
		"complainant.type": {"person"}, "complainant.name": {"Jean Exemple"}, "complainant.contact_name": {""},
		"complainant.salutation": {"Monsieur"}, "complainant.street": {"rue de l'Exemple 1"}, "complainant.postcode": {"1000"},
		"complainant.city": {"Bruxelles"}, "complainant.country": {"BE"}, "complainant.email": {"jean@exemple.example"},
		"complainant.phone": {"02 000 00 00"}, "complainant.is_member": {"on"}, "complainant.member_number": {"123"},
		"complainant.niss": {"85073003328"}, "representative.name": {"Anne Exemple"}, "representative.mandate": {"attached"},
		"representative.email": {"anne@exemple.example"}, "facts_on": {"2026-02-01"},
		"initiatives.on": {"2026-02-05", "2026-02-09"}, "initiatives.how": {"phone", "email"},
		"prior_contact.on": {"2026-02-05"}, "prior_contact.how": {"phone"}, "prior_contact.result": {"rien"},
		"contested_decision.on": {"2026-02-02"}, "contested_decision.reference": {"A-1"},
		"department": {"HOSPITALISATIE"}, "topic": {"Remboursement"}, "text": {"Trop tard."}, "reply_by": {"email"},
	}, document{"lettre.pdf", "application/pdf", "%PDF-"})
	answer(t, c.ask("POST", lodging+"/form", "intake", form, "Content-Type", kind), http.StatusCreated)
	var want complaint.Submission
	if err := json.Unmarshal([]byte(whole), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(c.desk.got, want) {
		t.Errorf("got  %+v\nwant %+v", c.desk.got, want)
	}
}

func TestAFormIsCheckedLikeTheJSON(t *testing.T) {
	least := func(name string, values ...string) map[string][]string {
		fields := map[string][]string{"intake": {"web_form"}, "language": {"nl"}, "text": {"Te laat."}}
		fields[name] = values
		return fields
	}
	c := open(t)
	for location, fields := range map[string]map[string][]string{
		"body.intake":           least("intake", "Voorbeeldmans"),
		"body":                  least("text", ""),
		"body.facts_on":         least("facts_on", "Voorbeeldmans"),
		"body.complainant":      least("complainant.nickname", "Voorbeeldmans"),
		"body.topic":            least("topic", "Voorbeeldmans", "Voorbeeldmans"),
		"body.concerns_privacy": least("concerns_privacy", "Voorbeeldmans"),
		"body.initiatives[0]":   least("initiatives.how", "Voorbeeldmans"),
		"body.complainant.name": least("complainant.name", "Voorbeeldmans\x00"),
	} {
		form, kind := formOf(fields)
		w := c.ask("POST", lodging+"/form", "", form, "Content-Type", kind)
		if strings.Contains(w.Body.String(), "Voorbeeldmans") {
			t.Errorf("%s is repeated: %s", location, w.Body)
		}
		if p := problem(t, w, http.StatusUnprocessableEntity); p.Errors[0].Location != location {
			t.Errorf("%+v, want %s", p.Errors, location)
		}
	}
	form, kind := formOf(least("topic", "a"), document{"leeg.pdf", "application/pdf", ""})
	problem(t, c.ask("POST", lodging+"/form", "", form, "Content-Type", kind), http.StatusUnprocessableEntity)
	problem(t, c.ask("POST", lodging+"/form", "", "--x\r\nnonsense", "Content-Type", "multipart/form-data; boundary=x"), http.StatusUnprocessableEntity)
	problem(t, c.ask("POST", lodging+"/form", "", "x", "Content-Type", "multipart/form-data"), http.StatusUnprocessableEntity)
}

func TestTextThatIsNoUnicodeIsRefusedAndNotMended(t *testing.T) {
	c := open(t)
	for _, text := range []string{"\xff\xfe", "a\xc3", `\ud800`, `\uDFFF`, `\ud83d\ud83d\ude00`, `\ud83dx`, `\ud83d\n\ude00`, `\ude00\ud83d`, `\\\ud800`} {
		for _, body := range []string{
			`{"intake": "web_form", "language": "nl", "text": "` + text + `"}`,
			`{"intake": "web_form", "language": "nl", "text": "a", "` + text + `": "b"}`,
		} {
			if p := problem(t, c.ask("POST", lodging, "", body), http.StatusBadRequest); p.Code != "not_json" {
				t.Errorf("%q: code %s", body, p.Code)
			}
		}
	}
	least := map[string][]string{"intake": {"web_form"}, "language": {"nl"}, "text": {"Te laat."}}
	for name, bad := range map[string]map[string][]string{
		"a value": {"complainant.city": {"\xff\xfe"}}, "a repeated value": {"initiatives.how": {"phone", "\xc3"}}, "a name": {"\xff": {"a"}},
	} {
		maps.Copy(bad, least)
		form, kind := formOf(bad)
		if p := problem(t, c.ask("POST", lodging+"/form", "", form, "Content-Type", kind), http.StatusBadRequest); p.Code != "not_utf8" {
			t.Errorf("%s: code %s", name, p.Code)
		}
	}
	form, kind := formOf(least, document{"lettre.pdf", "application/pdf", "%PDF-"})
	form = strings.Replace(form, "lettre", "l\xe9ttre", 1)
	problem(t, c.ask("POST", lodging+"/form", "", form, "Content-Type", kind), http.StatusBadRequest)
}

func TestEveryCharacterArrivesAsItWasSent(t *testing.T) {
	c := open(t)
	for sent, want := range map[string]string{
		"\ufffd": "\ufffd", `\ufffd`: "\ufffd", `\ud83d\ude00`: "😀", "😀": "😀", `\\ud800`: `\ud800`, `\\\u00e9`: `\é`, `\"\u0041`: `"A`,
	} {
		answer(t, c.ask("POST", lodging, "", `{"intake": "web_form", "language": "nl", "text": "`+sent+`"}`), http.StatusCreated)
		if got := c.desk.got.(complaint.Submission).Text; got != want {
			t.Errorf("%s arrives as %q", sent, got)
		}
	}
	form, kind := formOf(map[string][]string{"intake": {"web_form"}, "language": {"nl"}, "text": {"\ufffd"}})
	answer(t, c.ask("POST", lodging+"/form", "", form, "Content-Type", kind), http.StatusCreated)
	if got := c.desk.got.(complaint.Submission).Text; got != "\ufffd" {
		t.Errorf("in a form it arrives as %q", got)
	}
}

func TestAnIdempotencyKeyStandsForCallerRoutePathAndBody(t *testing.T) {
	c := open(t)
	ask := func(path, token, body string) {
		t.Helper()
		if w := c.ask("POST", path, token, body, "Idempotency-Key", "k1"); w.Code >= 300 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	ask(lodging, "", whole)
	first := c.desk.once
	if first.Caller != "public" || first.Key != "k1" || first.Route != "POST /api/v1/submissions" || len(first.BodyHash) != 32 {
		t.Fatalf("%+v", first)
	}
	ask(lodging, "", whole)
	if !reflect.DeepEqual(c.desk.once, first) {
		t.Error("the same request twice is not the same")
	}
	ask(lodging, "", bodies["POST "+lodging])
	if string(c.desk.once.BodyHash) == string(first.BodyHash) {
		t.Error("another body is the same")
	}
	ask("/api/v1/complaints/2026-000001/withdrawal", "ombuds", `{"reasons": "a"}`)
	one := c.desk.once
	ask("/api/v1/complaints/2026-000002/withdrawal", "ombuds", `{"reasons": "a"}`)
	if two := c.desk.once; two.Route != one.Route || two.Caller != "ombuds" || string(two.BodyHash) == string(one.BodyHash) {
		t.Error("another complaint is the same")
	}
	if answer(t, c.ask("POST", lodging, "", whole), http.StatusCreated); c.desk.once.Key != "" || c.desk.once.BodyHash != nil {
		t.Errorf("without a key there is %+v", c.desk.once)
	}
}

func TestABrowsersSecondSendingOfAFormIsTheSame(t *testing.T) {
	c := open(t)
	var hashes []string
	for range 2 {
		form, kind := formOf(map[string][]string{"intake": {"web_form"}, "language": {"nl"}, "text": {"Te laat."}},
			document{"a.pdf", "application/pdf", "%PDF-"})
		answer(t, c.ask("POST", lodging+"/form", "", form, "Content-Type", kind, "Idempotency-Key", "k1"), http.StatusCreated)
		hashes = append(hashes, string(c.desk.once.BodyHash))
	}
	if hashes[0] != hashes[1] || len(hashes[0]) != 32 {
		t.Error("only the boundary differs, and it counts as another body")
	}
}

func TestAttachmentsOf25MegabytesFit(t *testing.T) {
	c := open(t)
	chunk := strings.Repeat("A", 4*(8<<20)/3/4*4)
	one := `{"name": "a.pdf", "media_type": "application/pdf", "content": "` + chunk + `"}`
	body := `{"intake": "web_form", "language": "nl", "text": "a", "attachments": [` + one + "," + one + "," + one + `]}`
	answer(t, c.ask("POST", lodging, "", body), http.StatusCreated)
	if got := c.desk.got.(complaint.Submission).Attachments; len(got) != 3 || len(got[2].Content) != len(chunk)/4*3 {
		t.Error("they do not arrive whole")
	}
}
