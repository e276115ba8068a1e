// Package worker lists by hand what works the procedure off: one workflow and
// its activities, under the names that stand in Temporal. It says which build of
// them it is, and makes a build the current one. It knows neither the register
// nor the API.
package worker

import (
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/workflows"
)

// casesInMemory is how many cases the workers of a process keep at hand between
// their steps, at some 140 KB each. Any other is played from its history when
// something happens in it, which takes milliseconds; the SDK's own bound of 10,000
// is more than a gigabyte.
const casesInMemory = 1000

// New makes a worker for the procedure's task queue. It stops taking work when
// it is stopped, and gives what is under way half a minute to end. With a build
// it takes work only once that build was promoted; without one, it takes what
// nobody versioned. gaveUp hears when the worker stops by itself, on an error
// that it cannot wait out.
func New(c client.Client, a *activities.Activities, build string, gaveUp func(error), interceptors ...interceptor.WorkerInterceptor) worker.Worker {
	worker.SetStickyWorkflowCacheSize(casesInMemory)
	w := worker.New(c, workflows.TaskQueue, worker.Options{
		MaxConcurrentActivityExecutionSize:      32,
		MaxConcurrentLocalActivityExecutionSize: 32,
		WorkerStopTimeout:                       30 * time.Second,
		DeploymentOptions:                       deployment(build),
		OnFatalError:                            gaveUp,
		Interceptors:                            append([]interceptor.WorkerInterceptor{&heartbeat{}}, interceptors...),
	})
	Register(w, a)
	return w
}

// Register makes the procedure known to a worker or a test environment.
func Register(r worker.Registry, a *activities.Activities) {
	r.RegisterWorkflowWithOptions(workflows.ComplaintProcedure,
		workflow.RegisterOptions{Name: workflows.ComplaintProcedureName})
	r.RegisterWorkflowWithOptions(workflows.PrivacyProcedure,
		workflow.RegisterOptions{Name: workflows.PrivacyProcedureName})
	r.RegisterWorkflowWithOptions(workflows.Marker, workflow.RegisterOptions{Name: workflows.MarkerName})
	r.RegisterWorkflowWithOptions(workflows.NightlyVerification,
		workflow.RegisterOptions{Name: workflows.VerificationName})
	for name, run := range map[string]any{
		activities.NameRegister:          a.Register,
		activities.NameAcknowledge:       a.Acknowledge,
		activities.NameAskComplainant:    a.AskComplainant,
		activities.NameAskDepartment:     a.AskDepartment,
		activities.NameRemindDepartment:  a.RemindDepartment,
		activities.NameHandToService:     a.HandToService,
		activities.NameNotifyDecision:    a.NotifyDecision,
		activities.NameNotifyOutcome:     a.NotifyOutcome,
		activities.NameConfirmWithdrawal: a.ConfirmWithdrawal,
		activities.NameConfirmVoiding:    a.ConfirmVoiding,
		activities.NameConfirmReopening:  a.ConfirmReopening,
		activities.NameSendLateNotice:    a.SendLateNotice,
		activities.NameTellLastDay:       a.TellLastDay,
		activities.NameWithdrawLetters:   a.WithdrawLetters,
		activities.NameWarnStaff:         a.WarnStaff,
		activities.NameSendLetter:        a.SendLetter,
		activities.NameReferPrivacy:      a.ReferPrivacy,
		activities.NameTransferPrivacy:   a.TransferPrivacy,
		activities.NameExtendPrivacy:     a.ExtendPrivacy,
		activities.NameAnswerPrivacy:     a.AnswerPrivacy,
		activities.NameRemindDPO:         a.RemindDPO,
		activities.NameRecord:            a.Record,
		activities.NameRecordWatch:       a.RecordWatch,
		activities.NameClose:             a.Close,
		activities.NameVerify:            a.Verify,
	} {
		r.RegisterActivityWithOptions(run, activity.RegisterOptions{Name: name})
	}
}
