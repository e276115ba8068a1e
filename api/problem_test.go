package api_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ombudsdienst/api"
	"ombudsdienst/internal/complaint"
)

const lodging = "/api/v1/submissions"

func TestWhateverIsNoRouteAnswersAProblem(t *testing.T) {
	c := open(t)
	problem(t, c.ask("GET", "/nowhere", "", ""), http.StatusNotFound)
	problem(t, c.ask("GET", "/api/v1/complaints/", "ombuds", ""), http.StatusNotFound)
	problem(t, c.ask("GET", "/api/v1/status/%00", "", ""), http.StatusNotFound)
	w := c.ask("DELETE", lodging, "", "")
	problem(t, w, http.StatusMethodNotAllowed)
	if w.Header().Get("Allow") != "POST" {
		t.Errorf("Allow: %q", w.Header().Get("Allow"))
	}
}

func TestABodyOfAnotherTypeIs415(t *testing.T) {
	c := open(t)
	body := bodies["POST "+lodging]
	for _, kind := range []string{"", "text/plain", "application/xml", "application/json; charset=latin1", "json", "a/b; ;"} {
		problem(t, c.ask("POST", lodging, "", body, "Content-Type", kind), http.StatusUnsupportedMediaType)
	}
	problem(t, c.ask("POST", lodging+"/form", "", body), http.StatusUnsupportedMediaType)
	if w := c.ask("POST", lodging, "", body, "Content-Type", "application/json; charset=UTF-8"); w.Code != http.StatusCreated {
		t.Errorf("JSON in UTF-8 is refused with %d", w.Code)
	}
}

func TestABodyThatIsNoJSONIs400(t *testing.T) {
	c := open(t)
	for _, body := range []string{"{", "{}{}", "janssens", `{"text": "janssens"`, "\xff"} {
		if p := problem(t, c.ask("POST", lodging, "", body), http.StatusBadRequest); p.Code != "not_json" {
			t.Errorf("%q: code %s", body, p.Code)
		}
	}
	problem(t, c.ask("POST", lodging, "", "", "Content-Type", "application/json"), http.StatusBadRequest)
}

func TestABodyThatIsTooLargeIs413(t *testing.T) {
	c := open(t)
	large := `{"officer": "` + strings.Repeat("a", 1<<20) + `"}`
	path := "/api/v1/complaints/2026-000123/assignment"
	problem(t, c.ask("POST", path, "ombuds", large), http.StatusRequestEntityTooLarge)

	unannounced := newRequest("POST", path, onlyReader{strings.NewReader(large)})
	unannounced.Header.Set("Authorization", "Bearer ombuds")
	unannounced.Header.Set("Content-Type", "application/json")
	problem(t, c.send(unannounced), http.StatusRequestEntityTooLarge)

	form, kind := formOf(map[string][]string{"text": {strings.Repeat("a", 37<<20)}})
	announced := newRequest("POST", lodging+"/form", onlyReader{strings.NewReader(form)})
	announced.Header.Set("Content-Type", kind)
	problem(t, c.send(announced), http.StatusRequestEntityTooLarge)
}

func TestInvalidFieldsAreNamedAndNeverRepeated(t *testing.T) {
	c := open(t)
	const secret = "Voorbeeldmans"
	for body, location := range map[string]string{
		`{"intake": "Voorbeeldmans", "language": "nl", "text": "a"}`:                                                                         "body.intake",
		`{"intake": "post", "language": "nl", "text": 3}`:                                                                                    "body.text",
		`{"intake": "post", "language": "nl"}`:                                                                                               "body",
		`{"intake": "post", "language": "nl", "text": "a", "facts_on": "Voorbeeldmans"}`:                                                     "body.facts_on",
		`{"intake": "post", "language": "nl", "text": "a", "facts_on": "2026-02-30"}`:                                                        "body.facts_on",
		`{"intake": "post", "language": "nl", "text": "a", "received_at": "Voorbeeldmans"}`:                                                  "body.received_at",
		`{"intake": "post", "language": "nl", "text": "a", "received_at": "2026-03-02"}`:                                                     "body.received_at",
		`{"intake": "post", "language": "nl", "text": "a", "unknown": "Voorbeeldmans"}`:                                                      "body",
		`{"intake": "post", "language": "nl", "text": "a", "complainant": {"Voorbeeldmans": 1}}`:                                             "body.complainant",
		`{"intake": "post", "language": "nl", "text": "a", "a.Voorbeeldmans.text": 1}`:                                                       "body",
		`{"intake": "post", "language": "nl", "text": "a", "Jan Voorbeeldmans": 1}`:                                                          "body",
		`{"intake": "post", "language": "nl", "Text": "a"}`:                                                                                  "body",
		`{"intake": "post", "language": "nl", "text": "a\u0000"}`:                                                                            "body",
		`{"intake": "post", "language": "nl", "text": "a", "complainant": {"is_member": "Voorbeeldmans"}}`:                                   "body.complainant.is_member",
		`{"intake": "post", "language": "nl", "text": "a", "complainant": {"street": 1}}`:                                                    "body.complainant.street",
		`{"intake": "post", "language": "nl", "text": "a", "initiatives": [{"on": null, "how": "phone"}]}`:                                   "body.initiatives[0].on",
		`{"intake": "post", "language": "nl", "text": "a", "attachments": [{"name": "a", "media_type": "a/b", "content": "Voorbeeldmans"}]}`: "body",
		`{"intake": "post", "language": "nl", "text": "a", "attachments": [{"name": "a", "media_type": "a/b", "content": "?"}]}`:             "body.attachments[0].content",
		`[]`:   "body",
		`null`: "body",
		`3`:    "body",
	} {
		w := c.ask("POST", lodging, "", body)
		if strings.Contains(w.Body.String(), secret) {
			t.Errorf("%s is repeated: %s", body, w.Body)
		}
		p := problem(t, w, http.StatusUnprocessableEntity)
		if found := p.Errors[0].Location; found != location {
			t.Errorf("%s: location %q, want %q", body, found, location)
		}
	}
}

func TestOneAnswerListsABoundedNumberOfErrors(t *testing.T) {
	var body strings.Builder
	body.WriteString(`{"intake": "post"`)
	for i := range 5000 {
		fmt.Fprintf(&body, `, "x%d": 1`, i)
	}
	body.WriteString("}")
	if p := problem(t, open(t).ask("POST", lodging, "", body.String()), http.StatusUnprocessableEntity); len(p.Errors) > 50 {
		t.Errorf("%d errors in one answer", len(p.Errors))
	}
}

func TestAFormIsToldABoundedNumberOfErrors(t *testing.T) {
	values := map[string][]string{"intake": {"post"}}
	for i := range 500 {
		values[fmt.Sprint("x", i)] = []string{"1"}
	}
	form, kind := formOf(values)
	w := open(t).ask("POST", lodging+"/form", "", form, "Content-Type", kind)
	if p := problem(t, w, http.StatusUnprocessableEntity); len(p.Errors) > 50 {
		t.Errorf("%d errors in one answer", len(p.Errors))
	}
}

func TestABodyOfMorePartsThanAnyRequestNeedsIsNotRead(t *testing.T) {
	c := open(t)
	for name, many := range map[string]string{
		"objects": "{}" + strings.Repeat(",{}", 5000), "numbers": "1" + strings.Repeat(",1", 10_000),
		"lists": strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + strings.Repeat(",[]", 2500),
		"names": `{"a":1` + strings.Repeat(`,"a":1`, 10_000) + "}",
	} {
		body := `{"intake":"web_form","language":"nl","text":"x","attachments":[` + many + `]}`
		if p := problem(t, c.ask("POST", lodging, "", body), http.StatusRequestEntityTooLarge); p.Code != "too_many_parts" {
			t.Errorf("%s: %+v", name, p)
		}
	}
	texts := `{"intake":"web_form","language":"nl","text":"` + strings.Repeat(`{[,\"`, 8000) + `"}`
	answer(t, c.ask("POST", lodging, "", texts), http.StatusCreated)
}

func TestRefusalsOfTheDeskHaveOneStatusEach(t *testing.T) {
	c := open(t)
	for category, status := range map[complaint.Category]int{
		complaint.NotFound:      http.StatusNotFound,
		complaint.Invalid:       http.StatusUnprocessableEntity,
		complaint.NotAllowedNow: http.StatusConflict,
		complaint.Forbidden:     http.StatusForbidden,
		complaint.TooLarge:      http.StatusRequestEntityTooLarge,
		complaint.Unavailable:   http.StatusServiceUnavailable,
	} {
		c.desk.refusal = fmt.Errorf("decide on %s: %w", known, complaint.Refuse(category, "some_code", "The reason why."))
		w := c.ask("POST", "/api/v1/complaints/2026-000123/withdrawal", "ombuds", `{"reasons": "Opgelost."}`)
		if p := problem(t, w, status); p.Code != "some_code" || p.Detail != "The reason why." {
			t.Errorf("%s: %+v", category, p)
		}
		if again := w.Header().Get("Retry-After"); (again != "") != (status == http.StatusServiceUnavailable) {
			t.Errorf("%s: Retry-After %q", category, again)
		}
	}
}

func TestWhatNobodyExpectedLeaksNothing(t *testing.T) {
	for name, prepare := range map[string]func(*desk){
		"an error": func(d *desk) { d.refusal = fmt.Errorf("store it: %w", foreign{"Voorbeeldmans"}) },
		"a panic":  func(d *desk) { d.panics = errors.New("Voorbeeldmans") },
		"a text":   func(d *desk) { d.panics = "Voorbeeldmans" },
	} {
		c := open(t)
		prepare(c.desk)
		w := c.ask("POST", lodging, "", bodies["POST "+lodging])
		if p := problem(t, w, http.StatusInternalServerError); p.Code != "internal" {
			t.Errorf("%s: %+v", name, p)
		}
		if strings.Contains(w.Body.String()+c.log.String(), "Voorbeeldmans") {
			t.Errorf("%s is told: %s %s", name, w.Body, c.log)
		}
		if !strings.Contains(c.log.String(), w.Header().Get("X-Request-Id")) {
			t.Errorf("%s cannot be found in the log: %s", name, c.log)
		}
	}
}

// foreign is an error of somebody else's, in their own words.
type foreign struct{ words string }

func (f foreign) Error() string { return f.words }

func TestWithoutItsDatabaseTheCounterAsksToComeBack(t *testing.T) {
	c := open(t, func(config *api.Config) { config.Staff = accounts{broken: true} })
	w := c.ask("GET", "/api/v1/me", "ombuds", "")
	problem(t, w, http.StatusServiceUnavailable)
	if w.Header().Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
}

func TestAnObjectGivesEachNameOnce(t *testing.T) {
	c := open(t)
	for body, status := range map[string]int{
		`{"intake": "web_form", "language": "nl", "text": "a", "text": "b"}`:                                        http.StatusBadRequest,
		`{"intake": "web_form", "language": "nl", "text": "a", "\u0074ext": "b"}`:                                   http.StatusBadRequest,
		`{"intake": "web_form", "language": "nl", "text": "a", "complainant": {"name": "Jan", "name": "Jan"}}`:      http.StatusBadRequest,
		`{"intake": "web_form", "language": "nl", "text": "text", "complainant": {"name": "name", "city": "text"}}`: http.StatusCreated,
	} {
		if w := c.ask("POST", lodging, "", body); w.Code != status {
			t.Errorf("%s: %d, want %d", body, w.Code, status)
		}
	}
	packed := c.ask("POST", lodging, "", bodies["POST "+lodging], "Content-Encoding", "gzip")
	if p := problem(t, packed, http.StatusUnsupportedMediaType); p.Code != "content_coding" {
		t.Errorf("%+v", p)
	}
}
