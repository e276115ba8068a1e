package complaint

import (
	"slices"
	"strings"
	"time"
)

// SendError says why a letter did not leave for sure. Its code ("smtp_451") may
// be shown anywhere; the other side's own words name people and are not kept.
type SendError struct {
	Certainty Certainty
	Code      string
}

// Certainty tells what is known of a letter that could not be sent.
type Certainty string

// The certainties.
const (
	Temporary Certainty = "temporary" // it did not leave; try again
	Permanent Certainty = "permanent" // it did not leave and will not
	Unclear   Certainty = "unclear"   // it may have left; a person decides
)

func (e *SendError) Error() string { return "the letter did not leave: " + e.Code }

// AboutAddress tells whether the address was refused for good, and not what was
// sent to it (552: too large, 554: its text).
func (e *SendError) AboutAddress() bool {
	return e.Certainty == Permanent && e.Code != "smtp_552" && e.Code != "smtp_554"
}

// Admission is what the register needs to know before an e-mail leaves.
type Admission struct {
	MessageID string // by which mail servers will know it; the same at every try
	PerDay    int    // how many e-mails may go to one address on one Brussels day
}

// MailShare is how many e-mails may go to one address on one Brussels day.
type MailShare struct {
	Complainant, House int // of a complainant, and of departments and staff
}

// Setback is a letter that did not leave, or of which that is not known.
type Setback struct {
	SendError
	Channel Channel       // by which it was tried
	GiveUp  time.Duration // how long one that is refused for now is tried, counted from its first try
	Postal  bool          // a department's letter: the organisation file knows where to post it
}

// StrayLetter (losse brief) is a letter that has to leave and for which no
// running procedure answers: a message to staff about another letter, or one that
// came back after its case had closed. The worker lets it leave.
type StrayLetter struct {
	ID     int64  `db:"id"`
	Number Number `db:"number"`
}

// Codes of setbacks that no mail server gives.
const (
	CodeBounced        = "bounced"         // a message came back later
	CodeMachineAddress = "machine_address" // nobody reads what is sent there
	CodeUnreachable    = "unreachable"     // an earlier letter did not arrive at the same address
)

// machines are the local parts, without dots, dashes and underscores, of
// addresses that send and do not read.
var machines = []string{
	"mailerdaemon", "postmaster", "noreply", "donotreply", "nepasrepondre", "nietantwoorden", "nichtantworten",
	"autoreply", "autoresponder", "bounce", "bounces", "daemon", "nobody", "null", "devnull",
}

// MachineAddress tells whether an e-mail address is one from which programs
// write and at which nobody reads: an answer there could start two machines
// answering each other, and reaches nobody.
func MachineAddress(email string) bool {
	local, _, ok := strings.Cut(strings.ToLower(strings.TrimSpace(email)), "@")
	if !ok {
		return false
	}
	local, _, _ = strings.Cut(local, "+")
	return slices.Contains(machines, strings.NewReplacer("-", "", "_", "", ".", "").Replace(local))
}
