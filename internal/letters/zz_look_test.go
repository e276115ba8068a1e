package letters

import (
	"os"
	"testing"

	"ombudsdienst/internal/complaint"
)

func TestZZLook(t *testing.T) {
	for _, l := range complaint.Languages {
		file := full(complaint.LetterAcknowledgement, l)
		file.Submission.ContestedDecision = &complaint.ContestedDecision{}
		os.WriteFile("/tmp/let/ack-"+string(l)+".pdf", render(t, theOrganisation(t), file).PDF, 0o600)
	}
}
