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

// ErrSomeFailed says that the service refused submissions; the summary names them.
var ErrSomeFailed = errors.New("not every submission was lodged")

// LodgeOptions says what is lodged, where and how.
type LodgeOptions struct {
	File     string       // the file of submissions
	Server   string       // the service's address; LocalServer when empty
	Token    string       // whose name it is lodged in; empty: the public's
	AsOf     time.Time    // the moment the newest is received at; zero: dates stay
	Progress io.Writer    // shows how far it is, and the summary at the end; nil: silent
	Client   *http.Client // nil: one of its own
}

// Lodge posts the submissions of a file in its order, shows what became of each
// and returns the same. One that the service refuses does not keep the others
// back; it then answers ErrSomeFailed. Any other error means that the rest was
// not tried, and is one line for the person at the terminal. The command may be
// repeated: nothing is lodged twice.
func Lodge(ctx context.Context, options LodgeOptions) (Summary, error) {
	return lodge(ctx, options, sleep)
}

func lodge(ctx context.Context, options LodgeOptions, pause func(context.Context, time.Duration) error) (Summary, error) {
	endpoint, err := endpointOf(cmp.Or(options.Server, LocalServer))
	if err != nil {
		return Summary{}, err
	}
	entries, err := prepare(options)
	if err != nil {
		return Summary{}, err
	}
	display := options.Progress
	if display == nil {
		display = io.Discard
	}
	shown := newProgress(display, len(entries))
	p := &poster{client: cmp.Or(options.Client, newClient()), endpoint: endpoint, token: options.Token, pause: pause, waiting: shown.waiting}
	summary, err := p.postAll(ctx, entries, shown.step)
	if len(summary.Results) > 0 {
		shown.end()
		err = errors.Join(err, summary.Print(display))
	}
	if err == nil && summary.Failed() > 0 {
		err = ErrSomeFailed
	}
	return summary, err
}

// prepare reads the file and sets its dates, and refuses what cannot be lodged
// before anything is posted.
func prepare(options LodgeOptions) ([]entry, error) {
	entries, err := readFile(options.File)
	if err == nil && options.Token == "" {
		err = checkPublic(entries)
	}
	if err == nil && !options.AsOf.IsZero() {
		err = shift(entries, options.AsOf)
	}
	return entries, err
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

// checkPublic holds a file against what the public may lodge.
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
