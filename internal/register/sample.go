package register

import (
	"context"

	"ombudsdienst/internal/complaint"
)

// UnreadableCodes opens the receipt codes that were stored first and last, so
// many of each, and lists the complaints whose code the key does not open.
func (s *Store) UnreadableCodes(ctx context.Context, sample int) ([]complaint.Number, error) {
	var rows []struct {
		Number complaint.Number
		Sealed []byte `db:"receipt_sealed"`
	}
	err := s.db.SelectContext(ctx, &rows, `
		(SELECT number, receipt_sealed FROM submissions ORDER BY number LIMIT $1)
		UNION
		(SELECT number, receipt_sealed FROM submissions ORDER BY number DESC LIMIT $1)
		ORDER BY number`, sample)
	if err != nil {
		return nil, wrap(err, "read a sample of receipt codes")
	}
	var unreadable []complaint.Number
	for _, r := range rows {
		if _, err := s.keys.Open(purposeReceipt, r.Sealed); err != nil {
			unreadable = append(unreadable, r.Number)
		}
	}
	return unreadable, nil
}
