package relay

import (
	"context"
	"time"

	"github.com/lib/pq"
)

// The channels on which the register calls: a new row, and a row recorded,
// after which the next of its workflow may leave.
const (
	channelNew  = "outbox"
	channelDone = "outbox_done"
)

// Reconnecting after a lost connection; the tick looks meanwhile.
const (
	firstReconnect = time.Second
	lastReconnect  = 15 * time.Second
)

// listen wakes Run whenever the register calls, and each time the connection
// for it stands again, because calls may have been missed. Where it cannot
// listen at all the ticks remain.
func (r *Relay) listen(ctx context.Context) {
	listener := pq.NewListener(r.databaseURL, firstReconnect, lastReconnect, func(_ pq.ListenerEventType, err error) {
		if err != nil && ctx.Err() == nil {
			r.log.WarnContext(ctx, "the relay does not hear the register", "reason", err)
		}
	})
	defer context.AfterFunc(ctx, func() { _ = listener.Close() })() // nothing to say to a connection we leave
	for _, channel := range []string{channelNew, channelDone} {
		if err := listener.Listen(channel); err != nil {
			if ctx.Err() == nil {
				r.log.ErrorContext(ctx, "the relay cannot listen to the register", "channel", channel, "reason", err)
			}
			return
		}
	}
	r.wakeUp()
	for {
		select {
		case <-ctx.Done():
			return
		case <-listener.NotificationChannel(): // nil after a reconnect
			r.wakeUp()
		}
	}
}
