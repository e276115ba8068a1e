package register_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/register"

	"github.com/jmoiron/sqlx"
)

func keysOf(t *testing.T, secret string) *register.Keys {
	t.Helper()
	keys, err := register.ParseKeys(secret)
	must(t, err)
	return keys
}

// rekey changes the key, and breaks off after so many batches when breaking is
// not negative. It tells whether it went through.
func (b *books) rekey(old, next string, breaking int) bool {
	b.t.Helper()
	ctx, stop := context.WithCancel(b.t.Context())
	defer stop()
	err := register.Rekey(ctx, pgtest.Connect(b.t, b.ownerURL), keysOf(b.t, old), keysOf(b.t, next), func(int) {
		if breaking--; breaking == -1 {
			stop()
		}
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		b.t.Fatal(err)
	}
	return err == nil
}

// sealedBooks is a register with so many complaints of people with numbers of
// their own, a correction and a kept answer.
func sealedBooks(t *testing.T, n int) *books {
	t.Helper()
	b := newBooks(t)
	for range n {
		b.lodge(func(s *complaint.Submission) { s.Complainant.NISS = "94051199802" })
	}
	b.tx(func(tx *sqlx.Tx) error {
		sub, version, err := b.Correctable(t.Context(), tx, "2026-000001")
		if err != nil {
			return err
		}
		number := "65010199160"
		return b.Correct(t.Context(), tx, register.Correcting{
			Number: "2026-000001", Version: version, Submission: sub, NISS: &number, Reasons: "Tikfout.", By: "olga",
			Changes: []complaint.FieldChange{{Field: complaint.FieldNISS}},
		})
	})
	if answered, _ := b.answer("a"); answered {
		t.Fatal("nothing was answered before")
	}
	return b
}

var asked = register.Key{Caller: "olga", Route: "r", Key: "k", BodyHash: []byte("body"), Permanent: true}

// answer sends a command under one key and keeps its answer the first time.
func (b *books) answer(answer string) (answered bool, got string) {
	b.t.Helper()
	b.tx(func(tx *sqlx.Tx) (err error) {
		if answered, err = b.ClaimKey(b.t.Context(), tx, asked, &got); err != nil || answered {
			return err
		}
		return b.KeepAnswer(b.t.Context(), tx, asked, answer)
	})
	return answered, got
}

// code reads the receipt code of the first complaint, as letters do.
func (b *books) code() (string, error) {
	var id int64
	must(b.t, b.db.Get(&id, `SELECT min(id) FROM letters WHERE number = '2026-000001'`))
	file, err := b.LetterFile(b.t.Context(), id)
	return file.ReceiptCode, err
}

func TestAfterAChangeOfTheKeyEverythingIsReadAndFoundAsBefore(t *testing.T) {
	b := sealedBooks(t, 3)
	code, err := b.code()
	must(t, err)
	third := "aa" + secret[2:]
	b.now = b.now.AddDate(0, 0, 2)
	_, err = b.SealHistory(t.Context())
	must(t, err)
	for _, change := range [][2]string{{secret, otherSecret}, {secret, otherSecret}, {otherSecret, third}} { // once more is harmless
		if !b.rekey(change[0], change[1], -1) {
			t.Fatal("the key was not changed")
		}
	}
	b = b.with(third)
	must(t, b.CheckKey(t.Context()))
	if got, err := b.code(); err != nil || got != code {
		t.Errorf("the receipt code reads %q, %v", got, err)
	}
	if _, err := b.Progress(t.Context(), code); err != nil {
		t.Errorf("the case is not found by its receipt code: %v", err)
	}
	for niss, want := range map[string]int{"94051199802": 2, "65010199160": 1} {
		page, err := b.Complaints(t.Context(), register.ComplaintFilter{NISS: niss})
		must(t, err)
		if len(page.Items) != want {
			t.Errorf("%d complaints are found by a number, want %d", len(page.Items), want)
		}
	}
	if answered, got := b.answer("b"); !answered || got != "a" {
		t.Errorf("the repeated command is answered %v %q", answered, got)
	}
	b.lodge(func(s *complaint.Submission) { s.Complainant.NISS = "94051199802" })
	history, err := b.CheckHistory(t.Context(), register.HistoryPart{})
	must(t, err)
	if !history.Sound {
		t.Errorf("history that was written with the keys before is doubted: %+v", history.Flaws)
	}
	page, err := b.Complaints(t.Context(), register.ComplaintFilter{NISS: "94051199802"})
	must(t, err)
	if len(page.Items) != 3 {
		t.Error("old and new complaints of one person are not found together")
	}
}

func TestAChangeOfTheKeyThatBreaksOffGoesOnWhereItWas(t *testing.T) {
	b := sealedBooks(t, 2)
	code, err := b.code()
	must(t, err)
	for breaking := range 3 { // after the submissions, the corrections, the answers
		if b.rekey(secret, otherSecret, breaking) {
			t.Fatalf("it went through although it was stopped after batch %d", breaking)
		}
		for name, secret := range map[string]string{"old": secret, "new": otherSecret} {
			err := b.with(secret).CheckKey(t.Context())
			if !errors.Is(err, register.ErrOtherKey) || (name == "new") != errors.Is(err, register.ErrKeyChanging) {
				t.Errorf("in the middle a program with the %s key gets %v", name, err)
			}
		}
		err := register.Rekey(t.Context(), pgtest.Connect(t, b.ownerURL), keysOf(t, "bb"+secret[2:]), keysOf(t, otherSecret), func(int) {})
		if !errors.Is(err, register.ErrOtherKey) {
			t.Errorf("going on from a key that was not the old one: %v", err)
		}
	}
	if !b.rekey(secret, otherSecret, -1) {
		t.Fatal("it did not go through")
	}
	b = b.with(otherSecret)
	if got, err := b.code(); err != nil || got != code {
		t.Errorf("the receipt code reads %q, %v", got, err)
	}
	if answered, got := b.answer("b"); !answered || got != "a" {
		t.Errorf("the repeated command is answered %v %q", answered, got)
	}
}

func TestTheOldKeyOpensNothingAndWritesNothingAfterAChange(t *testing.T) {
	b := sealedBooks(t, 2)
	must(t, b.CheckKey(t.Context()))
	must(t, b.CheckKey(t.Context()))
	code, err := b.code() // a program that runs on with the old key, which it knows to fit
	must(t, err)
	if !b.rekey(secret, otherSecret, -1) {
		t.Fatal("the key was not changed")
	}
	if err := b.with(secret).CheckKey(t.Context()); !errors.Is(err, register.ErrOtherKey) {
		t.Errorf("a program that starts with the old key gets %v", err)
	}
	if _, err := b.code(); err == nil {
		t.Error("the old key reads a receipt code")
	}
	err = register.Tx(t.Context(), b.db, func(tx *sqlx.Tx) error {
		return b.Lodge(t.Context(), tx, register.Lodging{
			Number: "2026-000009", ReceiptCode: "code", RegisteredAt: b.now, Finding: complaint.Finding{Judgement: complaint.FindAdmissible},
			Submission: complaint.Submission{Intake: complaint.Post, Language: "nl", ReceivedAt: b.now, Text: "x", Complainant: complaint.Complainant{Type: "person"}},
		})
	})
	if complaint.CategoryOf(err) != complaint.Unavailable {
		t.Errorf("lodging with the old key: %v", err)
	}
	b.holdsNothingOf(keysOf(t, secret), code)
}

// holdsNothingOf fails where anything that is sealed opens, or anything that is
// hashed can be tried out, with a key.
func (b *books) holdsNothingOf(old *register.Keys, code string) {
	b.t.Helper()
	for column, purpose := range map[string]string{
		"submissions.niss_sealed": "niss", "submissions.receipt_sealed": "receipt",
		"corrections.niss_before_sealed": "niss", "idempotency.answer_sealed": "answer",
	} {
		table, name, _ := strings.Cut(column, ".")
		var sealed [][]byte
		must(b.t, b.db.Select(&sealed, fmt.Sprintf(`SELECT %s FROM %s WHERE %s IS NOT NULL`, name, table, name)))
		if len(sealed) == 0 {
			b.t.Errorf("%s holds nothing to try", column)
		}
		for _, s := range sealed {
			for version := range 3 {
				if _, err := old.Open(purpose, append([]byte{byte(version)}, s[1:]...)); err == nil {
					b.t.Errorf("%s opens with the old key", column)
				}
			}
		}
	}
	var all string
	must(b.t, b.db.Get(&all, `SELECT (SELECT string_agg(s::text, ' ') FROM submissions s) || (SELECT string_agg(i::text, ' ') FROM idempotency i)`))
	for purpose, plain := range map[string]string{"niss": "94051199802", "receipt": code, "idempotency key": "k"} {
		if bytes.Contains([]byte(all), []byte(hex.EncodeToString(old.Hash(purpose, []byte(plain))))) {
			b.t.Errorf("a %s can be tried out with the old key", purpose)
		}
	}
}
