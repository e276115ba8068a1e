package worker

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
)

// heartbeat lets every activity tell the server that its worker lives, so that
// the work of one that died is taken over within seconds. The activities
// themselves need not know of it.
type heartbeat struct {
	interceptor.WorkerInterceptorBase
}

// beat is far below the time-out that the procedure gives.
const beat = 2 * time.Second

func (*heartbeat) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &beating{interceptor.ActivityInboundInterceptorBase{Next: next}}
}

type beating struct {
	interceptor.ActivityInboundInterceptorBase
}

func (b *beating) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	if activity.GetInfo(ctx).IsLocalActivity {
		return b.Next.ExecuteActivity(ctx, in) // ends within its workflow task
	}
	beats, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		for ticker := time.NewTicker(beat); ; {
			select {
			case <-beats.Done():
				ticker.Stop()
				return
			case <-ticker.C:
				activity.RecordHeartbeat(ctx)
			}
		}
	}()
	return b.Next.ExecuteActivity(ctx, in)
}
