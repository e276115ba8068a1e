// Package workflows is the procedure in time: where a complaint stands, whom it
// waits for, and what must happen when. It is deterministic and does no I/O; it
// knows the register and the letters only through activities, and carries
// numbers, codes and moments, never what a person wrote.
//
// # The procedure on one page
//
// One run of ComplaintProcedure is one complaint, from its number to its
// closing:
//
//	         ┌──────────┐
//	start ──►│ Register │  step 1: entered in the register
//	         └────┬─────┘
//	              │  beside the main line, each waiting for nothing else:
//	              ├──► Acknowledge            step 2, as soon as possible
//	              ├──► the watch              warnings, "Day 45", overdue
//	              ▼
//	       assessing ── in doubt, or a refusal found: an ombuds officer decides;
//	              │     something missing: the complainant is asked, for 30 days
//	              │  admissible                     │ inadmissible, reclassified
//	              ▼                                 │
//	     investigating ◄─► consultations,           │  step 3: with the departments
//	              │        each asked, reminded,    │
//	              │        escalated, answered      │
//	              ▼                                 ▼
//	       answering ── NotifyOutcome, NotifyDecision or ConfirmWithdrawal
//	              │       (a withdrawal leads here from anywhere before)
//	              ▼
//	         closed ── when every letter has left and every command is recorded
//
// An entry made in error is voided from anywhere before the decision. A closed
// case that is opened again has a new run under the same workflow ID: it begins
// at Register with the second term's deadline, and tells the complainant of that
// in place of an acknowledgement. A closing that is taken back (a refusal that is
// reversed) has such a run too, with the term that the case had.
//
// What concerns personal data is referred to the data protection officer, whose
// file has a run of PrivacyProcedure beside the complaint's: the matter is sent
// on at once, the officer is reminded, the answer leaves, and neither run waits
// for the other. A complaint that says so itself stays in assessing, on its own
// clock, until a person confirms which part is about personal data: all of it,
// and it closes as referred, or a part, and the rules judge the rest. What both kinds of procedure share stands in course.
//
// # How it keeps its promises
//
// Commands arrive as signals, in the order of their sequence, each after the one
// before it was recorded. A handler takes the command into the state at once and
// sees to it that it is recorded, by a coroutine of its own; the main line waits
// on conditions of the state. A command that no longer fits is recorded as not
// applied and harms nothing; so is one that does not get through and that a person
// gives up.
//
// Letters leave beside the main line. An unreachable mail server holds up no
// investigation and no recording; only the closing waits for what is owed.
//
// The deadline arrives as absolute moments and is never computed here, because
// time-zone data may change on a worker while a run lives. Two timers run: the
// visible one, "Day 45", and one for the next internal check (an acknowledgement
// still owed, a warning, a department's reminder). The end of the term never
// ends a case: it makes lateness visible and tells the complainant.
//
// A run that Temporal lost is replaced by one that begins as it did and is told by
// the register what was recorded since: takeover.go. The marker is a workflow of
// its own, by which the relay finds out about such a loss.
//
// # Changing this code
//
// Runs live for weeks, builds of the worker for days. So a run is not pinned to
// the build that began it, which suits workflows of minutes, of which there are
// none here: it moves to the build that was promoted last with its next step
// (auto-upgrade), and that build replays its history first. A change that alters
// the commands of a run that is under way is therefore put behind
// workflow.GetVersion, and every change must replay the recorded histories of
// all routes under testdata/history. docs/changing-workflows.md is the recipe.
package workflows
