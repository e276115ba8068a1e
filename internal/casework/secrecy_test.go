package casework_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

func TestStoredAnswersAndIdentificationNumbersAreSealed(t *testing.T) {
	o := newOffice(t)
	once := casework.Once{Caller: "ines", Route: "r", Key: "secret-key", BodyHash: []byte("a")}
	results, err := o.Lodge(t.Context(), intake, once, []complaint.Submission{letter()})
	must(t, err)
	for _, table := range []string{"submissions", "idempotency", "complaints", "outbox", "events", "audit"} {
		var rows []string
		must(t, o.db.Select(&rows, fmt.Sprintf(`SELECT x::text FROM %s x`, table)))
		for _, plain := range []string{"65010199160", results[0].Receipt.ReceiptCode, "secret-key"} {
			if contains(strings.Join(rows, "\n"), plain, hex.EncodeToString([]byte(plain))) {
				t.Errorf("%s holds in the clear what is to be sealed", table)
			}
		}
	}
	page, err := o.Search(t.Context(), officer, register.ComplaintFilter{Q: "65010199160"})
	must(t, err)
	if len(page.Items) != 1 {
		t.Errorf("an exact search for the number found %d complaints", len(page.Items))
	}
	file, err := o.File(t.Context(), officer, page.Items[0].Number)
	must(t, err)
	if file.Submission.Complainant.NISS != register.MaskedNISS {
		t.Errorf("the file shows the number as %q", file.Submission.Complainant.NISS)
	}
}

func TestHistoryAuditAndMessagesHoldNothingPersonal(t *testing.T) {
	o := newOffice(t)
	number := o.entered(letter())
	asked, err := o.Ask(t.Context(), officer, casework.Once{}, number, casework.Question{Department: "HOSPITALISATIE", Question: "Waarom werd Karel geweigerd?"})
	must(t, err)
	_, err = o.Answer(t.Context(), handler, casework.Once{}, asked.ID, casework.Answer{Answer: "Verzonnen had een wachttijd."})
	must(t, err)
	_, err = o.DecideOutcome(t.Context(), officer, casework.Once{}, number, founded())
	must(t, err)
	for _, table := range []string{"events", "audit", "outbox"} {
		var rows []string
		must(t, o.db.Select(&rows, fmt.Sprintf(`SELECT row_to_json(x)::text FROM %s x`, table)))
		if len(rows) == 0 {
			t.Errorf("%s is empty", table)
		}
		if contains(strings.Join(rows, "\n"), "Verzonnen", "Karel", "Bedachtelaan", "supplementen", "wachttijd", "HV/88") {
			t.Errorf("%s holds what somebody wrote", table)
		}
	}
}

func TestStatusIsFoundByAReceiptCodeTypedSloppily(t *testing.T) {
	o := newOffice(t)
	receipt := o.lodge(public, webForm())
	typed := strings.ToLower(strings.ReplaceAll(receipt.ReceiptCode, "-", " "))
	status, err := o.Status(t.Context(), public, strings.ReplaceAll(typed, "0", "o"))
	must(t, err)
	if status.Number != receipt.Number || status.LastDay != receipt.LastDay || status.NextStep != "register" {
		t.Errorf("got %+v", status)
	}
	text, err := json.Marshal(status)
	must(t, err)
	if contains(string(text), "Karel", "Verzonnen", "supplementen") {
		t.Error("the status shows content")
	}
	_, err = o.Status(t.Context(), public, "AAAA-BBBB")
	wantCategory(t, err, complaint.NotFound, "not_found")
}
