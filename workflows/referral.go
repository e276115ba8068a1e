package workflows

import (
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

const sendReferral = "Tell the complainant that the DPO answers"

// referPrivacy takes a referral to the data protection officer, who answers in a
// file and procedure of their own. A complaint that is about personal data alone
// ends here; of a mixed one the rest goes on, also when it had been ending as
// referred, and where the rules judged it anew, by what they found.
func (p *procedure) referPrivacy(ctx workflow.Context, m complaint.Message[complaint.PrivacyReferred]) verdict {
	switch {
	case m.Body.Mixed && p.result == complaint.ReferredPrivacy:
		p.result, p.ending = "", ending{}
	case p.result != "":
		return notApplied
	}
	p.unconfirmed = false
	p.drop(ctx, m.Body.Dropped)
	if !m.Body.Mixed {
		p.refer(m.Body.Letters)
		return applied
	}
	p.tellReferral(ctx, m.Body.Letters)
	if m.Body.Found != nil {
		p.takeFinding(ctx, *m.Body.Found)
	}
	return applied
}

func (p *procedure) refer(letters []int64) {
	p.end(complaint.ReferredPrivacy, activities.NameReferPrivacy, sendReferral, letters)
}

// tellReferral tells the complainant beside the main line.
func (p *procedure) tellReferral(ctx workflow.Context, letters []int64) {
	if len(letters) > 0 {
		p.send(ctx, activities.NameReferPrivacy, sendReferral, letters...)
	}
}

// referredOnArrival tells the complainant of a referral of which a person has
// still to confirm what it covers. Until then the case waits for that, on its own
// clock; confirmed before the complaint was registered, the letter leaves as well.
func (p *procedure) referredOnArrival(ctx workflow.Context) {
	if p.Referred != nil && p.Referred.Unconfirmed {
		p.tellReferral(ctx, p.Referred.Letters)
	}
}
