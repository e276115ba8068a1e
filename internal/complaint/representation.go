package complaint

// Mandate (volmacht) tells on what ground a representative acts.
type Mandate string

// The mandates. Only an attached and a legal one are in force; a legal
// representative needs no document of the complainant.
const (
	MandateNone     Mandate = "none"
	MandateAsked    Mandate = "asked"    // the letter that asks for it is owed or has left
	MandateAttached Mandate = "attached" // it is in the file
	MandateLegal    Mandate = "legal"    // a parent, guardian or administrator
	MandateRefused  Mandate = "refused"  // it does not hold, or the complainant took it back
)

// Representative (vertegenwoordiger) writes in the complainant's name.
type Representative struct {
	Name       string `json:"name" minLength:"1" maxLength:"200"`
	Salutation string `json:"salutation,omitempty" nullable:"true" maxLength:"40"`
	Relation   string `json:"relation,omitempty" nullable:"true" maxLength:"100"`
	Address
	Phone   string  `json:"phone,omitempty" nullable:"true" maxLength:"40"`
	Mandate Mandate `json:"mandate" enum:"none,attached,legal"`
	Scope   string  `json:"scope,omitempty" nullable:"true" maxLength:"500" doc:"for what the mandate was given; empty: the whole complaint"`
	GivenOn Day     `json:"given_on,omitzero" format:"date" nullable:"true" doc:"date of the mandate"`
	EndsOn  Day     `json:"ends_on,omitzero" format:"date" nullable:"true" doc:"last day of the mandate; null: until the case closes"`
	Copy    bool    `json:"copy_to_complainant,omitempty" doc:"the complainant asked for a copy of the letters"`
}

// InForce tells whether the representative may be written to about the file.
func (r *Representative) InForce() bool {
	return r != nil && (r.Mandate == MandateAttached || r.Mandate == MandateLegal)
}

// Representation is how the mandate of a representative stands from a moment on.
type Representation struct {
	Mandate Mandate `json:"mandate" db:"mandate"`
	Scope   string  `json:"scope" db:"scope"`
	GivenOn Day     `json:"given_on" db:"given_on" format:"date" nullable:"true"`
	EndsOn  Day     `json:"ends_on" db:"ends_on" format:"date" nullable:"true" doc:"last day"`
	Copy    bool    `json:"copy_to_complainant" db:"copy"`
}

// On is the representation as it holds on a day: after its last day a mandate
// is none.
func (r Representation) On(day Day) Representation {
	if !r.EndsOn.IsZero() && day.After(r.EndsOn) && (r.Mandate == MandateAttached || r.Mandate == MandateLegal) {
		r.Mandate = MandateNone
	}
	return r
}

// Represented is the submission under a representation; nothing changes where
// nobody represents the complainant.
func (s Submission) Represented(r Representation) Submission {
	if s.Representative == nil {
		return s
	}
	current := *s.Representative
	current.Mandate, current.Scope, current.GivenOn, current.EndsOn, current.Copy = r.Mandate, r.Scope, r.GivenOn, r.EndsOn, r.Copy
	s.Representative = &current
	return s
}

// Correspondent is the person to whom letters to the complainant go.
type Correspondent struct {
	Name, ContactName, Salutation string
	Organisation                  bool
	Representative                bool // it is not the complainant
	Mandated                      bool // may hear what is in the file
	Address
	Channel Channel // how letters go; empty when there is no way to answer
}

// Correspondent finds who hears about the case: the representative with a
// mandate, else the complainant, else nobody. A representative without a mandate
// is told nothing. The wish of reply_by is followed where the address allows.
func (s Submission) Correspondent() Correspondent {
	if r := s.Representative; r.InForce() {
		return s.reached(Correspondent{Name: r.Name, Salutation: r.Salutation, Address: r.Address, Representative: true, Mandated: true})
	}
	return s.Self()
}

// Self is the complainant, whoever represents them.
func (s Submission) Self() Correspondent {
	c := s.Complainant
	return s.reached(Correspondent{
		Name: c.Name, ContactName: c.ContactName, Salutation: c.Salutation,
		Organisation: c.Type == "organisation", Address: c.Address, Mandated: true,
	})
}

// FirstContact finds who is told that something arrived, and who is asked for
// what is missing: the correspondent, or where only a representative without a
// mandate can be reached, that one. Such a letter holds nothing of the file.
func (s Submission) FirstContact() Correspondent {
	to := s.Correspondent()
	if r := s.Representative; to.Channel == "" && r != nil && r.Mandate != MandateRefused {
		return s.reached(Correspondent{Name: r.Name, Salutation: r.Salutation, Address: r.Address, Representative: true})
	}
	return to
}

// Addressee is who gets a letter of a kind.
func (s Submission) Addressee(kind LetterKind) Correspondent {
	switch kind {
	case LetterAcknowledgement, LetterMissing, LetterMissingReminder:
		return s.FirstContact()
	default:
		return s.Correspondent()
	}
}

func (s Submission) reached(to Correspondent) Correspondent {
	to.Channel = channelFor(to.Address, s.ReplyBy)
	return to
}

// Takes tells whether a letter can go to the correspondent by a channel.
func (c Correspondent) Takes(by Channel) bool {
	return by == ByPost && c.HasPost() || by == ByEmail && c.Email != ""
}

func channelFor(a Address, wish Channel) Channel {
	switch {
	case a.HasPost() && (wish == ByPost || a.Email == ""):
		return ByPost
	case a.Email != "":
		return ByEmail
	default:
		return ""
	}
}
