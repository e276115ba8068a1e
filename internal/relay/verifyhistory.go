package relay

import (
	"context"
	"fmt"

	"ombudsdienst/internal/register"
)

const checkHistory = "history"

// history finds what was done to history and audit past the program.
func (v *verifier) history(ctx context.Context) ([]Finding, error) {
	is, err := v.Store.CheckHistory(ctx, register.HistoryPart{})
	if err != nil {
		return nil, err
	}
	findings := make([]Finding, 0, len(is.Flaws))
	for _, f := range is.Flaws {
		findings = append(findings, Finding{Check: checkHistory, Number: f.Number, Text: f.Text,
			Subject: fmt.Sprintf("%s %s %s %d %d %s", f.Kind, f.Book, f.Chain, f.Place, f.Row, f.Day)})
	}
	if more := is.Total - len(is.Flaws); more > 0 {
		findings = append(findings, Finding{Check: checkHistory, Subject: "more", Text: fmt.Sprintf("%d more flaws of history and audit are not listed.", more)})
	}
	return findings, nil
}
