package exchange

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"ombudsdienst/internal/complaint"

	"codeberg.org/go-pdf/fpdf"
)

// attachments makes documents for names: of an attachment a letter has only its
// name, so a page that says the name stands for it.
func attachments(names []string) ([]complaint.Attachment, error) {
	var made []complaint.Attachment
	for _, name := range names {
		content, err := page(name)
		if err != nil {
			return nil, fmt.Errorf("an attachment cannot be made: %w", err)
		}
		if !strings.HasSuffix(strings.ToLower(name), ".pdf") {
			name += ".pdf"
		}
		made = append(made, complaint.Attachment{Name: name, MediaType: "application/pdf", Content: content})
	}
	return made, nil
}

// page makes a PDF of one page. The same text gives the same bytes on any day,
// so that a repeated lodging is the same.
func page(text string) ([]byte, error) {
	document := fpdf.New("P", "mm", "A4", "")
	always := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	document.SetCreationDate(always)
	document.SetModificationDate(always)
	document.SetCatalogSort(true)
	document.AddPage()
	document.SetFont("Helvetica", "", 12)
	document.Cell(0, 10, document.UnicodeTranslatorFromDescriptor("")(text))
	var content bytes.Buffer
	err := document.Output(&content)
	return content.Bytes(), err
}
