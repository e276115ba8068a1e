package complaint

import "strings"

// FileKind tells the two files that a complaint may have apart; each has a
// procedure, a row order and a term of its own.
type FileKind string

// The files. The zero kind is the complaint's own file.
const (
	ComplaintFile FileKind = ""
	PrivacyFile   FileKind = "privacy" // the DPO's
)

// CaseOf finds the file of a workflow ID; false for another kind of workflow.
func CaseOf(workflowID string) (CaseID, bool) {
	kind, number, _ := strings.Cut(workflowID, "-")
	id := CaseID{Number: Number(number)}
	switch kind {
	case "complaint":
	case "privacy":
		id.File = PrivacyFile
	default:
		return CaseID{}, false
	}
	return id, id.Number.Valid()
}

// CaseID names one file.
type CaseID struct {
	Number Number   `json:"number"`
	File   FileKind `json:"file,omitempty"`
}

// WorkflowID is the file's procedure in Temporal: complaint-2026-000123 or
// privacy-2026-000123.
func (c CaseID) WorkflowID() string {
	if c.File == PrivacyFile {
		return "privacy-" + string(c.Number)
	}
	return "complaint-" + string(c.Number)
}
