package workflows

import (
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

const sendReferral = "Tell the complainant that the DPO answers"

// referPrivacy takes a referral to the data protection officer, who answers in a
// file and procedure of their own. A complaint that is about personal data alone
// ends here; of a mixed one the rest goes on. What had ended as referred and is
// then confirmed as mixed goes on too, where an officer decides on it.
func (p *procedure) referPrivacy(ctx workflow.Context, m complaint.Message[complaint.PrivacyReferred]) verdict {
	switch {
	case m.Body.Mixed && p.result == complaint.ReferredPrivacy:
		p.result, p.ending = "", ending{}
	case p.result != "":
		return notApplied
	case !m.Body.Mixed:
		p.refer(m.Body.Letters)
	case len(m.Body.Letters) > 0:
		p.send(ctx, activities.NameReferPrivacy, sendReferral, m.Body.Letters...)
	}
	return applied
}

func (p *procedure) refer(letters []int64) {
	p.end(complaint.ReferredPrivacy, activities.NameReferPrivacy, sendReferral, letters)
}
