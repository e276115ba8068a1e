package relay

import (
	"context"
	"slices"
	"testing"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
)

// schedules counts what the fake was asked about its schedule.
func (f *fakeTemporal) count(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.schedules = append(f.schedules, what)
}

func (f *fakeTemporal) CreateSchedule(_ context.Context, in *workflowservice.CreateScheduleRequest, _ ...grpc.CallOption) (*workflowservice.CreateScheduleResponse, error) {
	there := slices.Contains(f.schedules, "create "+in.GetScheduleId())
	f.count("create " + in.GetScheduleId())
	if there {
		return nil, serviceerror.NewWorkflowExecutionAlreadyStarted("there", "", "")
	}
	return &workflowservice.CreateScheduleResponse{}, f.trouble()
}

func (f *fakeTemporal) UpdateSchedule(_ context.Context, in *workflowservice.UpdateScheduleRequest, _ ...grpc.CallOption) (*workflowservice.UpdateScheduleResponse, error) {
	f.count("update " + in.GetScheduleId())
	return &workflowservice.UpdateScheduleResponse{}, f.trouble()
}

func TestTheNightlyVerificationIsScheduledOnceAndBroughtUpToDateByALaterProgram(t *testing.T) {
	w := newWorld(t)
	updated := false
	for range 2 {
		if err := w.relay.schedule(t.Context(), &updated); err != nil {
			t.Fatal(err)
		}
	}
	later := false
	if err := w.relay.schedule(t.Context(), &later); err != nil || !later {
		t.Fatal(err)
	}
	want := []string{"create nightly-verification", "create nightly-verification", "create nightly-verification", "update nightly-verification"}
	if !slices.Equal(w.temporal.schedules, want) {
		t.Errorf("asked %q, want %q", w.temporal.schedules, want)
	}
	spec := w.relay.nightly().GetSpec()
	if spec.GetTimezoneName() != "Europe/Brussels" || spec.GetCronString()[0] != "0 3 * * *" {
		t.Errorf("scheduled at %v", spec)
	}
}
