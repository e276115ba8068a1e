package exchange

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"ombudsdienst/internal/complaint"
)

// entry is one submission of a file: its place, counted from 1, its key and
// what it says.
type entry struct {
	place   int
	key     string
	content complaint.Submission
}

// readFile reads all of a file before anything is posted, so that a file with a
// fault posts nothing.
func readFile(file string) ([]entry, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	items, mapping, err := open(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	entries := make([]entry, 0, len(items))
	keys := keys{}
	for i, item := range items {
		content, err := mapping(item)
		if err != nil {
			return nil, fmt.Errorf("%s, submission %d: %w", file, i+1, err)
		}
		entries = append(entries, entry{place: i + 1, key: keys.of(item), content: content})
	}
	return entries, nil
}

// open finds the items of a file and how one of them becomes a submission.
func open(data []byte) (items []json.RawMessage, mapping func(json.RawMessage) (complaint.Submission, error), err error) {
	var file struct {
		Note        string            `json:"note"`
		Reference   string            `json:"reference"`
		Submissions []json.RawMessage `json:"submissions"`
		Letters     []json.RawMessage `json:"letters"`
	}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		err = decode(data, &file.Submissions)
	} else {
		err = decode(data, &file)
	}
	switch {
	case err != nil:
		return nil, nil, err
	case len(file.Submissions) > 0 && len(file.Letters) > 0:
		return nil, nil, errors.New("a file holds submissions or letters, not both")
	case len(file.Submissions) > 0:
		return file.Submissions, fromContract, nil
	case len(file.Letters) > 0:
		return file.Letters, fromLetter, nil
	default:
		return nil, nil, errors.New("the file holds no submissions")
	}
}

func fromContract(item json.RawMessage) (s complaint.Submission, err error) {
	return s, decode(item, &s)
}

// decode reads JSON strictly: every field is known and nothing follows. Its
// errors name fields and never repeat a value, unlike those of the decoder.
func decode(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if err == nil {
		if _, err = decoder.Token(); err == io.EOF {
			return nil
		}
		return errors.New("something follows after the end of the JSON")
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("this is not JSON, from byte %d on", syntax.Offset)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("this is not JSON: it ends too early")
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("the field %q is of another type than the contract says", wrong.Field)
	}
	// The decoder has no type for this error; its text holds only the field's name.
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Errorf("the contract knows no field %s", name)
	}
	return errors.New("a value is not of the form the contract says: days are YYYY-MM-DD, moments RFC 3339, contents base64")
}

// keys makes the idempotency key of each submission from what stands in the
// file, before dates are shifted and whatever the file is called. So repeating
// the command lodges nothing twice, on another day and with another --as-of
// too: a key belongs to the submission, and the dates it was lodged under first
// stand. A submission that was altered is another submission. Identical ones in
// one file are told apart by counting them.
type keys map[[sha256.Size]byte]int

func (k keys) of(item json.RawMessage) string {
	var plain bytes.Buffer
	if err := json.Compact(&plain, item); err != nil {
		panic(err) // it was decoded before
	}
	sum := sha256.Sum256(plain.Bytes())
	k[sum]++
	return fmt.Sprintf("lodge-%x-%d", sum, k[sum])
}
