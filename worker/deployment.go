package worker

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// DeploymentName is what all builds of this worker are versions of.
const DeploymentName = "ombudsdienst"

// deployment says which build a worker is. Procedures live for weeks, far
// longer than a build, so they move to the current one with their next task.
func deployment(build string) worker.DeploymentOptions {
	if build == "" {
		return worker.DeploymentOptions{}
	}
	return worker.DeploymentOptions{
		UseVersioning:             true,
		Version:                   worker.WorkerDeploymentVersion{DeploymentName: DeploymentName, BuildID: build},
		DefaultVersioningBehavior: workflow.VersioningBehaviorAutoUpgrade,
	}
}

// A server hears of a build when its workers first ask for work, and of its
// task queues a little later; until then promoting is refused.
const (
	promotionTakes = 3 * time.Minute // at most
	promotionPause = time.Second     // between two tries
)

// Promote makes a build the current one: new procedures start with it, and
// running ones move to it. The workers of the build before may run on until they
// have nothing left. Promoting the current build changes nothing.
func Promote(ctx context.Context, c client.Client, build string) error {
	ctx, cancel := context.WithTimeout(ctx, promotionTakes)
	defer cancel()
	handle := c.WorkerDeploymentClient().GetHandle(DeploymentName)
	for {
		_, err := handle.SetCurrentVersion(ctx, client.WorkerDeploymentSetCurrentVersionOptions{BuildID: build})
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("promote build %s: Temporal still answers %s", build, serviceerror.ToStatus(err).Code())
		case <-time.After(promotionPause):
		}
	}
}
