package activities

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

const number = complaint.Number("2026-000001")

func TestALetterThatHasLeftIsNotSentAgain(t *testing.T) {
	a, b, o := setUp()
	for range 3 {
		d, err := a.NotifyOutcome(t.Context(), delivery(1))
		require.NoError(t, err)
		require.Equal(t, []complaint.LetterSettled{{Letter: 1, State: complaint.LetterSent}}, d.Letters)
		require.True(t, d.Closed)
	}
	require.Equal(t, 1, o.left[1])
	require.Len(t, b.rows, 3, "recording is the register's to repeat")
}

func TestOnlyADroppedLetterIsTakenFromThePrintFolder(t *testing.T) {
	a, b, o := setUp()
	b.states[1], b.states[2] = complaint.LetterDropped, complaint.LetterPosted // posted all the same
	o.prints = map[int64]bool{1: true, 2: true}
	_, err := a.WithdrawLetters(t.Context(), complaint.Delivery{Number: number, Letters: []int64{1, 2}})
	require.NoError(t, err)
	require.Equal(t, map[int64]bool{2: true}, o.prints)
	o.away = errors.New("the folder is away")
	_, err = a.WithdrawLetters(t.Context(), complaint.Delivery{Number: number, Letters: []int64{1}})
	require.Error(t, err, "it is tried again")
}

// The file was in place when the worker was killed, and the register had not heard.
func TestALetterDroppedBeforeTheRegisterHeardOfItsFileLeavesThePrintFolder(t *testing.T) {
	a, b, o := setUp()
	o.prints[1], b.ways[1], b.states[1] = true, complaint.ByPost, complaint.LetterDropped
	o.away = errors.New("the folder is away")
	_, err := a.NotifyDecision(t.Context(), delivery(1))
	require.Error(t, err, "it is tried again")
	o.away = nil
	d, err := a.NotifyDecision(t.Context(), delivery(1))
	require.NoError(t, err)
	require.Equal(t, complaint.LetterDropped, d.Letters[0].State)
	require.Empty(t, o.prints, "the mail room would post it")
	require.Empty(t, o.left)
}

func TestALetterThatGoesByEmailSinceItWasPrintedLeavesOnce(t *testing.T) {
	a, b, o := setUp()
	o.prints[1], b.ways[1] = true, complaint.ByEmail // a correction came before the register heard of the file
	o.away = errors.New("the folder is away")
	_, err := a.NotifyOutcome(t.Context(), delivery(1))
	require.Error(t, err)
	require.Empty(t, o.left, "the paper first, then the e-mail")
	o.away = nil
	d, err := a.NotifyOutcome(t.Context(), delivery(1))
	require.NoError(t, err)
	require.Equal(t, complaint.LetterSent, d.Letters[0].State)
	require.Empty(t, o.prints)
}

func TestALetterFoundInSendingIsInDoubtAndStaysHere(t *testing.T) {
	a, b, o := setUp()
	b.states[1] = complaint.LetterSending // the process died in the middle
	d, err := a.NotifyOutcome(t.Context(), delivery(1))
	require.NoError(t, err)
	require.Equal(t, complaint.LetterInDoubt, d.Letters[0].State)
	require.False(t, d.Closed)
	require.Zero(t, o.left[1])
	require.False(t, b.closed)
}

func TestALetterTakenBackOnItsWayOutIsTriedAgain(t *testing.T) {
	a, b, o := setUp()
	b.anew = 1
	d, err := a.Acknowledge(t.Context(), complaint.Delivery{Number: number, Letters: []int64{1}})
	require.NoError(t, err)
	require.Equal(t, complaint.LetterSent, d.Letters[0].State)
	require.Equal(t, 1, o.left[1])
	b.anew = mostWritings
	_, err = a.Acknowledge(t.Context(), complaint.Delivery{Number: number, Letters: []int64{2}})
	require.Error(t, err, "it is still owed, so the activity may not end well")
}

func TestALetterWrittenAsAFileIsNeverInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, o := setUp()
		o.files = true
		b.down = errors.New("connection lost")
		_, err := a.Acknowledge(t.Context(), complaint.Delivery{Number: number, Letters: []int64{1}})
		require.Error(t, err, "it left, but the register did not hear of it")
		b.down = nil
		d, err := a.Acknowledge(t.Context(), complaint.Delivery{Number: number, Letters: []int64{1}})
		require.NoError(t, err)
		require.Equal(t, complaint.LetterSent, d.Letters[0].State)
	})
}

func TestWhatIsKnownOfALetterBecomesNoDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, o := setUp()
		ctx, timeIsOver := context.WithCancel(t.Context())
		o.during = func() {
			timeIsOver() // the mail server was slow, and the register is away for some seconds
			b.down = errors.New("connection lost")
			time.AfterFunc(5*time.Second, func() { b.down = nil })
		}
		d, err := a.Acknowledge(ctx, complaint.Delivery{Number: number, Letters: []int64{1}})
		require.NoError(t, err)
		require.Equal(t, complaint.LetterSent, d.Letters[0].State)
		require.Equal(t, complaint.LetterSent, b.states[1])
	})
}

func TestALetterOfAnotherComplaintIsNotTouched(t *testing.T) {
	a, b, o := setUp()
	_, err := a.Acknowledge(t.Context(), complaint.Delivery{Number: "2026-000002", Letters: []int64{1}})
	require.Error(t, err)
	require.Equal(t, complaint.LetterRendered, b.states[1])
	require.Empty(t, o.left)
}

func TestALetterThatCannotBeWrittenWaitsForAPerson(t *testing.T) {
	a, b, o := setUp()
	var err error
	a.Organisation, err = organisation.Load("")
	require.NoError(t, err)
	a.Now = time.Now
	b.states[1] = complaint.LetterOwed // and its file has nothing to write from
	d, err := a.AskDepartment(t.Context(), complaint.Delivery{Number: number, Letters: []int64{1}})
	require.NoError(t, err)
	require.Equal(t, complaint.LetterFailed, d.Letters[0].State)
	require.Equal(t, "letter_not_writable", b.codes[1])
	require.Empty(t, o.left)
}

func TestACommandThatTheRegisterRefusesIsRecordedAsNotApplied(t *testing.T) {
	a, b, _ := setUp()
	b.refuses = complaint.Conflict("not_now", "Not now.")
	require.NoError(t, a.Record(t.Context(), complaint.Recording{Number: number, Row: 7, Effect: complaint.Applied}))
	require.Equal(t, []complaint.Recording{{Number: number, Row: 7, Effect: complaint.NotApplied}}, b.rows)
}

func TestWhatTheMailServerSaysDecidesWhatHappensNext(t *testing.T) {
	for certainty, state := range map[complaint.Certainty]complaint.LetterState{
		complaint.Temporary: complaint.LetterRendered,
		complaint.Permanent: complaint.LetterFailed,
		complaint.Unclear:   complaint.LetterInDoubt,
	} {
		t.Run(string(certainty), func(t *testing.T) {
			a, b, o := setUp()
			o.fails[1] = &complaint.SendError{Certainty: certainty, Code: "smtp_x"}
			_, err := a.Acknowledge(t.Context(), delivery(1))
			require.Equal(t, certainty == complaint.Temporary, err != nil, "only a temporary failure is tried again")
			require.Equal(t, state, b.states[1])
			require.Equal(t, "smtp_x", b.codes[1])
			require.False(t, b.closed)
		})
	}
}

func TestALetterThatEmailCannotBringLeavesAsPaperAtOnce(t *testing.T) {
	a, b, o := setUp()
	b.postal = true
	o.fails[1] = &complaint.SendError{Certainty: complaint.Permanent, Code: "smtp_550"}
	d, err := a.NotifyOutcome(t.Context(), delivery(1))
	require.NoError(t, err)
	require.Equal(t, complaint.LetterPrinted, d.Letters[0].State)
	require.Equal(t, complaint.ByPost, b.ways[1])
	require.False(t, d.Closed, "the case waits for the mail room")
}

func TestNothingIsSentToAMachine(t *testing.T) {
	a, b, o := setUp()
	b.recipient = "no-reply@shop.example"
	d, err := a.Acknowledge(t.Context(), complaint.Delivery{Number: number, Letters: []int64{1}})
	require.NoError(t, err)
	require.Equal(t, complaint.LetterFailed, d.Letters[0].State, "no postal address is known")
	require.Equal(t, complaint.CodeMachineAddress, b.codes[1])
	b.postal = true
	d, err = a.Acknowledge(t.Context(), complaint.Delivery{Number: number, Letters: []int64{2}})
	require.NoError(t, err)
	require.Equal(t, complaint.LetterPrinted, d.Letters[0].State)
	require.Equal(t, map[int64]int{2: 1}, o.left)
}

func TestALetterThatIsHeldKeepsTheCaseOpen(t *testing.T) {
	a, b, o := setUp()
	b.full = true
	d, err := a.NotifyOutcome(t.Context(), delivery(1))
	require.NoError(t, err, "it is not tried again and again; it waits for tomorrow")
	require.Equal(t, complaint.LetterHeld, d.Letters[0].State)
	require.False(t, d.Closed)
	require.Empty(t, o.left)
}

func TestOneLetterDoesNotWaitForAnother(t *testing.T) {
	a, b, o := setUp()
	o.fails[1] = &complaint.SendError{Certainty: complaint.Temporary, Code: "smtp_451"}
	_, err := a.NotifyOutcome(t.Context(), delivery(1, 2))
	require.Error(t, err)
	require.Equal(t, complaint.LetterSent, b.states[2])
	o.fails = nil
	_, err = a.NotifyOutcome(t.Context(), delivery(1, 2))
	require.NoError(t, err)
	require.Equal(t, map[int64]int{1: 1, 2: 1}, o.left)
}

func TestACommandIsRecordedAlsoWhenItsLetterCannotLeave(t *testing.T) {
	a, b, o := setUp()
	o.fails[1] = &complaint.SendError{Certainty: complaint.Temporary, Code: "smtp_unreachable"}
	_, err := a.AskDepartment(t.Context(), delivery(1))
	require.Error(t, err)
	require.Len(t, b.rows, 1)
}

func TestPrintedLettersWaitForTheMailRoom(t *testing.T) {
	a, b, _ := setUp()
	b.ways[1] = complaint.ByPost
	d, err := a.NotifyOutcome(t.Context(), delivery(1))
	require.NoError(t, err)
	require.Equal(t, complaint.LetterPrinted, d.Letters[0].State)
	require.False(t, d.Closed)
}

func TestNoForeignTextReachesTemporal(t *testing.T) {
	secret := errors.New("550 no such mailbox lotte.v@example.org")
	for _, err := range []error{
		secret,
		&complaint.Error{Category: complaint.Unavailable, Code: "register_unavailable", Detail: secret.Error()},
		&complaint.Error{Category: complaint.NotFound, Code: "not_found", Detail: secret.Error()},
		&complaint.SendError{Certainty: complaint.Temporary, Code: "smtp_451"},
	} {
		translated := translate(t.Context(), err)
		require.NotContains(t, translated.Error(), "lotte")
		application, ok := errors.AsType[*temporal.ApplicationError](translated)
		require.True(t, ok)
		require.Nil(t, errors.Unwrap(application))
		final := complaint.CategoryOf(err) == complaint.NotFound
		require.Equal(t, final, application.NonRetryable(), "only the register's own refusal is final")
	}
}
