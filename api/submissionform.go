package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"unicode/utf8"

	"ombudsdienst/internal/complaint"
)

type formInput struct {
	Command
	RawBody multipart.Form
}

// lodgeForm takes in a complaint from a form, by the same rules as from JSON.
func (c *counter) lodgeForm(ctx context.Context, in *formInput) (*lodgedOutput, error) {
	if !inUTF8(in.RawBody) {
		return nil, newProblem(http.StatusBadRequest, "not_utf8", "The form is not in UTF-8.")
	}
	submission, wrong := c.form.read(in.RawBody)
	if len(wrong) > 0 {
		return nil, invalid(wrong...)
	}
	for i, file := range in.RawBody.File["attachments"] {
		content, err := contentOf(file)
		if err != nil {
			return nil, err
		}
		submission.Attachments[i].Content = content
	}
	if in.once.Key != "" {
		hash, err := hashOf(submission)
		if err != nil {
			return nil, err
		}
		in.once.BodyHash = hash
	}
	return c.takeIn(ctx, in.once, submission)
}

// inUTF8 tells whether all that a form says is text: its names and values, and
// what it calls its files.
func inUTF8(sent multipart.Form) bool {
	for name, values := range sent.Value {
		if !utf8.ValidString(name) || !utf8.ValidString(strings.Join(values, "\n")) {
			return false
		}
	}
	for name, files := range sent.File {
		for _, file := range files {
			if !utf8.ValidString(name + file.Filename + file.Header.Get("Content-Type")) {
				return false
			}
		}
	}
	return true
}

func contentOf(file *multipart.FileHeader) ([]byte, error) {
	opened, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	return io.ReadAll(opened)
}

// hashOf stands for what a form says. A browser parts its fields by another
// line each time, so the bytes of the body differ where nothing else does.
func hashOf(submission complaint.Submission) ([]byte, error) {
	sum := sha256.New()
	err := json.NewEncoder(sum).Encode(submission)
	return sum.Sum(nil), err
}
