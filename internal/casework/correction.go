package casework

import (
	"context"
	"strings"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// Correction is what of a submission was not right, the version of it that was
// read, and why it is corrected.
type Correction struct {
	complaint.Correction
	Version int
	Reasons string
}

// Correct (verbeteren) changes what came in where it was not right: a slip of who
// typed it in, an address that the complainant gave since. What it held before
// stays in the file. Facts are judged again by the rules, who is answered and how
// follows at once, and letters that leave later use the new values. One that was
// corrected by somebody else since it was read is refused, so that none undoes
// the other's.
func (d *Desk) Correct(ctx context.Context, actor Actor, once Once, number complaint.Number, c Correction) (Standing, error) {
	if err := actor.must(staff.Intake, staff.Ombuds, staff.DPO); err != nil {
		return Standing{}, err
	}
	check := d.checker()
	check.required("reasons", c.Reasons, 2000)
	niss, err := d.checkCorrection(check, &c.Correction)
	if err != nil {
		return Standing{}, err
	}
	if err := d.mayRead(ctx, actor, number); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if err := a.independent(ctx); err != nil {
			return Standing{}, err
		}
		if a.c.Voided {
			return Standing{}, complaint.Conflict("voided", "Complaint %s was entered in error and has been voided.", number)
		}
		correcting, err := a.correcting(ctx, check, c, niss)
		if err != nil {
			return Standing{}, err
		}
		if len(correcting.Changes) == 0 {
			return a.standing(), nil // it is right already
		}
		return a.standing(), a.correct(ctx, correcting)
	})
}

// mask stands for what a reader is not shown.
const mask = "*"

// checkCorrection checks what does not depend on the submission. It answers with
// the identification number to be kept, nil for none: one that comes back as it is
// shown, masked, is none.
func (d *Desk) checkCorrection(c *checker, of *complaint.Correction) (*correctedNISS, error) {
	if of.Initiatives != nil {
		c.initiatives(*of.Initiatives)
	}
	c.masked("topic", of.Topic)
	for at, day := range map[string]*string{"facts_on": of.FactsOn, "facts_until": of.FactsUntil} {
		if day != nil && *day != "" {
			if _, err := complaint.ParseDay(*day); err != nil {
				c.wrong(at, "is not a day of the form YYYY-MM-DD")
			}
		}
	}
	if r := of.Representative; r != nil {
		c.masked("representative.name", r.Name)
		c.masked("representative.phone", r.Phone)
		c.maskedAddress("representative.", r.AddressCorrection)
	}
	if of.Complainant == nil {
		return nil, c.result()
	}
	own := *of.Complainant // it is changed here, and not for the caller
	p := &own
	of.Complainant = p
	c.masked("complainant.name", p.Name)
	c.masked("complainant.contact_name", p.ContactName)
	c.masked("complainant.phone", p.Phone)
	c.masked("complainant.member_number", p.MemberNumber)
	c.maskedAddress("complainant.", p.AddressCorrection)
	niss := c.placeCorrected(p, c.correctedNISS(p.NISS))
	return niss, c.result()
}

func (c *checker) correctedNISS(given *string) *correctedNISS {
	switch {
	case given == nil || strings.Contains(*given, mask):
		return nil
	case *given == "":
		return &correctedNISS{}
	}
	digits, err := complaint.ParseNISS(*given, c.today)
	if err != nil {
		c.wrong(complaint.FieldNISS, "is not a valid identification number")
	}
	return &correctedNISS{digits: digits}
}

// masked refuses what a reader was shown in place of the real value.
func (c *checker) masked(at string, value *string) {
	if value != nil && strings.Contains(*value, mask) {
		c.wrong(at, "is masked: leave it out, then it stays as it is")
	}
}

func (c *checker) maskedAddress(at string, a complaint.AddressCorrection) {
	c.masked(at+"street", a.Street)
	c.masked(at+"postcode", a.Postcode)
	c.masked(at+"city", a.City)
	c.masked(at+"email", a.Email)
}

// correcting applies a correction to the locked complaint's submission and checks
// that what comes of it is sound.
func (a *act) correcting(ctx context.Context, check *checker, c Correction, niss *correctedNISS) (register.Correcting, error) {
	before, version, err := a.store.Correctable(ctx, a.tx, a.c.Number)
	if err != nil {
		return register.Correcting{}, err
	}
	if version != c.Version {
		return register.Correcting{}, register.ErrCorrectedMeanwhile
	}
	current, err := a.store.Current(ctx, a.tx, a.c.Number)
	if err != nil {
		return register.Correcting{}, err
	}
	after, changes := before.Corrected(c.Correction)
	_, now := current.Corrected(c.Correction)
	for _, change := range now { // what a reply said since, and is now said otherwise
		changes = addChange(changes, change)
	}
	a.checkCorrected(check, c.Correction, before, after)
	if err := check.result(); err != nil {
		return register.Correcting{}, err
	}
	correcting := register.Correcting{
		Number: a.c.Number, Version: version, Submission: after, Changes: changes, Reasons: c.Reasons, By: a.actor.Login,
	}
	return correcting, a.correctNISS(ctx, &correcting, before, niss)
}

func addChange(changes []complaint.FieldChange, change complaint.FieldChange) []complaint.FieldChange {
	for _, known := range changes {
		if known.Field == change.Field {
			return changes
		}
	}
	return append(changes, change)
}

// correctNISS adds the identification number where it changes.
func (a *act) correctNISS(ctx context.Context, c *register.Correcting, before complaint.Submission, niss *correctedNISS) error {
	if niss == nil {
		return nil
	}
	same, err := a.store.SameNISS(ctx, a.tx, a.c.Number, niss.digits)
	if err != nil || same {
		return err
	}
	if niss.placed && before.Complainant.NISS != "" {
		check := a.checker()
		check.wrong(atMemberNumber, foreignNumber)
		return check.result()
	}
	after := ""
	if niss.digits != "" {
		after = register.MaskedNISS
	}
	c.NISS = &niss.digits
	c.Changes = append(c.Changes, complaint.FieldChange{Field: complaint.FieldNISS, Before: before.Complainant.NISS, After: after})
	return nil
}

// checkCorrected checks the submission as it would be, by the rules for one that
// is lodged. A complainant who could be answered still can be.
func (a *act) checkCorrected(check *checker, c complaint.Correction, before, after complaint.Submission) {
	who := after.Complainant
	who.NISS = ""
	check.complainant(&who)
	check.representative(after.Representative)
	check.matter(after)
	if c.Representative != nil && before.Representative == nil {
		check.wrong("representative", "is not known: the mandate comes first")
	}
	if c.Language != nil && !after.Language.Valid() {
		check.wrong("language", "is not one of nl, fr, de, en")
	}
	if before.Complainant.Name != "" && strings.TrimSpace(after.Complainant.Name) == "" {
		check.wrong("complainant.name", "cannot be cleared")
	}
	if before.Correspondent().Channel != "" && after.Correspondent().Channel == "" {
		check.wrong("complainant.email", "is needed, or street and city: there must be a way to answer")
	}
}

// correct keeps a correction and does what follows from it.
func (a *act) correct(ctx context.Context, c register.Correcting) error {
	if err := a.store.Correct(ctx, a.tx, c); err != nil {
		return err
	}
	fields := make([]string, len(c.Changes))
	for i, change := range c.Changes {
		fields[i] = change.Field
	}
	err := a.note(ctx, "submission_corrected", register.Details{"version": c.Version + 1, "fields": fields}, append(fields, "reasons")...)
	if err != nil {
		return err
	}
	sub, err := a.store.Current(ctx, a.tx, a.c.Number)
	if err != nil {
		return err
	}
	unanswerable := a.c.ReplyChannel == ""
	a.c.ReplyChannel, a.c.Language = sub.Correspondent().Channel, sub.Language
	if err := register.SetReplyChannel(ctx, a.tx, a.c.Number, a.c.ReplyChannel); err != nil {
		return err
	}
	if a.undecided() != nil || a.c.Finding == complaint.FindPrivacy {
		return nil
	}
	return a.followCorrection(ctx, sub, unanswerable)
}

// followCorrection lets the rules judge again, and owes the acknowledgement that
// nobody could be sent before. The procedure hears of what matters to it.
func (a *act) followCorrection(ctx context.Context, sub complaint.Submission, unanswerable bool) error {
	message := complaint.SubmissionCorrected{Department: sub.Department}
	if unanswerable && a.c.ReplyChannel != "" && sub.InWriting() {
		owed, err := a.store.OweFirst(ctx, a.tx, a.c.Number, sub, complaint.LetterAcknowledgement)
		if err != nil {
			return err
		}
		if message.Letters = owed; len(owed) > 0 {
			message.Acknowledgement = owed[0]
		}
	}
	finding := complaint.Assess(sub)
	same := finding.Judgement == a.c.Finding && finding.Ground == a.c.Ground
	if same || a.c.Pending != "" && a.c.Pending != a.c.Ground { // what an officer asks is not ended by the rules
		if err := register.SaveFinding(ctx, a.tx, a.c.Number, finding); err != nil { // its facts may read otherwise
			return err
		}
		if sub.Department == a.c.Department && len(message.Letters) == 0 {
			return nil
		}
	} else if err := a.judgeAgain(ctx, sub, &message.ReplyReceived); err != nil {
		return err
	}
	return a.tell(ctx, complaint.CorrectSubmission, message)
}

// Submission opens what came in with its corrections, for who corrects it.
func (d *Desk) Submission(ctx context.Context, actor Actor, number complaint.Number) (register.SubmissionFile, error) {
	if err := actor.must(staff.Intake, staff.Ombuds, staff.DPO); err != nil {
		return register.SubmissionFile{}, err
	}
	if err := d.mayRead(ctx, actor, number); err != nil {
		return register.SubmissionFile{}, err
	}
	file, err := d.store.SubmissionFile(ctx, number)
	if err != nil {
		return register.SubmissionFile{}, err
	}
	return file, d.seen(ctx, actor, "submission", number, "submission", "corrections")
}
