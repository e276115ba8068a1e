package main

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/complaint"
)

// markedTale is the story in which all that people write is marked.
type markedTale struct {
	*stack
	numbers  []string
	receipts []string
}

// tellMarked gives every command that takes words.
func tellMarked(s *stack) *markedTale {
	s.t.Helper()
	t := &markedTale{stack: s}
	t.accounts()
	first := t.lodged("", marked("email"))
	second := t.lodged("intake", marked("post"))
	t.reaches(first, "investigating", "ombuds")
	t.reaches(second, "investigating", "ombuds")
	t.papers(first, second)
	t.departments(first)
	t.ends(first, second)
	t.represented()
	t.privacy()
	return t
}

func (t *markedTale) lodged(who string, body map[string]any) string {
	t.t.Helper()
	number, receipt := t.lodge(who, body)
	t.numbers, t.receipts = append(t.numbers, number), append(t.receipts, receipt)
	return number
}

// gives sends a command that is taken.
func (t *markedTale) gives(path, who string, body any) map[string]any {
	t.t.Helper()
	code, answer := t.call("POST", path, who, body)
	require.Less(t.t, code, 300, "%s: %v", path, answer)
	return answer
}

// why gives reasons, and what else a command takes in pairs.
func why(more ...any) map[string]any {
	body := map[string]any{"reasons": "Omdat " + mark}
	for i := 0; i < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

// markedPaper is a document of which the name is marked too.
func markedPaper() []any {
	return []any{map[string]any{"name": mark + ".txt", "media_type": "text/plain", "content": base64.StdEncoding.EncodeToString([]byte(mark))}}
}

// marked is a submission in which everything is marked.
func marked(channel string) map[string]any {
	today := complaint.DayOf(time.Now())
	return map[string]any{
		"intake": "web_form", "language": "nl", "reply_by": channel,
		"complainant": map[string]any{
			"type": "person", "name": "Lotte " + mark, "street": mark + "straat 12", "postcode": "1080", "city": "Sint-" + mark,
			"email": mark + "@example.org", "phone": markTel, "niss": markNISS, "is_member": true, "member_number": mark,
		},
		"facts_on": today.AddDays(-20), "department": "GEZONDHEIDSZORGEN",
		"initiatives": []any{map[string]any{"on": today.AddDays(-2), "how": "phone"}},
		"topic":       mark, "text": "Het gaat over " + mark + ".", "attachments": markedPaper(),
	}
}

// accounts are people too.
func (t *markedTale) accounts() {
	t.gives("/accounts", "admin", map[string]any{"login": "balie-2", "name": "Lotte " + mark, "role": "intake"})
	t.gives("/accounts/balie-2", "admin", map[string]any{"name": "Anna " + mark})
	t.gives("/accounts/balie-2/tokens", "admin", map[string]any{"label": mark})
}

func (t *markedTale) papers(first, second string) {
	on, today := "/complaints/"+first, complaint.DayOf(time.Now())
	t.gives(on+"/notes", "ombuds", map[string]any{"text": mark})
	t.gives(on+"/links", "ombuds", why("number", second))
	t.gives(on+"/documents", "intake", map[string]any{"text": mark, "attachments": markedPaper()})
	t.gives("/status/"+t.receipts[0]+"/documents", "", map[string]any{"text": mark, "attachments": markedPaper()})
	t.gives(on+"/admissibility-warnings", "ombuds", why("ground", "COURT_PENDING"))
	t.gives(on+"/assignment", "supervisor", why("officer", "ombuds-2"))
	t.gives(on+"/delay-notice", "ombuds", why("new_date", today.AddDays(60)))
	t.gives(on+"/receipt-correction", "ombuds", why("received_at", time.Now().AddDate(0, 0, -3).Format(time.RFC3339)))
	t.gives(on+"/involved", "ombuds", why("logins", []string{"handler-hospitalisatie"}))
	t.gives("/complaints/search", "ombuds", map[string]any{"niss": markNISS})
}

// departments: a question is handed over and answered.
func (t *markedTale) departments(number string) {
	asked := t.gives("/complaints/"+number+"/consultations", "ombuds", map[string]any{"department": "HOSPITALISATIE", "question": mark})
	t.gives(fmt.Sprintf("/consultations/%.0f/hand-over", asked["id"]), "ombuds", why("department", "GEZONDHEIDSZORGEN"))
	t.reaches(number, "investigating", "department:GEZONDHEIDSZORGEN")
	open := t.must(http.StatusOK, "GET", "/consultations?open=true", "handler-gezondheidszorgen", nil)["items"].([]any)
	t.gives(fmt.Sprintf("/consultations/%.0f/answer", open[0].(map[string]any)["id"]), "handler-gezondheidszorgen", map[string]any{
		"answer": mark, "proposed_remedy": mark, "attachments": markedPaper(),
	})
}

func (t *markedTale) ends(first, second string) {
	t.gives("/complaints/"+first+"/outcome", "ombuds", markedOutcome())
	t.mailRoomOf(first)
	t.gives("/complaints/"+first+"/reopening", "ombuds", why())
	t.reaches(first, "investigating", "ombuds")
	t.gives("/complaints/"+first+"/withdrawal", "ombuds", why())
	t.gives("/complaints/"+second+"/void", "ombuds", why())
}

func markedOutcome() map[string]any {
	return map[string]any{
		"findings": []any{map[string]any{"point": mark, "verdict": "founded", "reasons": mark}}, "verdict": "founded",
		"resolution": "resolved", "remedy": mark, "without_answers": mark,
		"recommendations": []any{map[string]any{"department": "GEZONDHEIDSZORGEN", "text": mark}},
	}
}

// represented: somebody writes for the complainant and the mandate is asked for;
// then the service helps first, while the officer is away, and a letter to the
// representative comes back.
func (t *markedTale) represented() {
	today := complaint.DayOf(time.Now())
	letter := marked("email")
	letter["representative"] = map[string]any{
		"name": "Els " + mark, "relation": mark, "street": mark + "laan 1", "postcode": "1000", "city": mark,
		"email": reachable + mark + "@example.org", "phone": markTel, "mandate": "none",
	}
	number := t.lodged("intake", letter)
	t.reaches(number, "assessing", "complainant")
	on := "/complaints/" + number
	t.gives(on+"/complainant-reply", "intake", map[string]any{
		"kind": "mandate", "text": mark, "attachments": markedPaper(),
		"mandate": map[string]any{"mandate": "attached", "scope": mark, "copy_to_complainant": true},
	})
	t.reaches(number, "investigating", "ombuds")
	t.gives(on+"/representation", "ombuds", why("mandate", "attached", "scope", "Alles van "+mark))
	t.gives(on+"/assignment", "supervisor", why("officer", "ombuds-1"))
	t.gives("/officers/ombuds-1/absence", "supervisor", map[string]any{"from": today, "until": today.AddDays(5), "stand_in": "ombuds-2"})
	t.gives(on+"/service-first", "ombuds", why("department", "GEZONDHEIDSZORGEN", "return_on", today.AddDays(10), "agreed", true))
	t.eventually(func() bool { return t.letterOfKind(number, "service-first")["state"] == "sent" }, "the representative hears that the service helps first")
	t.gives(fmt.Sprintf("/letters/%.0f/bounce", t.letterOfKind(number, "service-first")["id"]), "intake", why())
	t.gives("/service-first/"+number+"/report", "handler-gezondheidszorgen", map[string]any{"solved": true, "report": mark})
	t.corrects(number)
	t.gives("/officers/ombuds-1/return", "supervisor", map[string]any{})
	t.gives(on+"/outcome", "ombuds", markedOutcome())
	t.mailRoomOf(number)
}

func (t *markedTale) corrects(number string) {
	read := t.must(http.StatusOK, "GET", "/complaints/"+number+"/submission", "intake", nil)
	t.gives("/complaints/"+number+"/correction", "intake", why("version", read["submission"].(map[string]any)["version"],
		"topic", "Beter: "+mark, "text", "Beter: "+mark,
		"complainant", map[string]any{"name": "Lot " + mark, "street": mark + "steeg 3", "phone": "0032" + markTel[1:], "member_number": mark + "2"},
		"representative", map[string]any{"name": "Elsje " + mark, "relation": "zus van " + mark},
		"prior_contact", map[string]any{"how": mark, "result": mark},
	))
}

func (t *markedTale) privacy() {
	private := marked("post")
	private["concerns_privacy"] = true
	number := t.lodged("", private)
	on := "/privacy/" + number
	t.privacyReaches(number, "investigating", "dpo")
	t.gives(on+"/split", "dpo", why("mixed", false))
	t.gives(on+"/breach", "dpo", why("suspected", true))
	t.gives(on+"/breach-notification", "dpo", why("notified_at", time.Now()))
	t.gives(on+"/extension", "dpo", why())
	t.gives(on+"/answer", "dpo", map[string]any{"answer": mark})
	t.privacyReaches(number, "answering", "mail_room")
}

// mailRoomOf posts what lies printed of a case until it is closed.
func (s *stack) mailRoomOf(number string) {
	s.t.Helper()
	s.eventually(func() bool {
		file := s.file(number)
		for _, l := range file["letters"].([]any) {
			letter := l.(map[string]any)
			switch letter["state"] {
			case "failed":
				s.call("POST", fmt.Sprintf("/letters/%.0f/resolution", letter["id"]), "ombuds", map[string]any{"resolution": "left", "reasons": mark})
			case "printed":
				s.call("POST", fmt.Sprintf("/letters/%.0f/dispatch", letter["id"]), "intake", map[string]any{"posted_on": complaint.DayOf(time.Now())})
			}
		}
		return file["stage"] == "closed"
	}, "%s closes once its letters are posted", number)
}
