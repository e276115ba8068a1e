// Command prepare finds or builds the Temporal dev server ahead of time and
// prints where it is, so that tests which need it do not wait for a build of
// minutes. It starts nothing.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"ombudsdienst/internal/devstack"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	path, err := devstack.EnsureTemporalBinary(ctx, func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, format+"\n", args...)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(path)
}
