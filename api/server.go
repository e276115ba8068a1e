package api

import (
	"net/http"
	"time"
)

// NewServer puts a handler behind an HTTP server with limits of its own, so
// that no caller can hold a connection for ever. Routes that take attachments
// lengthen the time for reading themselves.
func NewServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      largeBodyTime + time.Minute, // counts from the head of the request
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}
