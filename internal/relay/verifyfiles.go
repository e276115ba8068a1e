package relay

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"ombudsdienst/internal/complaint"

	"github.com/lib/pq"
)

const (
	checkFiles   = "files"
	checkSurplus = "surplus"
)

// printFolder is where letters wait for the mail room; false when they lie on
// another machine.
func (v *verifier) printFolder() (folder string, here bool) {
	folder = filepath.Join(v.Folder, "print")
	_, err := os.Stat(folder)
	return folder, v.Folder != "" && err == nil
}

// lostFiles finds letters that wait to be posted and whose file is gone.
func (v *verifier) lostFiles(ctx context.Context) ([]Finding, error) {
	folder, here := v.printFolder()
	if !here {
		return nil, nil
	}
	type printed struct {
		ID     int64
		Number complaint.Number
		Kind   complaint.LetterKind
		File   string `db:"provider_id"`
	}
	const query = `
		SELECT id, number, kind, provider_id FROM letters
		WHERE state = 'printed' AND provider_id IS NOT NULL AND printed_at < $1 ORDER BY number, id`
	findings, err := each(ctx, v, func(p printed) Finding {
		_, err := os.Stat(filepath.Join(folder, filepath.Base(p.File)))
		if !errors.Is(err, fs.ErrNotExist) {
			return Finding{}
		}
		return Finding{Check: checkFiles, File: p.Kind.File(), Number: p.Number, Subject: fmt.Sprintf("letter %d", p.ID), Text: fmt.Sprintf(
			"Letter %d (%s) waits to be posted, but its file is not in the print folder: the mail room prints it from /api/v1/letters/%d/pdf.", p.ID, p.Kind, p.ID)}
	}, query, v.now.Add(-grace))
	return slices.DeleteFunc(findings, func(f Finding) bool { return f.Check == "" }), err
}

// surplusFiles finds files in the print folder of letters that do not leave by
// post: the mail room would post what was dropped, or what left by e-mail.
func (v *verifier) surplusFiles(ctx context.Context) ([]Finding, error) {
	folder, here := v.printFolder()
	if !here {
		return nil, nil
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, nil // what the letters need of the folder, the worker says
	}
	files, ids := map[string]bool{}, pq.Int64Array{}
	for _, entry := range entries {
		name, isLetter := strings.CutSuffix(entry.Name(), ".pdf")
		id, err := strconv.ParseInt(name[strings.LastIndex(name, "-")+1:], 10, 64)
		if isLetter && err == nil {
			files[name], ids = true, append(ids, id)
		}
	}
	type surplus struct {
		ID     int64
		Number complaint.Number
		Kind   complaint.LetterKind
		State  complaint.LetterState
	}
	const query = `
		SELECT id, number, kind, state FROM letters
		WHERE id = ANY ($1) AND (state = 'dropped' OR state = 'sent' AND channel = 'email')
		  AND COALESCE(left_at, settled_at) < $2 ORDER BY number, id`
	found, err := each(ctx, v, func(l surplus) Finding {
		if !files[complaint.LetterFile{ID: l.ID, Number: l.Number, Kind: l.Kind}.FileName()] {
			return Finding{} // of a register that was lost
		}
		return Finding{Check: checkSurplus, File: l.Kind.File(), Number: l.Number, Subject: fmt.Sprintf("letter %d", l.ID), Text: fmt.Sprintf(
			"Letter %d (%s) is %s, but its file is in the print folder: the mail room takes it out and does not post it.", l.ID, l.Kind, l.State)}
	}, query, ids, v.now.Add(-grace))
	return slices.DeleteFunc(found, func(f Finding) bool { return f.Check == "" }), err
}
