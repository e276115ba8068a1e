package relay

import (
	"context"
	"fmt"

	"ombudsdienst/internal/complaint"
)

const checkAttachments = "attachments"

// unscannedAttachments finds documents that the virus scanner could not look at
// for an hour, of a case each.
func (v *verifier) unscannedAttachments(ctx context.Context) ([]Finding, error) {
	type waiting struct {
		Number    complaint.Number
		Documents int
	}
	const query = `
		SELECT a.number, count(*) AS documents
		FROM attachment_scans x JOIN attachments a ON a.id = x.attachment JOIN submissions s ON s.number = a.number
		WHERE x.state = 'unscanned' AND x.tries >= $1
		GROUP BY a.number ORDER BY a.number`
	return each(ctx, v, func(w waiting) Finding {
		return Finding{Check: checkAttachments, Number: w.Number, Text: fmt.Sprintf(
			"The virus scanner could not look at %d of its documents, which are shown all the same: "+
				"see that clamd runs and takes documents of 10 MB; they are tried again by themselves.", w.Documents)}
	}, query, scanTries)
}

// scanTries are as many as fit into about an hour.
const scanTries = 7
