package wiring

import (
	"context"
	"time"

	"ombudsdienst/internal/attachment"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// How often the worker looks for documents that were not scanned, and how many it
// takes at a time.
const (
	scanEvery = 5 * time.Second
	scanMost  = 20

	scanConnections = 2 // of its own to the register
)

// scanner is the virus scanner of a deployment; nil: it has none.
func (s Settings) scanner() (*attachment.Scanner, error) {
	if s.ClamdAddress == "" || s.ClamdAddress == "off" {
		return nil, nil
	}
	return attachment.NewScanner(s.ClamdAddress)
}

// scanAll has the documents scanned that come in, until ctx ends. Nobody waits for
// it: while the scanner is away documents stay unscanned, and are tried again.
func (p *Program) scanAll(ctx context.Context, store *register.Store, scanner *attachment.Scanner) {
	for ctx.Err() == nil {
		if err := scanSome(ctx, store, scanner); err != nil && ctx.Err() == nil {
			p.Log.WarnContext(ctx, "documents wait to be scanned: the register could not be reached or refused")
		}
		select {
		case <-ctx.Done():
		case <-time.After(scanEvery):
		}
	}
}

// scanSome has some documents scanned. Two workers may scan one document, which
// does no harm. What the scanner answers to one that it cannot judge is kept as a
// try, so that it does not hold up the others.
func scanSome(ctx context.Context, store *register.Store, scanner *attachment.Scanner) error {
	found, err := store.UnscannedAttachments(ctx, scanMost)
	if err != nil {
		return err
	}
	for _, id := range found {
		content, err := store.AttachmentContent(ctx, id)
		if err != nil {
			return err
		}
		state := complaint.ScanClean
		verdict, failed := scanner.Scan(ctx, content)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case failed != nil:
			state = complaint.ScanUnscanned
		case verdict.Infected:
			state = complaint.ScanInfected
		}
		if err := store.AttachmentScanned(ctx, id, state, verdict.Signature, content); err != nil {
			return err
		}
	}
	return nil
}
