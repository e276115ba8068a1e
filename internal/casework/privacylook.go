package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// PrivacyFiles lists the DPO's files.
func (d *Desk) PrivacyFiles(ctx context.Context, actor Actor, f register.PrivacyFilter) (register.PrivacyPage, error) {
	if err := actor.must(staff.DPO); err != nil {
		return register.PrivacyPage{}, err
	}
	page, err := d.store.PrivacyFiles(ctx, f)
	if err != nil {
		return register.PrivacyPage{}, err
	}
	return page, d.seen(ctx, actor, "privacy_files", "", f.Named()...)
}

// PrivacyFile opens one of the DPO's files.
func (d *Desk) PrivacyFile(ctx context.Context, actor Actor, number complaint.Number) (register.PrivacyFile, error) {
	if err := actor.must(staff.DPO); err != nil {
		return register.PrivacyFile{}, err
	}
	file, err := d.store.PrivacyFile(ctx, number)
	if err != nil {
		return register.PrivacyFile{}, err
	}
	return file, d.seen(ctx, actor, "privacy_file", number, "submission", "answer", "letters", "events")
}

// mayRead refuses a look at what came in: to all but the DPO where it is the DPO's
// alone. For the DPO a complaint that was not referred is not there.
func (d *Desk) mayRead(ctx context.Context, actor Actor, number complaint.Number) error {
	look, err := d.store.PrivacyLook(ctx, number)
	switch {
	case err != nil:
		return err
	case actor.Role == staff.DPO && !look.Referred:
		return complaint.Missing("complaint")
	case actor.Role != staff.DPO && look.Concealed:
		return complaint.Refuse(complaint.Forbidden, "privacy", "All of this is about personal data: its content is for the data protection officer alone.")
	}
	return nil
}

// mayReadLetter is the same for a letter: of the complaint's own letters the DPO
// reads those of one that is the DPO's alone.
func (d *Desk) mayReadLetter(ctx context.Context, actor Actor, letter LetterView) error {
	look, err := d.store.PrivacyLook(ctx, letter.Number)
	ofDPO := look.Concealed || letter.Kind.File() == complaint.PrivacyFile
	if err == nil && ofDPO != (actor.Role == staff.DPO) {
		err = complaint.Missing("letter")
	}
	return err
}

// mayReadAttachment is the same for a document: the DPO reads what came in, and
// what departments sent only where all of the complaint is the DPO's; a handler
// reads what came with an answer of the own department.
func (d *Desk) mayReadAttachment(ctx context.Context, actor Actor, a register.AttachmentInfo) error {
	look, err := d.store.PrivacyLook(ctx, a.Number)
	if err != nil {
		return err
	}
	var may bool
	switch actor.Role {
	case staff.DPO:
		may = look.Concealed || look.Referred && a.Consultation == nil
	case staff.Handler:
		may = !look.Concealed && a.Department != nil && *a.Department == actor.Department
	default:
		may = !look.Concealed
	}
	if !may {
		return complaint.Missing("attachment") // IDs are counted up: a refusal would tell that something is there
	}
	return nil
}
