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

// books keeps letters in memory with the register's rules on their states.
type books struct {
	Books     // what a test does not expect panics
	states    map[int64]complaint.LetterState
	ways      map[int64]complaint.Channel
	codes     map[int64]string
	rows      []complaint.Recording
	closed    bool
	down      error // the database, until it is mended
	refuses   error // the register's rules, of commands that are applied
	postal    bool  // letters have an address to fall back to
	recipient string
	full      bool // every address has had its share of the day
	anew      int  // how often what was written is taken back before it leaves
	set       []complaint.Setback
}

const number = complaint.Number("2026-000001")

func (b *books) Record(_ context.Context, r complaint.Recording) error {
	if b.refuses != nil && r.Effect == complaint.Applied {
		return b.refuses
	}
	b.rows = append(b.rows, r)
	return b.down
}

func (b *books) Close(context.Context, complaint.Closing) (bool, error) {
	b.closed = true
	return true, nil
}

func (b *books) LetterFile(_ context.Context, id int64) (complaint.LetterFile, error) {
	return complaint.LetterFile{
		ID: id, Number: number, State: b.states[id], Channel: b.ways[id], Rendered: &complaint.RenderedLetter{Text: "written once", Recipient: b.recipient},
	}, nil
}

func (b *books) ClaimLetter(_ context.Context, id int64) (complaint.LetterState, error) {
	switch b.states[id] {
	case complaint.LetterRendered:
		b.states[id] = complaint.LetterSending
		return complaint.LetterSending, nil
	case complaint.LetterSending:
		b.states[id] = complaint.LetterInDoubt
	}
	return b.states[id], nil
}

func (b *books) LetterLeft(ctx context.Context, id int64, state complaint.LetterState, _ string) error {
	if err := errors.Join(ctx.Err(), b.down); err != nil {
		return err
	}
	b.states[id] = state
	return nil
}

func (b *books) LetterBack(_ context.Context, id int64, state complaint.LetterState, code string) error {
	b.states[id], b.codes[id] = state, code
	return nil
}

func (b *books) AdmitLetter(_ context.Context, id int64, a complaint.Admission) (complaint.LetterState, error) {
	if b.anew > 0 {
		b.anew--
		return complaint.LetterOwed, nil
	}
	if b.full && b.states[id] == complaint.LetterRendered {
		b.states[id] = complaint.LetterHeld
	}
	return b.states[id], nil
}

func (b *books) LetterRefused(_ context.Context, id int64, s complaint.Setback) (complaint.LetterState, complaint.Channel, error) {
	b.set, b.codes[id] = append(b.set, s), s.Code
	switch {
	case s.Certainty == complaint.Unclear:
		b.states[id] = complaint.LetterInDoubt
	case s.Certainty == complaint.Temporary:
		b.states[id] = complaint.LetterRendered
	case b.postal && b.ways[id] == complaint.ByEmail:
		b.states[id], b.ways[id] = complaint.LetterRendered, complaint.ByPost
	default:
		b.states[id] = complaint.LetterFailed
	}
	return b.states[id], b.ways[id], nil
}

// office answers as a test says and counts what left.
type office struct {
	files  bool
	fails  map[int64]error
	left   map[int64]int
	during func() // while the letter is on its way
	back   map[int64]int
}

func (o *office) Withdraw(_ context.Context, f complaint.LetterFile) error {
	if err := o.fails[f.ID]; err != nil {
		return err
	}
	o.back[f.ID]++
	return nil
}

func (o *office) Repeatable(channel complaint.Channel) bool {
	return o.files || channel == complaint.ByPost
}

func (o *office) MessageID(f complaint.LetterFile) string {
	return "<" + f.FileName() + "@fund.example>"
}

func (o *office) Send(_ context.Context, f complaint.LetterFile) (string, error) {
	if o.during != nil {
		o.during()
	}
	if err := o.fails[f.ID]; err != nil && f.Channel == complaint.ByEmail {
		return "", err
	}
	o.left[f.ID]++
	return "id", nil
}

// fund is the embedded organisation.
var fund = func() *organisation.Organisation {
	o, err := organisation.Load("")
	if err != nil {
		panic(err)
	}
	return o
}()

func setUp() (*Activities, *books, *office) {
	b := &books{
		states: map[int64]complaint.LetterState{1: complaint.LetterRendered, 2: complaint.LetterRendered},
		ways:   map[int64]complaint.Channel{1: complaint.ByEmail, 2: complaint.ByEmail},
		codes:  map[int64]string{},
	}
	o := &office{fails: map[int64]error{}, left: map[int64]int{}, back: map[int64]int{}}
	return &Activities{Books: b, Post: o, Organisation: fund}, b, o
}

func delivery(letters ...int64) complaint.Delivery {
	return complaint.Delivery{
		Number: number, Letters: letters,
		Recording: &complaint.Recording{Row: 7, Effect: complaint.Applied},
		Closing:   &complaint.Closing{Result: complaint.Answered},
	}
}

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
	_, err := a.WithdrawLetters(t.Context(), complaint.Delivery{Number: number, Letters: []int64{1, 2}})
	require.NoError(t, err)
	require.Equal(t, map[int64]int{1: 1}, o.back)
	o.fails[1] = errors.New("the folder is away")
	_, err = a.WithdrawLetters(t.Context(), complaint.Delivery{Number: number, Letters: []int64{1}})
	require.Error(t, err, "it is tried again")
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
