package casework

import (
	"context"
	"fmt"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// ComplainantReply is what came in answer to what was asked: the mandate, the
// complaint in writing, or information. The facts it tells are what the rules
// judge by again.
type ComplainantReply struct {
	complaint.Reply
	Representation *complaint.Representation // with a mandate; nil: attached, for the whole complaint
	Attachments    []complaint.Attachment
}

// Reply keeps what the complainant sent while something is asked, or while the
// rules' doubt waits for a person, and lets the rules judge again. The writing
// of a phone note sets day 0, and then the acknowledgement is owed.
func (d *Desk) Reply(ctx context.Context, actor Actor, once Once, number complaint.Number, reply ComplainantReply) (Standing, error) {
	if err := actor.must(staff.Intake, staff.Ombuds); err != nil {
		return Standing{}, err
	}
	if reply.ReceivedAt.IsZero() {
		reply.ReceivedAt = d.Now()
	}
	reply.ReceivedAt = reply.ReceivedAt.Truncate(time.Microsecond)
	check := d.checker()
	if err := d.checkReply(check, &reply); err != nil {
		return Standing{}, err
	}
	return command(ctx, d, actor, once, number, func(a *act) (Standing, error) {
		if reply.ReceivedAt.Before(a.c.ReceivedAt) {
			check.wrong("received_at", "is before the complaint was received")
			return Standing{}, check.result()
		}
		if err := a.mayReply(reply.Kind); err != nil {
			return Standing{}, err
		}
		return a.standing(), a.takeReply(ctx, reply)
	})
}

func (d *Desk) checkReply(c *checker, r *ComplainantReply) error {
	switch r.Kind {
	case complaint.ReplyMandate, complaint.ReplyWriting, complaint.ReplyInformation:
	default:
		c.wrong("kind", "is not one of mandate, writing, information")
	}
	if r.Kind == complaint.ReplyInformation {
		c.required("text", r.Text, 50_000)
	}
	c.text("text", r.Text, 50_000)
	if r.ReceivedAt.After(d.Now()) {
		c.wrong("received_at", "is in the future")
	}
	c.facts(r.FactsOn, r.FactsUntil)
	c.initiatives(r.Initiatives)
	if r.Department != "" {
		c.department("department", r.Department)
	}
	if r.Kind != complaint.ReplyMandate && r.Representation != nil {
		c.wrong("mandate", "belongs to a reply of the kind mandate")
	}
	if r.Kind == complaint.ReplyMandate {
		if r.Representation == nil {
			r.Representation = &complaint.Representation{Mandate: complaint.MandateAttached}
		}
		c.mandate(*r.Representation, complaint.MandateAttached, complaint.MandateLegal)
		if r.Representation.Mandate == complaint.MandateAttached && len(r.Attachments) == 0 {
			c.wrong("attachments", "needs the mandate itself")
		}
	}
	if r.Kind == complaint.ReplyWriting && r.Text == "" && len(r.Attachments) == 0 {
		c.wrong("text", "is required, or the writing as an attachment")
	}
	if err := c.attachments(r.Attachments); err != nil {
		return err
	}
	return c.result()
}

// mayReply: a reply answers what was asked, or tells what a doubt waits for. A
// case that goes on takes other documents by another way.
func (a *act) mayReply(kind complaint.ReplyKind) error {
	if err := a.undecided(); err != nil {
		return err
	}
	if a.c.Admissible() || a.c.Finding == complaint.FindPrivacy {
		return complaint.Conflict("nothing_asked", "Nothing is asked of the complainant of %s.", a.c.Number)
	}
	if kind == complaint.ReplyMandate && !a.c.Represented {
		return complaint.Conflict("no_representative", "Nobody represents the complainant of %s.", a.c.Number)
	}
	if kind == complaint.ReplyWriting && a.c.DeadlineVersion != 0 {
		return complaint.Conflict("in_writing", "Complaint %s is in writing.", a.c.Number)
	}
	return nil
}

func (a *act) takeReply(ctx context.Context, reply ComplainantReply) error {
	if err := a.store.AddReply(ctx, a.tx, a.c.Number, reply.Reply, a.actor.Login, reply.Attachments); err != nil {
		return err
	}
	err := a.note(ctx, "complainant_replied", register.Details{"kind": reply.Kind, "received_on": complaint.DayOf(reply.ReceivedAt)},
		"text", "facts_on", "facts_until", "initiatives", "department", "mandate", "attachments")
	if err != nil {
		return err
	}
	sub, err := a.store.Current(ctx, a.tx, a.c.Number)
	if err != nil {
		return err
	}
	if reply.Representation != nil {
		r := *reply.Representation
		r.Copy = r.Copy || sub.Representative.Copy
		if sub, err = a.represent(ctx, sub, r, ""); err != nil {
			return err
		}
	}
	message := complaint.ReplyReceived{}
	if reply.Kind == complaint.ReplyWriting {
		if message.Letters, err = a.writingArrived(ctx, reply.ReceivedAt, sub); err != nil {
			return err
		}
		if len(message.Letters) > 0 {
			message.Acknowledgement = message.Letters[0]
		}
	}
	if err := a.judgeAgain(ctx, sub, &message); err != nil {
		return err
	}
	return a.tell(ctx, complaint.ReceiveReply, message)
}

// writingArrived sets day 0 of a phone note, and owes the acknowledgement
// with the copy of it.
func (a *act) writingArrived(ctx context.Context, at time.Time, sub complaint.Submission) ([]int64, error) {
	_, err := a.changeTerm(ctx, complaint.TermEvent{Kind: complaint.TermWritingArrived, At: at}, "",
		func(termChange) ([]int64, error) { return nil, nil })
	if err != nil {
		return nil, err
	}
	return a.store.OweTo(ctx, a.tx, a.c.Number, sub, complaint.LetterAcknowledgement, 1)
}

// judgeAgain lets the rules judge the submission as it now stands. What is asked
// ends when its ground is lifted; another defect is asked for anew.
func (a *act) judgeAgain(ctx context.Context, sub complaint.Submission, message *complaint.ReplyReceived) error {
	finding := complaint.Assess(sub)
	message.Judgement, message.Ground = finding.Judgement, finding.Ground
	message.Admitted = a.c.Judged == complaint.FindAdmissible || a.c.Judged == "" && !finding.NeedsPerson()
	if err := register.SaveFinding(ctx, a.tx, a.c.Number, finding); err != nil {
		return err
	}
	err := a.store.AddEvent(ctx, a.tx, a.c.Number, "assessed", a.actor.name(), register.Details{"finding": finding.Judgement, "ground": finding.Ground})
	if err != nil {
		return err
	}
	switch {
	case finding.Judgement == complaint.FindPending && finding.Ground == a.c.Pending:
		message.StillAsked, message.Admitted = true, false
	default:
		if err := a.endAsking(ctx, sub, finding, message); err != nil {
			return err
		}
	}
	if finding.Judgement == complaint.FindInadmissible {
		message.RefuseBy = a.refuseBy(complaint.DayOf(sub.Arrived()))
	}
	return nil
}

// endAsking ends what was asked, and asks for the next thing where there is one
// and somebody to write to.
func (a *act) endAsking(ctx context.Context, sub complaint.Submission, finding complaint.Finding, message *complaint.ReplyReceived) error {
	var err error
	if message.Dropped, err = a.store.DropRequests(ctx, a.tx, a.c.Number); err != nil {
		return err
	}
	if err := register.EndPending(ctx, a.tx, a.c.Number); err != nil {
		return err
	}
	if finding.Judgement != complaint.FindPending || sub.FirstContact().Channel == "" {
		return nil
	}
	asked, letters, err := a.askComplainant(ctx, finding.Ground, sub)
	if err != nil {
		return err
	}
	message.Asked, message.Admitted = asked, false
	message.Letters = append(message.Letters, letters...)
	return nil
}

// refuseBy is when a refusal that the rules found must have gone out: on day 10
// from day 0, in office hours.
func (d *Desk) refuseBy(day0 complaint.Day) time.Time {
	return d.Calendar.OfficeMoment(day0.AddDays(complaint.RefusalDays))
}

// facts checks the days of the facts.
func (c *checker) facts(on, until complaint.Day) {
	c.past("facts_on", on)
	c.past("facts_until", until)
	if !until.IsZero() && !on.IsZero() && until.Before(on) {
		c.wrong("facts_until", "is before facts_on")
	}
}

// initiatives checks the steps that were taken since the facts, and says of each
// whose it was: the complainant's unless said otherwise.
func (c *checker) initiatives(steps []complaint.Initiative) {
	if len(steps) > 50 {
		c.wrong("initiatives", "has more than 50 steps")
	}
	for i := range steps {
		step, at := &steps[i], fmt.Sprintf("initiatives[%d].", i)
		if step.On.IsZero() {
			c.wrong(at+"on", "is required")
		}
		c.past(at+"on", step.On)
		c.required(at+"how", step.How, 100)
		switch step.By {
		case "":
			step.By = complaint.ByComplainant
		case complaint.ByComplainant, complaint.ByRepresentative, complaint.ByOrganisation:
		default:
			c.wrong(at+"by", "is not one of complainant, representative, organisation")
		}
	}
}
