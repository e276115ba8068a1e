package workflows_test

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"ombudsdienst/workflows"
)

// The routes of which a history is kept. Every later version of the procedure
// must replay them, for runs live across deployments. The stories of the top
// folder record them: go test -run TestOfTheRoute -record .
var routes = []string{"answered", "inadmissible", "reclassified", "withdrawn", "overdue", "voided", "reopened", "pending", "reversed",
	"referred", "privacy", "handed-over", "deadline-moved"}

func TestRecordedHistoriesStillReplay(t *testing.T) {
	files, err := filepath.Glob("testdata/history/*.json")
	require.NoError(t, err)
	var kept []string
	for _, file := range files {
		kept = append(kept, strings.TrimSuffix(filepath.Base(file), ".json"))
		t.Run(kept[len(kept)-1], func(t *testing.T) {
			replayer := worker.NewWorkflowReplayer()
			replayer.RegisterWorkflowWithOptions(workflows.ComplaintProcedure,
				workflow.RegisterOptions{Name: workflows.ComplaintProcedureName})
			replayer.RegisterWorkflowWithOptions(workflows.PrivacyProcedure,
				workflow.RegisterOptions{Name: workflows.PrivacyProcedureName})
			logger := log.NewStructuredLogger(slog.New(slog.DiscardHandler))
			require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(logger, file))
		})
	}
	require.Subset(t, kept, routes, "a history is kept of every route")
}
