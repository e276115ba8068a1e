package exchange

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"ombudsdienst/internal/complaint"
)

// LocalServer is where a service started on the same machine listens unless it
// was told otherwise.
const LocalServer = "http://127.0.0.1:8080"

// patience is how long one posting may take, the largest attachments included.
const patience = 5 * time.Minute

// LodgeOptions says what is lodged, where and how.
type LodgeOptions struct {
	File     string       // the file of submissions
	Server   string       // the service's address; LocalServer when empty
	Token    string       // whose name it is lodged in; empty: the public's
	AsOf     time.Time    // the moment the newest is received at; zero: dates stay
	Progress io.Writer    // shows how far it is; nil: silent
	Client   *http.Client // nil: one of its own
}

// Lodge posts the submissions of a file in its order and tells what became of
// each. One that the service refuses does not keep the others back; the summary
// names it. An error means that the rest was not tried, and is one line for the
// person at the terminal; the summary then holds what was done before. The
// command may be repeated: nothing is lodged twice.
func Lodge(ctx context.Context, options LodgeOptions) (Summary, error) {
	return lodge(ctx, options, sleep)
}

func lodge(ctx context.Context, options LodgeOptions, pause func(context.Context, time.Duration) error) (Summary, error) {
	endpoint, err := endpointOf(cmp.Or(options.Server, LocalServer))
	if err != nil {
		return Summary{}, err
	}
	entries, err := readFile(options.File)
	if err != nil {
		return Summary{}, err
	}
	if options.Token == "" {
		if err := checkPublic(entries); err != nil {
			return Summary{}, err
		}
	}
	if !options.AsOf.IsZero() {
		if err := shift(entries, options.AsOf); err != nil {
			return Summary{}, err
		}
	}
	shown := newProgress(options.Progress, len(entries))
	defer shown.end()
	p := &poster{client: cmp.Or(options.Client, newClient()), endpoint: endpoint, token: options.Token, pause: pause, waiting: shown.waiting}
	summary := Summary{Total: len(entries)}
	for _, e := range entries {
		result, err := p.post(ctx, e)
		if err != nil {
			return summary, err
		}
		summary.Results = append(summary.Results, result)
		shown.step()
	}
	return summary, nil
}

// newClient follows no redirection: submissions go where they were sent.
func newClient() *http.Client {
	return &http.Client{
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func endpointOf(server string) (string, error) {
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || u.RawQuery != "" {
		return "", errors.New("--server is an address like http://127.0.0.1:8080")
	}
	return u.JoinPath("/api/v1/submissions").String(), nil
}

// checkPublic holds a file against what the public may lodge, before anything
// is posted.
func checkPublic(entries []entry) error {
	var places []string
	for _, e := range entries {
		if e.content.Intake != complaint.WebForm || !e.content.ReceivedAt.IsZero() {
			places = append(places, fmt.Sprint(e.place))
		}
	}
	if len(places) == 0 {
		return nil
	}
	return fmt.Errorf("without --token only web forms without a moment of receipt can be lodged, as the public does; "+
		"give the token of an intake or ombuds account for: %s", strings.Join(places, ", "))
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
