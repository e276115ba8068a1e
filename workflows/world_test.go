package workflows_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"
)

const number = complaint.Number("2026-000001")

// Letters of the stories.
const (
	ackLetter     = int64(1)
	askLetter     = int64(2)
	outcomeLetter = int64(3)
	lateLetter    = int64(9)
)

// world stands in for the register and the post around one run with skipped time.
type world struct {
	t   *testing.T
	env *testsuite.TestWorkflowEnvironment

	mu       sync.Mutex
	notYet   map[string]int                                     // activity -> failures before it succeeds; -1: never
	pause    time.Duration                                      // until the next try; 0: as the procedure says
	away     func() bool                                        // the register cannot be reached now; nil: it can
	tries    map[string][]time.Time                             // of ordinary activities that found it away
	during   func(activity string)                              // while a delivery is under way
	state    map[int64]complaint.LetterState                    // how a letter ends when it is delivered; sent by default
	inFlight int                                                // how often the register refuses to close
	foreign  bool                                               // another run has entered the complaint
	log      []string                                           // activities in order, with their letters
	recorded []complaint.Recording                              // in order
	watched  []watched                                          // in order
	letters  map[int64]int                                      // deliveries that succeeded
	owed     map[int64]bool                                     // letters tried that have not left
	watch    func(complaint.WatchEvent) []int64                 // letters that the watch owes
	follows  func(complaint.WatchEvent) complaint.WatchRecorded // what else an event brings about; nil: nothing
	newest   func() int                                         // version of the deadline in the register; nil: none is newer
	closings []complaint.Closing
	seq      int
	told     *complaint.Told // for a run that takes over
}

type watched struct {
	complaint.WatchEvent
	at time.Time
}

func newWorld(t *testing.T, now time.Time) *world {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	w := &world{
		t: t, env: suite.NewTestWorkflowEnvironment(), notYet: map[string]int{}, tries: map[string][]time.Time{},
		state: map[int64]complaint.LetterState{}, letters: map[int64]int{}, owed: map[int64]bool{}, seq: 1,
		watch: func(e complaint.WatchEvent) []int64 {
			if e.Kind == complaint.WatchOverdue {
				return []int64{lateLetter}
			}
			return nil
		},
	}
	w.env.SetStartTime(now)
	w.env.SetTestTimeout(time.Minute)
	w.env.RegisterWorkflowWithOptions(workflows.ComplaintProcedure, workflow.RegisterOptions{Name: workflows.ComplaintProcedureName})
	w.register(activities.NameRegister, w.enter)
	w.register(activities.NameRecord, w.record)
	w.register(activities.NameRecordWatch, w.recordWatch)
	w.register(activities.NameClose, w.close)
	for _, name := range []string{
		activities.NameAcknowledge, activities.NameAskComplainant, activities.NameAskDepartment, activities.NameRemindDepartment,
		activities.NameNotifyDecision, activities.NameNotifyOutcome, activities.NameConfirmWithdrawal,
		activities.NameConfirmVoiding, activities.NameConfirmReopening,
		activities.NameSendLateNotice, activities.NameSendLetter, activities.NameTellLastDay, activities.NameWarnStaff, activities.NameHandToService,
	} {
		w.register(name, func(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
			return w.deliver(ctx, name, d)
		})
	}
	w.register(activities.NameWithdrawLetters, w.withdraw)
	return w
}

func (w *world) withdraw(ctx context.Context, d complaint.Delivery) (complaint.Delivered, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.unreachable(ctx); err != nil {
		return complaint.Delivered{}, err
	}
	for _, id := range d.Letters {
		delete(w.owed, id)
	}
	w.log = append(w.log, fmt.Sprint("WithdrawLetters ", d.Letters))
	return complaint.Delivered{}, nil
}

func (w *world) register(name string, run any) {
	w.env.RegisterActivityWithOptions(run, activity.RegisterOptions{Name: name})
}

func (w *world) enter(ctx context.Context, e complaint.Entry) (complaint.Entered, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.unreachable(ctx); err != nil {
		return complaint.Entered{}, err
	}
	w.log = append(w.log, "Register "+string(e.Stage))
	entered := complaint.Entered{Ours: !w.foreign}
	if e.TakesOver {
		entered.Told = w.told
	}
	return entered, w.fails(activities.NameRegister)
}

func (w *world) record(ctx context.Context, r complaint.Recording) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.unreachable(ctx); err != nil {
		return err
	}
	if err := w.fails(activities.NameRecord); err != nil {
		return err
	}
	w.recorded = append(w.recorded, r)
	return nil
}

func (w *world) recordWatch(ctx context.Context, e complaint.WatchEvent) (complaint.WatchRecorded, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.unreachable(ctx); err != nil {
		return complaint.WatchRecorded{}, err
	}
	if w.newest != nil && e.Version < w.newest() {
		return complaint.WatchRecorded{Superseded: true}, nil
	}
	w.watched = append(w.watched, watched{e, w.env.Now()})
	var recorded complaint.WatchRecorded
	if w.follows != nil {
		recorded = w.follows(e)
	}
	recorded.Letters = w.watch(e)
	return recorded, nil
}

func (w *world) close(ctx context.Context, c complaint.Closing) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.unreachable(ctx); err != nil {
		return false, err
	}
	return w.closes(c), nil
}

func (w *world) closes(c complaint.Closing) bool {
	w.closings = append(w.closings, c)
	if w.inFlight > 0 {
		w.inFlight--
		return false
	}
	return len(w.owed) == 0
}

func (w *world) deliver(ctx context.Context, name string, d complaint.Delivery) (complaint.Delivered, error) {
	if w.during != nil {
		w.during(name)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.unreachable(ctx); err != nil {
		return complaint.Delivered{}, err
	}
	if d.Recording != nil {
		w.recorded = append(w.recorded, *d.Recording)
	}
	for _, id := range d.Letters {
		if name != activities.NameWarnStaff { // keeps no case open
			w.owed[id] = true
		}
	}
	if err := w.fails(name); err != nil {
		return complaint.Delivered{}, err
	}
	w.log = append(w.log, fmt.Sprint(name, " ", d.Letters))
	var out complaint.Delivered
	allLeft := true
	for _, id := range d.Letters {
		state, ok := w.state[id]
		if !ok {
			state = complaint.LetterSent
		}
		w.letters[id]++
		delete(w.state, id) // sent again, it leaves
		out.Letters = append(out.Letters, complaint.LetterSettled{Letter: id, State: state})
		if state.HasLeft() {
			delete(w.owed, id)
		}
		allLeft = allLeft && state.HasLeft()
	}
	out.Closed = d.Closing != nil && allLeft && w.closes(*d.Closing)
	return out, nil
}

// fails answers with a temporary failure as often as notYet says.
func (w *world) fails(name string) error {
	if w.notYet[name] == 0 {
		return nil
	}
	w.notYet[name]--
	return w.notNow()
}

func (w *world) notNow() error {
	return temporal.NewApplicationErrorWithOptions("not now", "register", temporal.ApplicationErrorOptions{NextRetryDelay: w.pause})
}

// unreachable answers with a temporary failure while the register is away.
func (w *world) unreachable(ctx context.Context) error {
	if w.away == nil || !w.away() {
		return nil
	}
	if info := activity.GetInfo(ctx); !info.IsLocalActivity {
		w.tries[info.ActivityType.Name] = append(w.tries[info.ActivityType.Name], w.env.Now())
	}
	return w.notNow()
}

// run lets the procedure run to its end and gives its ending.
func (w *world) run(s complaint.Start) workflows.Ending {
	w.t.Helper()
	return w.runMessage(complaint.Message[complaint.Start]{Row: 100, Seq: 1, Body: s})
}

func (w *world) runMessage(first complaint.Message[complaint.Start]) workflows.Ending {
	w.t.Helper()
	w.env.ExecuteWorkflow(workflows.ComplaintProcedureName, first)
	require.True(w.t, w.env.IsWorkflowCompleted(), "the procedure has not ended")
	require.NoError(w.t, w.env.GetWorkflowError())
	var e workflows.Ending
	require.NoError(w.t, w.env.GetWorkflowResult(&e))
	return e
}

func (w *world) effects() map[int64]complaint.Effect {
	m := map[int64]complaint.Effect{}
	for _, r := range w.recorded {
		if r.Row != 0 {
			m[r.Row] = r.Effect
		}
	}
	return m
}

func (w *world) kinds(kind complaint.WatchKind) []watched {
	var found []watched
	for _, e := range w.watched {
		if e.Kind == kind {
			found = append(found, e)
		}
	}
	return found
}

func brussels(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, complaint.Brussels)
	if err != nil {
		panic(err)
	}
	return t
}

const day = 24 * time.Hour
