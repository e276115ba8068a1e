package main

import (
	"context"
	"os"
	"syscall"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"

	"ombudsdienst/activities"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/wiring"
)

// crashes makes a program that kills itself the first time it passes a named
// point: "Record before", "Send after", "NotifyOutcome answer".
func crashes(point string) func(*wiring.Program) {
	at := func(passed string) {
		if passed == point {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
	}
	return func(p *wiring.Program) {
		p.WrapBooks = func(b activities.Books) activities.Books { return crashingBooks{b, at} }
		p.WrapPost = func(o activities.Post) activities.Post { return crashingPost{o, at} }
		p.Interceptors = append(p.Interceptors, &crashingAnswers{at: at})
	}
}

// crashingBooks dies before or after a write to the register.
type crashingBooks struct {
	activities.Books
	at func(string)
}

func (c crashingBooks) Enter(ctx context.Context, e complaint.Entry) (complaint.Entered, error) {
	c.at("Enter before")
	defer c.at("Enter after")
	return c.Books.Enter(ctx, e)
}

func (c crashingBooks) Record(ctx context.Context, r complaint.Recording) error {
	c.at("Record before")
	defer c.at("Record after")
	return c.Books.Record(ctx, r)
}

func (c crashingBooks) Close(ctx context.Context, closing complaint.Closing) (bool, error) {
	c.at("Close before")
	defer c.at("Close after")
	return c.Books.Close(ctx, closing)
}

func (c crashingBooks) SaveRendered(ctx context.Context, id int64, l complaint.RenderedLetter) error {
	c.at("SaveRendered before")
	defer c.at("SaveRendered after")
	return c.Books.SaveRendered(ctx, id, l)
}

func (c crashingBooks) ClaimLetter(ctx context.Context, id int64) (complaint.LetterState, error) {
	c.at("ClaimLetter before")
	defer c.at("ClaimLetter after")
	return c.Books.ClaimLetter(ctx, id)
}

func (c crashingBooks) LetterLeft(ctx context.Context, id int64, state complaint.LetterState, provider string) error {
	c.at("LetterLeft before")
	defer c.at("LetterLeft after")
	return c.Books.LetterLeft(ctx, id, state, provider)
}

// crashingPost dies before or after a letter has left.
type crashingPost struct {
	activities.Post
	at func(string)
}

func (c crashingPost) Send(ctx context.Context, letter complaint.LetterFile) (string, error) {
	c.at("Send before")
	defer c.at("Send after")
	return c.Post.Send(ctx, letter)
}

// crashingAnswers dies when an activity has done its work, before it answers.
type crashingAnswers struct {
	interceptor.WorkerInterceptorBase
	at func(string)
}

func (c *crashingAnswers) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &crashingAnswer{ActivityInboundInterceptorBase: interceptor.ActivityInboundInterceptorBase{Next: next}, at: c.at}
}

type crashingAnswer struct {
	interceptor.ActivityInboundInterceptorBase
	at func(string)
}

func (c *crashingAnswer) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	result, err := c.Next.ExecuteActivity(ctx, in)
	c.at(nameOf(ctx) + " answer")
	return result, err
}

func nameOf(ctx context.Context) string { return activity.GetInfo(ctx).ActivityType.Name }
