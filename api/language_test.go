package api_test

import (
	"strings"
	"testing"
)

func TestADerivationIsReadInTheLanguageOfTheReader(t *testing.T) {
	c := open(t)
	for _, r := range []struct{ query, accept, says string }{
		{"", "", "this is day 0"},
		{"", "fr-BE,fr;q=0.9,en;q=0.8", "c’est le jour 0"},
		{"", "pt, de;q=0.5", "das ist Tag 0"},
		{"&language=nl", "fr", "dat is dag 0"},
	} {
		w := c.ask("GET", "/api/v1/deadline?received_at=2026-02-13T10:00:00Z"+r.query, "", "", "Accept-Language", r.accept)
		if w.Code != 200 || !strings.Contains(w.Body.String(), r.says) || !strings.Contains(w.Body.String(), `"last_day":"2026-03-30"`) {
			t.Errorf("%q %q: %d %s", r.query, r.accept, w.Code, w.Body)
		}
	}
	if w := c.ask("GET", "/api/v1/deadline?received_at=2026-02-13T10:00:00Z&language=it", "", ""); w.Code != 422 {
		t.Errorf("a language that is not spoken: %d", w.Code)
	}
}
