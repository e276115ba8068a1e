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

// mayRead refuses a look at what somebody wrote: to all but the DPO where it is
// the DPO's alone, and to the DPO where nothing was referred.
func (d *Desk) mayRead(ctx context.Context, actor Actor, number complaint.Number, of complaint.FileKind) error {
	look, err := d.store.PrivacyLook(ctx, number)
	if err != nil {
		return err
	}
	alone := look.Concealed || of == complaint.PrivacyFile
	if actor.Role == staff.DPO && !look.Referred || actor.Role != staff.DPO && alone {
		return complaint.Refuse(complaint.Forbidden, "privacy", "Who may read this depends on whether it is about personal data; it is not for your role.")
	}
	return nil
}

// unseen answers a look that is not for the caller as if there were nothing to
// look at: IDs are counted up, and a refusal would tell that something is there.
func unseen(err error, what string) error {
	if complaint.CategoryOf(err) == complaint.Forbidden {
		return complaint.Missing(what)
	}
	return err
}
