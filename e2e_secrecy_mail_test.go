package main

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// reachable begins the addresses that the mail server of this story takes of
// those that are marked.
const reachable = "bereikbaar."

// choosy is a mail server that refuses the marked addresses but the reachable
// ones, and quotes the address and more. What it took it keeps.
type choosy struct {
	mu      sync.Mutex
	texts   []string
	refused int
}

func startChoosy(t *testing.T) (*choosy, string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := &choosy{}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return choice{c}, nil }))
	server.Domain = "localhost"
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return c, "smtp://" + listener.Addr().String() + "?starttls=none"
}

type choice struct{ *choosy }

func (choice) Mail(string, *smtp.MailOptions) error { return nil }
func (choice) Reset()                               {}
func (choice) Logout() error                        { return nil }

func (c choice) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.Contains(to, mark) && !strings.HasPrefix(to, reachable) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.refused++
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: to + " Lotte " + mark + " is unknown here"}
	}
	return nil
}

func (c choice) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts = append(c.texts, string(text))
	return err
}

// headers gives what stands around the texts of the messages that were taken:
// every field but To, as a person reads it, and the names of what is attached.
func (c *choosy) headers(t *testing.T) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	require.NotEmpty(t, c.texts, "the mail server took messages")
	require.NotZero(t, c.refused, "and refused others")
	var found strings.Builder
	for _, text := range c.texts {
		message, err := mail.ReadMessage(strings.NewReader(text))
		require.NoError(t, err)
		require.NotEmpty(t, message.Header.Get("Subject"))
		write(t, &found, message.Header)
		_, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
		require.NoError(t, err)
		for parts := multipart.NewReader(message.Body, parameters["boundary"]); ; {
			part, err := parts.NextPart()
			if err == io.EOF {
				break
			}
			require.NoError(t, err)
			write(t, &found, part.Header)
		}
	}
	return []byte(found.String())
}

func write(t *testing.T, to io.Writer, fields map[string][]string) {
	for name, values := range fields {
		for _, value := range values {
			decoded, err := new(mime.WordDecoder).DecodeHeader(value)
			require.NoError(t, err)
			if name != "To" {
				_, _ = fmt.Fprintf(to, "%s: %s\n", name, decoded)
			}
		}
	}
}
