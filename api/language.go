package api

import (
	"strings"

	"ombudsdienst/internal/complaint"
)

// Reader is the language in which a caller wants to read.
type Reader struct {
	Language complaint.Language `query:"language" enum:"nl,fr,de,en" doc:"of the words in the answer; left out: what Accept-Language asks for, else en"`
	Accept   string             `header:"Accept-Language" maxLength:"200" hidden:"true"`
}

// language is what was asked for, or the first accepted one that we speak. The
// weights are not read: browsers name the languages in their order.
func (r Reader) language() complaint.Language {
	if r.Language != "" {
		return r.Language
	}
	for _, accepted := range strings.Split(r.Accept, ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(accepted), ";")
		primary, _, _ := strings.Cut(strings.ToLower(name), "-")
		if l := complaint.Language(primary); l.Valid() {
			return l
		}
	}
	return "en"
}
