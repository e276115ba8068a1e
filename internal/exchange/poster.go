package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ombudsdienst/internal/complaint"
)

const (
	// mostWaiting bounds the pauses for one submission together.
	mostWaiting = 2 * time.Minute
	// leastPause is between two tries, whatever the server says.
	leastPause = time.Second
	// mostAnswer bounds what is read of an answer, in bytes.
	mostAnswer = 1 << 20
	// keyReused is the problem's code when a key comes back with another body.
	keyReused = "idempotency_key_reused"
)

// again ends messages after which the command can simply be given again.
const again = "repeat the command later: nothing is lodged twice"

// poster posts submissions to one service.
type poster struct {
	client   *http.Client
	endpoint string
	token    string
	pause    func(context.Context, time.Duration) error
	waiting  func(time.Duration) // tells a person about a pause
	answered bool                // the service has answered before
}

// answer is what the service said, read whole.
type answer struct {
	status int
	after  time.Duration // Retry-After; 0: not said
	before bool          // this is the first answer again
	body   []byte
}

// postAll posts in order until something concerns all of them.
func (p *poster) postAll(ctx context.Context, entries []entry, step func()) (Summary, error) {
	summary := Summary{Total: len(entries)}
	for _, e := range entries {
		result, err := p.post(ctx, e)
		if err != nil {
			return summary, err
		}
		summary.Results = append(summary.Results, result)
		step()
	}
	return summary, nil
}

// post lodges one submission, waiting within bounds for a service that is busy
// or starts again. The key makes every try after the first harmless.
func (p *poster) post(ctx context.Context, e entry) (Result, error) {
	body, err := json.Marshal(e.content)
	if err != nil {
		return Result{}, fmt.Errorf("submission %d cannot be written as JSON", e.place)
	}
	left, pause := mostWaiting, leastPause
	for {
		a, err := p.try(ctx, e.key, body)
		if err == nil && !busy(a.status) {
			return p.judge(e.place, a)
		}
		if err != nil && (!p.answered || ctx.Err() != nil) {
			return Result{}, p.unreachable(ctx, err)
		}
		pause = max(pause, a.after)
		if pause > left {
			return Result{}, fmt.Errorf("the service at %s stays busy or away; %s", p.endpoint, again)
		}
		p.waiting(pause)
		if err := p.pause(ctx, pause); err != nil {
			return Result{}, fmt.Errorf("stopped; %s", again)
		}
		left, pause = left-pause, 2*pause
	}
}

func (p *poster) try(ctx context.Context, key string, body []byte) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.endpoint, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	if p.token != "" {
		request.Header.Set("Authorization", "Bearer "+p.token)
	}
	response, err := p.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	p.answered = true
	content, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	if err != nil {
		return answer{}, err
	}
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After")) // as a date, or not there: our own pauses
	return answer{
		status: response.StatusCode, after: time.Duration(max(seconds, 0)) * time.Second,
		before: response.Header.Get("Idempotent-Replayed") == "true", body: content,
	}, nil
}

// busy tells whether a status asks for patience; 502 and 504 are what a proxy
// says while the service behind it starts.
func busy(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// unreachable says in one line why there was no answer.
func (p *poster) unreachable(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("stopped; %s", again)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("nothing listens at %s: start the service, or say with --server where it is", p.endpoint)
	default:
		return fmt.Errorf("no answer from %s: %w", p.endpoint, err)
	}
}

// judge tells what an answer means for the submission, or that it means the
// same for all of them.
func (p *poster) judge(place int, a answer) (Result, error) {
	switch {
	case a.status == http.StatusCreated:
		return lodged(place, a)
	case a.status == http.StatusUnauthorized:
		return Result{}, errors.New("the service does not know this token")
	case a.status < 400 || a.status == http.StatusNotFound || a.status == http.StatusMethodNotAllowed:
		return Result{}, fmt.Errorf("what answers at %s is not this service (status %d)", p.endpoint, a.status)
	}
	return refused(place, a), nil
}

func lodged(place int, a answer) (Result, error) {
	var receipt struct {
		Number  complaint.Number `json:"number"`
		LastDay complaint.Day    `json:"last_day"`

		PossibleDuplicates []complaint.Number `json:"possible_duplicates"`
	}
	if err := json.Unmarshal(a.body, &receipt); err != nil || !receipt.Number.Valid() {
		return Result{}, fmt.Errorf("submission %d was taken, but the answer holds no number; %s", place, again)
	}
	return Result{
		Place: place, Number: receipt.Number, LastDay: receipt.LastDay, Before: a.before, PossibleDuplicates: receipt.PossibleDuplicates,
	}, nil
}

// refused repeats the service's own words, which never hold a value that was
// sent.
func refused(place int, a answer) Result {
	var problem struct {
		Code   string                 `json:"code"`
		Detail string                 `json:"detail"`
		Errors []complaint.FieldError `json:"errors"`
	}
	if json.Unmarshal(a.body, &problem) != nil || problem.Detail == "" {
		return Result{Place: place, Problem: fmt.Sprintf("status %d", a.status)}
	}
	if problem.Code == keyReused {
		return Result{Place: place, OtherDates: true}
	}
	parts := []string{fmt.Sprintf("status %d, %s", a.status, problem.Detail)}
	for _, e := range problem.Errors {
		parts = append(parts, e.Location+": "+e.Message)
	}
	return Result{Place: place, Problem: strings.Join(parts, "; ")}
}
