package casework_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
)

// until waits for what others bring about.
func until(t *testing.T, holds func() bool, what string) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("does not happen: %s", what)
		}
		time.Sleep(time.Millisecond) // between two looks
	}
}

// jam keeps the counter of the year from everybody until the function that it
// answers with is called, so that lodgings gather behind one.
func (o *office) jam() (release func()) {
	o.t.Helper()
	tx, err := o.db.Beginx()
	must(o.t, err)
	year, _, _ := complaint.DayOf(o.now).Date()
	_, err = tx.Exec(`INSERT INTO counters (year, last) VALUES ($1, 1) ON CONFLICT (year) DO UPDATE SET last = counters.last`, year)
	must(o.t, err)
	return func() { must(o.t, tx.Rollback()) }
}

// lodging is a lodging under way.
type lodging struct {
	receipt casework.Receipt
	err     error
	done    chan struct{}
}

func (o *office) lodgeBeside(ctx context.Context, once casework.Once, s complaint.Submission) *lodging {
	l := &lodging{done: make(chan struct{})}
	go func() {
		defer close(l.done)
		results, err := o.Lodge(ctx, public, once, []complaint.Submission{s})
		if l.err = err; err == nil {
			l.receipt, l.err = results[0].Receipt, results[0].Err
		}
	}()
	return l
}

// gathered lodges one submission that is being stored, then others that wait.
func (o *office) gathered(n int, change func(int, *complaint.Submission)) (first *lodging, others []*lodging) {
	first = o.lodgeBeside(o.t.Context(), casework.Once{}, plain())
	until(o.t, func() bool { return o.Storing() && o.Waiting() == 0 }, "the first is being stored")
	for i := range n {
		s := plain()
		if change != nil {
			change(i, &s)
		}
		others = append(others, o.lodgeBeside(o.t.Context(), casework.Once{}, s))
		until(o.t, func() bool { return o.Waiting() == i+1 }, "the next waits")
	}
	return first, others
}

// plain is a web form without documents.
func plain() complaint.Submission {
	s := webForm()
	s.Attachments = nil
	return s
}

func numbers(lodgings ...*lodging) []complaint.Number {
	found := make([]complaint.Number, len(lodgings))
	for i, l := range lodgings {
		<-l.done
		found[i] = l.receipt.Number
	}
	return found
}

func firstNumbers(n int) []complaint.Number {
	all := make([]complaint.Number, n)
	for i := range all {
		all[i] = complaint.NewNumber(2026, i+1)
	}
	return all
}

// refuses makes the register refuse submissions on a topic.
func (o *office) refuses(topic string) {
	o.t.Helper()
	_, err := o.owner.Exec(fmt.Sprintf(`
		CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
		CREATE TRIGGER refuse BEFORE INSERT ON submissions FOR EACH ROW WHEN (NEW.topic = '%s') EXECUTE FUNCTION refuse()`, topic))
	must(o.t, err)
}
