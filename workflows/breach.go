package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// changeBreach takes what is due of a suspected breach from now on: it is
// suspected, no longer so, moved, or the authority was told. It is taken also
// after the DPO's answer, because the 72 hours do not end with that.
func (p *privacy) changeBreach(ctx workflow.Context, m complaint.Message[complaint.BreachChanged]) verdict {
	if m.Body.Version <= p.Breach.Version {
		return notApplied
	}
	p.Breach = m.Body.Breach
	if len(m.Body.Letters) > 0 {
		p.send(ctx, activities.NameRemindDPO, "Tell the DPO of the suspected breach", m.Body.Letters...)
	}
	return applied
}

// watchBreach warns the DPO before the 72 hours end and raises the alarm at their
// end, each once for a version of what is due.
func (p *privacy) watchBreach(ctx workflow.Context) {
	for workflow.Await(ctx, func() bool { return p.Due() && p.Breach.Version > p.alarmed }) == nil {
		now, breach := workflow.Now(ctx), p.Breach
		if !now.Before(breach.NotifyBy) {
			p.alarmed = breach.Version
			p.noteBreach(ctx, complaint.WatchBreachOverdue, "Alarm the DPO: the 72 hours are over")
			continue
		}
		next, summary := breach.NotifyBy, "End of the 72 hours: the authority is told by "+clock(breach.NotifyBy)
		if p.warned < breach.Version && !now.Before(breach.WarnAt) {
			p.warned = breach.Version
			p.noteBreach(ctx, complaint.WatchBreachWarned, "Warn the DPO of the end of the 72 hours")
		} else if p.warned < breach.Version {
			next, summary = breach.WarnAt, fmt.Sprintf("Warning to the DPO at %s; the authority is told of the breach by %s", clock(breach.WarnAt), clock(breach.NotifyBy))
		}
		alarm, cancel := workflow.WithCancel(ctx)
		timer := workflow.NewTimerWithOptions(alarm, next.Sub(now), workflow.TimerOptions{Summary: summary})
		err := workflow.Await(ctx, func() bool { return timer.IsReady() || p.Breach.Version != breach.Version })
		cancel()
		if err != nil {
			return
		}
	}
}

func (p *privacy) noteBreach(ctx workflow.Context, kind complaint.WatchKind, summary string) {
	p.note(ctx, complaint.WatchEvent{
		Number: p.Number, File: complaint.PrivacyFile, Kind: kind, Version: p.Breach.Version,
	}, activities.NameRemindDPO, summary)
}

// breachSettled waits until the authority was told or the suspicion taken back:
// the file does not close before.
func (p *privacy) breachSettled(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return !p.Due() })
}

// breachWords says in the case file what is due of a breach; empty where none was
// suspected.
func (p *privacy) breachWords() string {
	switch {
	case p.Due():
		return "Suspected breach: the authority is told by " + clock(p.NotifyBy)
	case !p.NotifiedAt.IsZero():
		return "Breach: the authority was told at " + clock(p.NotifiedAt)
	case p.Breach.Version > 0:
		return "A breach was suspected and is no longer"
	}
	return ""
}

// clock writes a moment in Brussels.
func clock(at time.Time) string { return at.In(complaint.Brussels).Format("2006-01-02 15:04") }
