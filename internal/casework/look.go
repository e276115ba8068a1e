package casework

import (
	"context"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/staff"
)

// What a look at one thing shows. See the register for the fields.
type (
	File             = register.File
	ConsultationView = register.ConsultationView
	LetterView       = register.LetterText
)

// seen records in the audit that somebody opened something. It comes before the
// answer: what is not recorded is not shown.
func (d *Desk) seen(ctx context.Context, actor Actor, what string, number complaint.Number, fields ...string) error {
	return d.store.AddAudit(ctx, d.DB, register.Audit{
		Actor: actor.name(), Role: actor.role(), Action: "look_" + what,
		Number: number, Address: actor.Address, Fields: fields,
	})
}

// File opens a complaint's file.
func (d *Desk) File(ctx context.Context, actor Actor, number complaint.Number) (File, error) {
	if err := actor.must(staff.Ombuds, staff.Supervisor); err != nil {
		return File{}, err
	}
	file, err := d.store.File(ctx, number)
	if err != nil {
		return File{}, err
	}
	return file, d.seen(ctx, actor, "file", number, "submission", "consultations", "letters", "decisions", "events")
}

// Complaints lists complaints. What it is asked stands in an address, so an
// identification number is refused there: Search takes it.
func (d *Desk) Complaints(ctx context.Context, actor Actor, f register.ComplaintFilter) (register.ComplaintPage, error) {
	if err := actor.must(staff.Intake, staff.Ombuds, staff.Supervisor); err != nil {
		return register.ComplaintPage{}, err
	}
	if _, err := complaint.ParseNISS(f.Q, d.today()); err == nil {
		return register.ComplaintPage{}, complaint.InvalidFields([]complaint.FieldError{{
			Location: "query.q", Message: "is an identification number, which stands in no address: search with POST /api/v1/complaints/search",
		}})
	}
	if f.Mine {
		f.Officer = actor.Login
	}
	page, err := d.store.Complaints(ctx, f)
	if err != nil {
		return register.ComplaintPage{}, err
	}
	return page, d.seen(ctx, actor, "complaints", "", f.Named()...)
}

// Search is Complaints for what names people: words, or an identification number
// by exact match. That somebody searched, and by what, stands in the audit.
func (d *Desk) Search(ctx context.Context, actor Actor, f register.ComplaintFilter) (register.ComplaintPage, error) {
	if err := actor.must(staff.Intake, staff.Ombuds, staff.Supervisor); err != nil {
		return register.ComplaintPage{}, err
	}
	if f.NISS != "" {
		digits, err := complaint.ParseNISS(f.NISS, d.today())
		if err != nil {
			check := d.checker()
			check.wrong("niss", "is not a valid identification number")
			return register.ComplaintPage{}, check.result()
		}
		f.NISS = digits
	}
	if f.Mine {
		f.Officer = actor.Login
	}
	found, err := d.store.Complaints(ctx, f)
	if err != nil {
		return register.ComplaintPage{}, err
	}
	return found, d.seen(ctx, actor, "search", "", f.Named()...)
}

// Consultations lists consultations; handlers see those of their own department.
func (d *Desk) Consultations(ctx context.Context, actor Actor, f register.ConsultationFilter) (register.ConsultationPage, error) {
	if err := actor.must(staff.Handler, staff.Ombuds, staff.Supervisor); err != nil {
		return register.ConsultationPage{}, err
	}
	if err := actor.ownDepartment(&f.Department); err != nil {
		return register.ConsultationPage{}, err
	}
	page, err := d.store.Consultations(ctx, f)
	if err != nil {
		return register.ConsultationPage{}, err
	}
	return page, d.seen(ctx, actor, "consultations", "", f.Named()...)
}

// Consultation opens one consultation, for handlers only of their own department.
func (d *Desk) Consultation(ctx context.Context, actor Actor, id int64) (ConsultationView, error) {
	if err := actor.must(staff.Handler, staff.Ombuds, staff.Supervisor); err != nil {
		return ConsultationView{}, err
	}
	view, err := d.store.ConsultationView(ctx, id)
	if err != nil {
		return ConsultationView{}, err
	}
	if !ownConsultation(actor, view.Department) {
		return ConsultationView{}, complaint.Missing("consultation")
	}
	return view, d.seen(ctx, actor, "consultation", view.Number,
		"question", "answer", "complainant_name", "member_number", "facts_on", "topic", "contested_reference")
}

// Letters lists letters.
func (d *Desk) Letters(ctx context.Context, actor Actor, f register.LetterFilter) (register.LetterPage, error) {
	if err := actor.must(staff.Intake, staff.Ombuds, staff.Supervisor); err != nil {
		return register.LetterPage{}, err
	}
	f.Posts = actor.Role == staff.Intake
	page, err := d.store.Letters(ctx, f)
	if err != nil {
		return register.LetterPage{}, err
	}
	return page, d.seen(ctx, actor, "letters", "", f.Named()...)
}

// Letter opens one letter with its words.
func (d *Desk) Letter(ctx context.Context, actor Actor, id int64) (LetterView, error) {
	if err := actor.must(staff.Intake, staff.Ombuds, staff.Supervisor, staff.DPO); err != nil {
		return LetterView{}, err
	}
	letter, err := d.store.Letter(ctx, id)
	if err != nil {
		return LetterView{}, err
	}
	if err := d.mayReadLetter(ctx, actor, letter); err != nil {
		return LetterView{}, err
	}
	return letter, d.seen(ctx, actor, "letter", letter.Number, "recipient", "subject", "text")
}

// LetterPDF opens one letter as it leaves.
func (d *Desk) LetterPDF(ctx context.Context, actor Actor, id int64) ([]byte, error) {
	letter, err := d.Letter(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if letter.RenderedAt == nil {
		return nil, complaint.Missing("PDF: the letter has not been written yet")
	}
	return d.store.LetterPDF(ctx, id)
}

// Attachment opens a document of those that the actor may read.
func (d *Desk) Attachment(ctx context.Context, actor Actor, id int64) (complaint.Attachment, error) {
	if err := actor.must(staff.Handler, staff.Ombuds, staff.Supervisor, staff.DPO); err != nil {
		return complaint.Attachment{}, err
	}
	info, err := d.store.AttachmentInfo(ctx, id)
	if err != nil {
		return complaint.Attachment{}, err
	}
	if err := d.mayReadAttachment(ctx, actor, info); err != nil {
		return complaint.Attachment{}, err
	}
	if info.Scan == complaint.ScanInfected {
		return complaint.Attachment{}, complaint.Conflict("attachment_infected",
			"The virus scanner found something in attachment %d: it is kept and shown to nobody.", id)
	}
	if err := d.seen(ctx, actor, "attachment", info.Number, "attachments"); err != nil {
		return complaint.Attachment{}, err
	}
	content, err := d.store.AttachmentContent(ctx, id)
	return complaint.Attachment{Name: info.Name, MediaType: info.MediaType, Content: content}, err
}
