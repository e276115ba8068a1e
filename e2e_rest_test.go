package main

import (
	"net/http"
	"time"

	"ombudsdienst/internal/complaint"
)

// everyStage makes a case in every stage, by the name of what it waits for.
func (s *stack) everyStage() map[string]string {
	s.t.Helper()
	today, cases := complaint.DayOf(time.Now()), map[string]string{}
	paper := func() map[string]any { return s.writer(s02(time.Now().AddDate(0, 0, -3))) }
	note := paper()
	note["intake"] = "phone_note"
	cases["phone note"], _ = s.lodge("intake", note)
	pending := paper()
	pending["representative"] = map[string]any{"name": "Els Voorbeeld", "email": "els.v@example.org", "mandate": "none"}
	cases["pending"], _ = s.lodge("intake", pending)
	doubt := paper()
	doubt["facts_on"], doubt["contested_decision"] = nil, nil
	cases["assessing"], _ = s.lodge("intake", doubt)
	for _, name := range []string{"investigating", "service first", "printed", "reopened", "privacy"} {
		letter := s.writer(s01(today.AddDays(-30)))
		letter["concerns_privacy"] = name == "privacy"
		if name == "printed" {
			letter["reply_by"] = "post"
		}
		cases[name], _ = s.lodge("", letter)
	}
	overdue := paper()
	overdue["received_at"] = time.Now().AddDate(0, 0, -60).Format(time.RFC3339)
	overdue["facts_on"], overdue["contested_decision"] = today.AddDays(-70), nil
	cases["overdue"], _ = s.lodge("intake", overdue)

	for _, name := range []string{"investigating", "service first", "printed", "reopened", "overdue"} {
		s.reaches(cases[name], "investigating", "ombuds")
	}
	answered := s.consult(cases["investigating"], "CONTACTCENTER")
	s.consult(cases["investigating"], "GEZONDHEIDSZORGEN")
	s.answerConsultation(answered, "CONTACTCENTER")
	s.must(http.StatusAccepted, "POST", "/complaints/"+cases["service first"]+"/service-first", "ombuds", map[string]any{
		"department": "CONTACTCENTER", "return_on": today.AddDays(10), "agreed": true, "reasons": "De dienst was nog niet gevraagd."})
	s.must(http.StatusAccepted, "POST", "/complaints/"+cases["printed"]+"/outcome", "ombuds", outcomeBody())
	s.must(http.StatusAccepted, "POST", "/complaints/"+cases["reopened"]+"/outcome", "ombuds", outcomeBody())
	s.closes(cases["reopened"])
	s.hasEnded(cases["reopened"])
	s.must(http.StatusAccepted, "POST", "/complaints/"+cases["reopened"]+"/reopening", "ombuds", map[string]any{"reasons": "Nieuwe stukken."})
	return cases
}

// atRest is where each of these cases stands when nothing is under way.
var atRest = map[string][2]string{
	"phone note": {"assessing", "complainant"}, "pending": {"assessing", "complainant"}, "assessing": {"assessing", "ombuds"},
	"investigating": {"investigating", "department:GEZONDHEIDSZORGEN"}, "service first": {"investigating", "department:CONTACTCENTER"},
	"printed": {"answering", "mail_room"}, "reopened": {"investigating", "ombuds"}, "overdue": {"investigating", "ombuds"},
	"privacy": {"assessing", "ombuds"},
}

func (s *stack) rests(cases map[string]string) {
	s.t.Helper()
	for name, at := range atRest {
		s.reaches(cases[name], at[0], at[1])
	}
	s.privacyReaches(cases["privacy"], "investigating", "dpo")
	s.eventually(func() bool {
		return s.one(`SELECT count(*) FROM letters WHERE state IN ('owed', 'rendered', 'sending')`) == 0
	}, "every letter has left that can")
	s.eventually(func() bool { return s.one(`SELECT count(*) FROM watched WHERE kind = 'overdue'`) == 1 }, "one is overdue")
}

// toTheEnd carries each of these cases to its end, as its people would.
func (s *stack) toTheEnd(cases map[string]string) {
	s.t.Helper()
	s.must(http.StatusAccepted, "POST", "/complaints/"+cases["phone note"]+"/complainant-reply", "intake",
		map[string]any{"kind": "writing", "text": "Hierbij schriftelijk."})
	s.must(http.StatusAccepted, "POST", "/complaints/"+cases["pending"]+"/complainant-reply", "intake", map[string]any{
		"kind": "mandate", "mandate": map[string]any{"mandate": "attached", "scope": "cette plainte"},
		"attachments": []any{map[string]any{"name": "procuration.pdf", "media_type": "application/pdf", "content": []byte("%PDF-1.4")}}})
	s.must(http.StatusAccepted, "POST", "/complaints/"+cases["assessing"]+"/admissibility", "ombuds", map[string]any{"decision": "admissible"})
	for _, c := range s.file(cases["investigating"])["consultations"].([]any) {
		if asked := c.(map[string]any); asked["state"] == "open" {
			s.answerConsultation(int64(asked["id"].(float64)), "GEZONDHEIDSZORGEN")
		}
	}
	s.must(http.StatusAccepted, "POST", "/privacy/"+cases["privacy"]+"/split", "dpo", map[string]any{"reasons": "Alleen gegevens.", "mixed": false})
	s.must(http.StatusAccepted, "POST", "/privacy/"+cases["privacy"]+"/answer", "dpo", map[string]any{"answer": "U krijgt inzage."})
	s.privacyReaches(cases["privacy"], "closed", "none")
	for name, number := range cases {
		if name == "privacy" || name == "printed" {
			continue
		}
		outcome := outcomeBody()
		if name == "service first" {
			outcome["without_answers"] = "De dienst kon niet helpen."
		} else {
			s.reaches(number, "investigating", "ombuds")
		}
		s.must(http.StatusAccepted, "POST", "/complaints/"+number+"/outcome", "ombuds", outcome)
	}
	for _, number := range cases {
		s.closes(number)
		s.hasEnded(number)
	}
}
