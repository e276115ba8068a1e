package activities

import (
	"context"
	"errors"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/letters"
)

// TellFindings tells the supervisors by e-mail how many findings of verification
// are new; what they are stands on the supervisors' list. It is no activity: the
// worker does it every now and then. A message that cannot leave for now is tried
// again in a later round; one of which it is not known is not.
func (a *Activities) TellFindings(ctx context.Context) error {
	notice, err := a.Books.ClaimFindings(ctx)
	if err != nil || notice == nil {
		return err
	}
	file := complaint.LetterFile{
		ID: notice.At.Unix(), Kind: complaint.LetterFindingsNotice, Channel: complaint.ByEmail, Findings: notice,
	}
	rendered, err := letters.Render(a.Organisation, file, complaint.DayOf(notice.At))
	if err != nil {
		return err
	}
	file.Rendered = &rendered
	_, err = a.Post.Send(ctx, file)
	if failure, ok := errors.AsType[*complaint.SendError](err); ok && failure.Certainty == complaint.Temporary {
		return a.note(ctx, func(ctx context.Context) error { return a.Books.FindingsUntold(ctx, *notice) })
	}
	return err
}
