package main

import (
	"fmt"
	"net/http"
	"time"

	"ombudsdienst/internal/complaint"
)

// stories are the kinds of complaints that people come with.
var stories = map[string]func(*tale){
	"a web form answered by mail": func(t *tale) {
		t.lodge("", t.letter("web_form", complaint.ByEmail))
		t.investigated()
		t.decides(nil)
		t.closes("answered")
	},
	"a letter answered by post": func(t *tale) {
		t.lodge("intake", t.fromStaff("post", complaint.ByPost, 3))
		t.investigated()
		t.decides(nil)
		t.closes("answered")
	},
	"a phone note and its writing": func(t *tale) {
		t.lodge("intake", t.fromStaff("phone_note", complaint.ByEmail, 1))
		t.reaches("assessing", "complainant")
		t.does("complainant_replied", "/complaints/"+t.number+"/complainant-reply", "intake",
			map[string]any{"kind": "writing", "text": "Hierbij schriftelijk."})
		t.investigated()
		t.decides(nil)
		t.closes("answered")
	},
	"a phone note without its writing": func(t *tale) {
		t.lodge("intake", t.fromStaff("phone_note", complaint.ByPost, 1))
		t.reaches("assessing", "complainant")
		t.ends = "open"
	},
	"a mandate that comes": func(t *tale) {
		t.lodge("intake", t.unmandated())
		t.reaches("assessing", "complainant")
		t.does("complainant_replied", "/complaints/"+t.number+"/complainant-reply", "intake", map[string]any{
			"kind": "mandate", "mandate": map[string]any{"mandate": "attached", "copy_to_complainant": true},
			"attachments": []any{map[string]any{"name": "volmacht.pdf", "media_type": "application/pdf", "content": []byte("%PDF-1.4")}},
		})
		t.investigated()
		t.decides(nil)
		t.closes("answered")
	},
	"a mandate that is missing": func(t *tale) {
		t.lodge("intake", t.unmandated())
		t.reaches("assessing", "complainant")
		t.ends = "open"
	},
	"a refusal": func(t *tale) {
		letter := t.letter("web_form", complaint.ByEmail)
		letter["facts_on"] = t.today.AddDays(-500)
		t.lodge("", letter)
		t.reaches("assessing", "ombuds")
		t.onFile("admissibility_decided", "/admissibility", map[string]any{
			"decision": "inadmissible", "ground": complaint.TooOldNoInitiative, "reasons": "Te oud.", "refer_to": "De ombudsfunctie"})
		t.closes("inadmissible")
	},
	"a refusal that is taken back": func(t *tale) { t.takenBack() },
	"a question": func(t *tale) {
		letter := t.letter("web_form", complaint.ByEmail)
		delete(letter, "facts_on")
		t.lodge("", letter)
		t.reaches("assessing", "ombuds")
		t.onFile("admissibility_decided", "/admissibility", map[string]any{
			"decision": "reclassified", "ground": complaint.InformationRequest, "reasons": "Een vraag.", "refer_to": "LEDENBEHEER"})
		t.closes("reclassified")
	},
	"a matter of the DPO": func(t *tale) {
		letter := t.letter("web_form", complaint.ByEmail)
		letter["concerns_privacy"] = true
		t.lodge("", letter)
		t.does("split_confirmed", "/privacy/"+t.number+"/split", "dpo", map[string]any{"reasons": "Alleen gegevens.", "mixed": false})
		t.closes("referred_privacy")
		t.does("privacy_extended", "/privacy/"+t.number+"/extension", "dpo", map[string]any{"reasons": "Veel stukken."})
		t.dpoAnswers()
	},
	"a mixed matter": func(t *tale) {
		t.lodge("", t.letter("web_form", complaint.ByEmail))
		t.reaches("investigating", "ombuds")
		t.onFile("referred", "/privacy-referral", map[string]any{"reasons": "Ook gegevens.", "mixed": true})
		t.investigated()
		t.decides(nil)
		t.closes("answered")
		t.dpoAnswers()
	},
	"a matter that the DPO has": func(t *tale) {
		t.lodge("intake", t.fromStaff("email", complaint.ByEmail, 2))
		t.reaches("investigating", "ombuds")
		t.onFile("referred", "/privacy-referral", map[string]any{"reasons": "Gegevens.", "mixed": false})
		t.closes("referred_privacy")
		t.ends = "referred_privacy/open"
	},
	"several departments": func(t *tale) { t.several() },
	"an outcome without the answer": func(t *tale) {
		t.lodge("", t.letter("web_form", complaint.ByEmail))
		t.reaches("investigating", "ombuds")
		question := t.asks("HOSPITALISATIE")
		t.decides(map[string]any{"without_answers": "De stukken volstaan."})
		t.answers(question, "HOSPITALISATIE")
		t.closes("answered")
	},
	"a department that does not answer": func(t *tale) {
		t.lodge("", t.letter("web_form", complaint.ByPost))
		t.reaches("investigating", "ombuds")
		t.asks("UITKERINGEN")
		t.reaches("investigating", "department:UITKERINGEN")
		t.ends = "open"
	},
	"a withdrawal": func(t *tale) {
		t.lodge("", t.letter("web_form", complaint.ByEmail))
		if t.chance.IntN(2) == 0 {
			t.reaches("investigating", "ombuds")
		}
		t.onFile("withdrawn", "/withdrawal", map[string]any{"reasons": "Opgelost aan het loket."})
		t.closes("withdrawn")
	},
	"a case opened again": func(t *tale) {
		t.lodge("", t.letter("web_form", complaint.ByEmail))
		t.reaches("investigating", "ombuds")
		t.decides(nil)
		t.closes("answered")
		t.onFile("reopened", "/reopening", map[string]any{"reasons": "Nieuwe stukken."})
		t.investigated()
		t.decides(nil)
		t.closes("answered")
	},
	"an entry made in error": func(t *tale) {
		t.lodge("intake", t.fromStaff("office_form", complaint.ByEmail, 1))
		t.onFile("voided", "/void", map[string]any{"reasons": "Twee keer ingevoerd."})
		t.closes("voided")
	},
	"documents on the way": func(t *tale) {
		t.lodge("", t.letter("web_form", complaint.ByEmail))
		t.does("document_added", "/status/"+t.receipt+"/documents", "", map[string]any{"text": "Nog een bewijs."})
		t.investigated()
		t.onFile("noted", "/notes", map[string]any{"text": "Gebeld."})
		t.decides(nil)
		t.closes("answered")
		t.does("document_added", "/complaints/"+t.number+"/documents", "intake", map[string]any{"text": "Te laat."})
	},
	"a deadline that moves": func(t *tale) {
		t.lodge("intake", t.fromStaff("post", complaint.ByEmail, 3))
		t.reaches("investigating", "ombuds")
		t.does("receipt_corrected", "/complaints/"+t.number+"/receipt-correction", "intake", map[string]any{
			"received_at": time.Now().AddDate(0, 0, -10).Format(time.RFC3339), "reasons": "De stempel."})
		t.onFile("delay_noticed", "/delay-notice", map[string]any{"reasons": "Een attest.", "new_date": t.today.AddDays(60)})
		t.investigated()
		t.decides(nil)
		t.closes("answered")
	},
	"a letter entered too late": func(t *tale) {
		t.lodge("intake", t.fromStaff("post", complaint.ByPost, 46))
		t.until("/complaints/"+t.number, "ombuds", "overdue", func(file map[string]any) bool { return file["overdue"] == true })
		t.investigated()
		t.decides(nil)
		t.closes("answered")
	},
	"the service first": func(t *tale) {
		t.lodge("", t.letter("web_form", complaint.ByEmail))
		t.reaches("investigating", "ombuds")
		t.onFile("service_first", "/service-first", map[string]any{
			"department": "GEZONDHEIDSZORGEN", "return_on": t.today.AddDays(14), "agreed": true, "reasons": "Nog niet gevraagd."})
		t.reaches("investigating", "department:GEZONDHEIDSZORGEN")
		t.ends = "open"
	},
	"a doubt": func(t *tale) {
		letter := t.letter("web_form", complaint.ByEmail)
		delete(letter, "department")
		t.lodge("", letter)
		t.reaches("assessing", "ombuds")
		t.ends = "open"
	},
}

// investigated asks a department and has its answer.
func (t *tale) investigated() {
	t.reaches("investigating", "ombuds")
	t.answers(t.asks("GEZONDHEIDSZORGEN"), "GEZONDHEIDSZORGEN")
	if t.chance.IntN(2) == 0 {
		t.reaches("investigating", "ombuds")
	}
}

// unmandated is a letter of a neighbour without a mandate.
func (t *tale) unmandated() map[string]any {
	letter := t.fromStaff("post", complaint.ByEmail, 3)
	letter["representative"] = map[string]any{"name": "Els Voorbeeld", "email": fmt.Sprintf("buur-%d@example.org", t.id), "mandate": "none"}
	return letter
}

// takenBack is refused by post and taken back; when the mail room has posted the
// letter and the case is closed, it is opened again.
func (t *tale) takenBack() {
	t.lodge("intake", t.fromStaff("post", complaint.ByPost, 3))
	t.reaches("investigating", "ombuds")
	t.onFile("admissibility_decided", "/admissibility", map[string]any{
		"decision": "inadmissible", "ground": "NOT_OUR_SERVICE", "reasons": "Het gaat om het ziekenhuis.", "refer_to": "De ombudsfunctie"})
	back, _ := t.tries("admissibility_decided", "/complaints/"+t.number+"/admissibility", "ombuds",
		map[string]any{"decision": "admissible", "reasons": "De klager toonde een brief."})
	if !back {
		t.until("/complaints/"+t.number, "ombuds", "its end", func(file map[string]any) bool { return file["stage"] == "closed" })
		t.onFile("reopened", "/reopening", map[string]any{"reasons": "De klager toonde een brief."})
	}
	t.investigated()
	t.decides(nil)
	t.closes("answered")
}

// several departments are asked at once, one question goes on to another.
func (t *tale) several() {
	t.lodge("", t.letter("web_form", complaint.ByEmail))
	t.reaches("investigating", "ombuds")
	first, second, third := t.asks("GEZONDHEIDSZORGEN"), t.asks("CONTACTCENTER"), t.asks("ONTHAAL")
	next := t.does("question_handed_over", fmt.Sprint("/consultations/", second, "/hand-over"), handlerOf("CONTACTCENTER"),
		map[string]any{"department": "POST", "reasons": "De brief kwam per post."})
	id, _ := next["id"].(float64)
	t.answers(int64(id), "POST")
	t.answers(first, "GEZONDHEIDSZORGEN")
	t.answers(third, "ONTHAAL")
	t.reaches("investigating", "ombuds")
	t.decides(nil)
	t.closes("answered")
}

// dpoAnswers ends the privacy file.
func (t *tale) dpoAnswers() {
	t.does("privacy_answered", "/privacy/"+t.number+"/answer", "dpo", map[string]any{"answer": "U krijgt inzage. " + t.marker()})
	t.until("/privacy/"+t.number, "dpo", "the end of its privacy file", func(file map[string]any) bool { return file["stage"] == "closed" })
	t.ends += "/closed"
}

// staff is the mail room, and whoever settles letters in doubt from what the mail
// server has really received.
func (c *chaos) staff(stop <-chan struct{}) {
	for !isOver(stop) {
		c.postAndSettle()
		time.Sleep(300 * time.Millisecond)
	}
}

type waitingLetter struct {
	ID                int64
	Number, Kind      string
	State, File, Code string
	Attempts          int
}

func (c *chaos) postAndSettle() {
	var waiting []waitingLetter
	err := c.db.Select(&waiting, `
		SELECT id, number, kind, state, file, coalesce(last_error_code, '') AS code, attempts
		FROM letters WHERE state IN ('printed', 'in_doubt') ORDER BY id LIMIT 100`)
	if err != nil {
		return // the register is away just now
	}
	for _, l := range waiting {
		key := fmt.Sprintf("%d-letter-%d-%d-%s", c.seed, l.ID, l.Attempts, l.State)
		if l.State == "printed" {
			c.client.ask(http.MethodPost, fmt.Sprint("/letters/", l.ID, "/dispatch"), "intake", key,
				map[string]any{"posted_on": complaint.DayOf(time.Now())})
			continue
		}
		who, resolution := "ombuds", "send_again"
		if l.File == "privacy" {
			who = "dpo"
		}
		if c.sink.copies(fmt.Sprintf("%s-%s-%d", l.Number, l.Kind, l.ID)) > 0 {
			resolution = "left"
		}
		c.client.ask(http.MethodPost, fmt.Sprint("/letters/", l.ID, "/resolution"), who, key,
			map[string]any{"resolution": resolution, "reasons": "Nagekeken op de mailserver."})
	}
}
