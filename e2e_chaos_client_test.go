package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// counterClient speaks to the replicas of the API as a patient program does: a
// command goes out under one key until it has an answer, however often the
// connection is lost or the register away.
type counterClient struct {
	addresses []string
	tokens    map[string]string
	http      http.Client

	mu      sync.Mutex
	retries int
	faults  map[string]int // answers that no well-meaning caller should get
}

func newCounterClient(c *chaos) *counterClient {
	return &counterClient{
		addresses: c.addresses, tokens: c.tokens, faults: map[string]int{},
		http: http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: chaosPeople}},
	}
}

// ask sends a request until it is answered, or until the patience is over: then
// the code is 0. Without a key it is a look.
func (c *counterClient) ask(method, path, who, key string, body any) (int, map[string]any) {
	content, err := json.Marshal(body)
	if err != nil {
		panic(err) // maps of texts always marshal
	}
	for end := time.Now().Add(chaosPatience()); time.Now().Before(end); time.Sleep(time.Duration(50+rand.IntN(400)) * time.Millisecond) {
		code, answer := c.once(method, path, who, key, content)
		if code != 0 && code != http.StatusServiceUnavailable && code != http.StatusTooManyRequests {
			if code >= http.StatusInternalServerError {
				c.fault(fmt.Sprint(code, " ", method, " ", answer["code"]))
			} else {
				return code, answer
			}
		}
		c.mu.Lock()
		c.retries++
		c.mu.Unlock()
	}
	return 0, nil
}

func (c *counterClient) fault(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults[what]++
}

// once sends a request to one of the replicas; the code is 0 without an answer.
func (c *counterClient) once(method, path, who, key string, content []byte) (int, map[string]any) {
	address := c.addresses[rand.IntN(len(c.addresses))]
	request, err := http.NewRequest(method, "http://"+address+"/api/v1"+path, nil)
	if err != nil {
		panic(err) // the paths are ours
	}
	if method == http.MethodPost {
		request.Body = io.NopCloser(bytes.NewReader(content))
		request.ContentLength = int64(len(content))
		request.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	if who != "" {
		request.Header.Set("Authorization", "Bearer "+c.tokens[who])
	}
	response, err := c.http.Do(request)
	if err != nil {
		return 0, nil
	}
	defer response.Body.Close()
	var answer map[string]any
	if json.NewDecoder(response.Body).Decode(&answer) != nil {
		return 0, nil // it broke off, or is not ours
	}
	return response.StatusCode, answer
}
