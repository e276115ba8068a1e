package letters

import "ombudsdienst/internal/complaint"

// addMissing says what the complainant is asked for, and until when.
func (d *complainantData) addMissing(s *speaker, file complaint.LetterFile) {
	m := file.Missing
	if file.Kind != complaint.LetterMissing && file.Kind != complaint.LetterMissingReminder {
		return
	}
	d.Missing, d.Reasons, d.Until = string(m.Ground), prose(m.Reasons), s.date(m.Until)
	if !m.Until.IsZero() {
		d.AskedOn = s.date(m.Until.AddDays(-complaint.PendingDays))
	}
	if r := file.Submission.Representative; r != nil {
		d.Representative = line(r.Name)
	}
}

// withhold takes out what stands in the file, for a representative who has no
// mandate: such a letter says that something arrived and what is missing.
func (d *complainantData) withhold() {
	d.ReceiptCode, d.Topic, d.Department, d.Reasons, d.LastDay = "", "", "", "", ""
}
