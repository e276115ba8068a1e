package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
)

// How long a verification may take, and how often it is tried: the next night
// comes anyway.
const (
	verificationTakes = time.Hour
	verificationTries = 5
)

// NightlyVerification is begun by a schedule each night. It lets the register be
// compared with itself and with Temporal; what is found is kept in the register,
// and here stand counts and kinds.
func NightlyVerification(ctx workflow.Context) (complaint.Verified, error) {
	var verified complaint.Verified
	err := workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: verificationTakes,
		HeartbeatTimeout:    heartbeatTimeout,
		Summary:             "Compare the register with itself and with Temporal",
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: time.Minute, BackoffCoefficient: 2, MaximumInterval: 15 * time.Minute, MaximumAttempts: verificationTries,
		},
	}), activities.NameVerify).Get(ctx, &verified)
	return verified, err
}
