package register

import (
	"context"
	"slices"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// Handling is how a complaint is dealt with: by whom, by whom not, and what
// departments were asked.
type Handling struct {
	InCharge      string             `json:"in_charge" doc:"login of who handles it today: the officer, or who stands in; empty: the shared list of the officers"`
	Assignments   []AssignmentNote   `json:"assignments"`
	Involved      complaint.Involved `json:"involved" doc:"who is named as involved, and neither decides nor answers"`
	Involvements  []Involvement      `json:"involvements" doc:"who was named, by whom and why; the last one counts"`
	ServiceFirst  *ServiceFirst      `json:"service_first" nullable:"true" doc:"the warm hand-over to the service; null: none"`
	Consultations []ConsultationFile `json:"consultations"`
}

// ConsultationFile is a consultation as the officer sees it.
type ConsultationFile struct {
	complaint.Consultation
	HandedOverTo int64            `json:"handed_over_to,omitempty" doc:"the question, to another department, that continues it"`
	Attachments  []AttachmentInfo `json:"attachments" doc:"documents that came with the answer"`
}

func (s *Store) fileHandling(ctx context.Context, tx *sqlx.Tx, number complaint.Number, file *File) (err error) {
	h := &file.Handling
	if h.InCharge, err = InCharge(ctx, tx, number, complaint.DayOf(s.now())); err != nil {
		return err
	}
	if h.Assignments, err = assignments(ctx, tx, number); err != nil {
		return err
	}
	if h.Involvements, err = involvements(ctx, tx, number); err != nil {
		return err
	}
	h.Involved = latest(h.Involvements)
	if h.ServiceFirst, err = FindServiceFirst(ctx, tx, number); err != nil {
		return err
	}
	h.Consultations, err = consultationFiles(ctx, tx, number)
	return err
}

func consultationFiles(ctx context.Context, tx *sqlx.Tx, number complaint.Number) ([]ConsultationFile, error) {
	asked, err := Consultations(ctx, tx, number)
	if err != nil {
		return nil, err
	}
	documents, err := attachments(ctx, tx, number)
	if err != nil {
		return nil, err
	}
	files := make([]ConsultationFile, 0, len(asked))
	for _, c := range asked {
		f := ConsultationFile{Consultation: c, Attachments: []AttachmentInfo{}}
		for _, d := range documents {
			if d.Consultation != nil && *d.Consultation == c.ID {
				f.Attachments = append(f.Attachments, d)
			}
		}
		if i := slices.IndexFunc(asked, func(next complaint.Consultation) bool { return next.HandedOverFrom == c.ID }); i >= 0 {
			f.HandedOverTo = asked[i].ID
		}
		files = append(files, f)
	}
	return files, nil
}
