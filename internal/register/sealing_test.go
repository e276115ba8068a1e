package register_test

import (
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

func TestEachDayIsSealedOnceAndAMissedOneIsMadeUpFor(t *testing.T) {
	c := newChronicle(t)
	seal := func() *register.Seal {
		made, err := c.SealHistory(t.Context())
		must(t, err)
		return made
	}
	if made := seal(); made != nil {
		t.Errorf("a day was sealed twice: %+v", made)
	}
	c.now = complaint.NewDay(2026, time.March, 4).End().Add(14 * time.Minute)
	if made := seal(); made != nil {
		t.Errorf("a day was sealed while what began in it may go on: %+v", made)
	}
	c.now = c.now.Add(time.Minute)
	if made := seal(); made == nil || made.Day != complaint.NewDay(2026, time.March, 4) || made.FirstDay != made.Day {
		t.Errorf("seal %+v, want one of 4 March", made)
	}
	c.now = c.now.Add(72 * time.Hour)
	if found := c.check(); len(found.Flaws) != 1 || found.Flaws[0].Kind != register.FlawUnsealed {
		t.Errorf("flaws %v, want the days that are not sealed", found.Flaws)
	}
	if made := seal(); made == nil || made.FirstDay != complaint.NewDay(2026, time.March, 5) || made.Day != complaint.NewDay(2026, time.March, 7) {
		t.Errorf("seal %+v, want one of 5 to 7 March", made)
	}
	c.wantSound()
}

// latest seals what was written lately.
func (c *chronicle) latest() *register.Seal {
	c.t.Helper()
	made, err := c.SealLatest(c.t.Context())
	must(c.t, err)
	return made
}

// TestTheEndOfAChainIsHeldWithinAMinute: rows that were written last are removed
// together with what binds them, and nothing else of the chain tells of them.
func TestTheEndOfAChainIsHeldWithinAMinute(t *testing.T) {
	c := newChronicle(t)
	first := c.lodge().Number
	c.write(first, "received")
	c.now = c.now.Add(time.Minute)
	if made := c.latest(); made == nil || made.Chains != 3 {
		t.Errorf("seal %+v, want one of the three chains that grew", made)
	}
	if made := c.latest(); made != nil {
		t.Errorf("seal %+v of nothing new", made)
	}
	c.wantSound()
	c.keep()
	c.wantEachFound(t, map[string][]string{
		"the last row of a file": {
			`DELETE FROM audit WHERE id = (SELECT max(id) FROM audit WHERE number = '2026-000002')`,
			`DELETE FROM bindings WHERE (chain, place) = (SELECT chain, max(place) FROM bindings WHERE chain = '2026-000002' GROUP BY chain)`,
		},
		"the last look at a list": {
			`DELETE FROM audit WHERE id = (SELECT max(id) FROM audit WHERE number IS NULL)`,
			`DELETE FROM bindings WHERE (chain, place) = (SELECT chain, max(place) FROM bindings WHERE chain = '@olga' GROUP BY chain)`,
		},
		"a file that has just come in": {
			`DELETE FROM events WHERE number = '2026-000003'`, `DELETE FROM audit WHERE number = '2026-000003'`,
			`DELETE FROM bindings WHERE chain = '2026-000003'`,
		},
		"the last row with its line under the seal": {
			`DELETE FROM audit WHERE id = (SELECT max(id) FROM audit WHERE number = '2026-000002')`,
			`DELETE FROM sealed WHERE (chain, place) = (SELECT chain, max(place) FROM bindings WHERE chain = '2026-000002' GROUP BY chain)`,
			`DELETE FROM bindings WHERE (chain, place) = (SELECT chain, max(place) FROM bindings WHERE chain = '2026-000002' GROUP BY chain)`,
		},
	})
}

// TestWhatIsCommittedAfterASealStandsUnderTheNext: a row takes its ID when it is
// written, and others that were written later may be sealed first.
func TestWhatIsCommittedAfterASealStandsUnderTheNext(t *testing.T) {
	c := newChronicle(t)
	slow, err := c.db.Beginx()
	must(t, err)
	defer func() { _ = slow.Rollback() }() // nothing to undo once it is committed
	must(t, c.AddAudit(t.Context(), slow, register.Audit{Actor: "slow", Role: "ombuds", Action: "look_complaints", Address: "::1"}))
	c.write("2026-000001", "moved")
	c.now = c.now.Add(time.Minute)
	if made := c.latest(); made == nil || made.Chains != 3 {
		t.Fatalf("seal %+v, want one of three chains", made)
	}
	must(t, slow.Commit())
	c.now = c.now.Add(time.Minute)
	if made := c.latest(); made == nil || made.Chains != 1 {
		t.Errorf("seal %+v, want one of the chain that came late", made)
	}
	c.wantSound()
}

// TestAFirstSealMayBeOneOfAMinute: a register is protected from its first day on.
func TestAFirstSealMayBeOneOfAMinute(t *testing.T) {
	c := &chronicle{books: newBooks(t)}
	if made := c.latest(); made != nil {
		t.Errorf("seal %+v of an empty register", made)
	}
	c.write(c.lodge().Number, "received")
	if made := c.latest(); made == nil || made.ID != 1 || made.Chains != 1 {
		t.Errorf("seal %+v", made)
	}
	c.now = c.now.Add(24 * time.Hour)
	made, err := c.SealHistory(t.Context())
	must(t, err)
	if made == nil || made.ID != 2 || made.FirstDay != complaint.DayOf(monday) || made.Day != made.FirstDay {
		t.Errorf("seal %+v, want one of the first day", made)
	}
	c.wantSound()
}
