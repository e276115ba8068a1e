package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"
	"mime/multipart"

	"ombudsdienst/internal/complaint"
)

type formInput struct {
	Command
	RawBody multipart.Form
}

// lodgeForm takes in a complaint from a form, by the same rules as from JSON.
func (c *counter) lodgeForm(ctx context.Context, in *formInput) (*lodgedOutput, error) {
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
