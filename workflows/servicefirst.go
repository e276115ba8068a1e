package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// serviceFirst is the warm hand-over to the service, which has until the day of
// return to help. The term of the answer runs on beside it.
type serviceFirst struct {
	complaint.HandedToService
	returned bool   // the officer has the case again
	how      string // why before the day of return; empty: on that day
}

// handToService asks the service to help first.
func (p *procedure) handToService(ctx workflow.Context, m complaint.Message[complaint.HandedToService]) verdict {
	if p.result != "" || !p.admitted || p.service != nil {
		return notApplied
	}
	p.service = &serviceFirst{HandedToService: m.Body}
	p.move(ctx)
	p.own(m.Body.Letters...)
	p.deliver(ctx, activities.NameHandToService,
		fmt.Sprintf("Hand the case to %s until %s", m.Body.Department, m.Body.ReturnOn),
		complaint.Delivery{
			Number: p.Number, Letters: m.Body.Letters,
			Recording: &complaint.Recording{Number: p.Number, Row: m.Row, Effect: complaint.Applied, Position: p.position},
		})
	return verdict{effect: complaint.Applied, recorded: true}
}

// withService tells that the service has its time.
func (p *procedure) withService() bool {
	return p.service != nil && !p.service.returned && p.result == ""
}

// takeBack gives the case back to the officer on the day of return.
func (p *procedure) takeBack(ctx workflow.Context) {
	if !p.withService() || workflow.Now(ctx).Before(p.service.ReturnAt) {
		return
	}
	p.service.returned = true
	p.note(ctx, complaint.WatchEvent{Number: p.Number, Kind: complaint.WatchServiceReturned, Version: p.Moments.Version}, "", "")
	if p.move(ctx) {
		p.record(ctx, 0, complaint.Applied)
	}
}

// reportService takes what the service says it did: the officer has the case
// again at once, and decides. A report that comes later moves nothing.
func (p *procedure) reportService(ctx workflow.Context, m complaint.Message[complaint.ServiceReported]) verdict {
	p.tellStaff(ctx, m.Body.Notices)
	if !p.withService() {
		return notApplied
	}
	p.service.returned, p.service.how = true, "says that it did not solve it"
	if m.Body.Solved {
		p.service.how = "says that it solved it"
	}
	return applied
}

func (s *serviceFirst) words() string {
	if s.how != "" {
		return s.Department + " " + s.how
	}
	if s.returned {
		return fmt.Sprintf("%s had until %s", s.Department, s.ReturnOn)
	}
	return fmt.Sprintf("with %s until %s", s.Department, s.ReturnOn)
}
