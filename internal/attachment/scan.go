package attachment

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
	"unicode"
)

// Verdict is what a scanner says of a document.
type Verdict struct {
	Infected  bool
	Signature string // the scanner's name for what it found; empty: nothing
}

// Scanner asks clamd (Debian: clamav-daemon), which looks for viruses. It may be
// used by several at once.
type Scanner struct {
	network, address string
	patience         time.Duration
}

// chunk is how much of a document is sent at a time.
const chunk = 64 << 10

// NewScanner reads where clamd listens: unix:///run/clamav/clamd.ctl or
// tcp://host:3310. It does not speak to it yet.
func NewScanner(address string) (*Scanner, error) {
	network, at, ok := strings.Cut(address, "://")
	s := &Scanner{network: network, address: at, patience: 2 * time.Minute}
	switch {
	case !ok || at == "":
	case network == "unix" && strings.HasPrefix(at, "/"):
		return s, nil
	case network == "tcp":
		if _, _, err := net.SplitHostPort(at); err == nil {
			return s, nil
		}
	}
	return nil, errors.New("the address of clamd is written unix:///path/to/its.socket or tcp://host:port")
}

// Scan lets clamd look at a document, by its command INSTREAM. An error means that
// nothing is known: clamd is away, is loading, or does not take a document of this
// size.
func (s *Scanner) Scan(ctx context.Context, content []byte) (Verdict, error) {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	connection, err := (&net.Dialer{}).DialContext(ctx, s.network, s.address)
	if err != nil {
		return Verdict{}, errors.New("clamd cannot be reached")
	}
	defer connection.Close()
	stop := context.AfterFunc(ctx, func() { _ = connection.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	// It may answer and hang up before it has everything; then the answer counts.
	sent := sendStream(connection, content)
	reply, err := bufio.NewReader(io.LimitReader(connection, 4096)).ReadString(0)
	if err != nil {
		return Verdict{}, errors.Join(errors.New("clamd gives no answer"), sent)
	}
	return verdictOf(strings.TrimSuffix(reply, "\x00"))
}

func sendStream(to io.Writer, content []byte) error {
	w := bufio.NewWriterSize(to, chunk+4)
	_, err := w.WriteString("zINSTREAM\x00")
	for len(content) > 0 && err == nil {
		part := content[:min(len(content), chunk)]
		content = content[len(part):]
		err = binary.Write(w, binary.BigEndian, uint32(len(part)))
		if err == nil {
			_, err = w.Write(part)
		}
	}
	if err == nil {
		err = binary.Write(w, binary.BigEndian, uint32(0))
	}
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return errors.New("clamd does not take the document")
	}
	return nil
}

// longestSignature is in bytes; clamd's own are below a hundred.
const longestSignature = 200

// shown makes a signature fit to be stored and shown, whoever wrote it: signatures
// of third parties can be loaded into clamd.
func shown(signature string) string {
	signature = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, strings.ToValidUTF8(signature, "?"))
	return strings.ToValidUTF8(signature[:min(len(signature), longestSignature)], "")
}

// verdictOf reads "stream: OK" and "stream: Eicar-Test-Signature FOUND".
func verdictOf(reply string) (Verdict, error) {
	said, ok := strings.CutPrefix(strings.TrimSpace(reply), "stream: ")
	if signature, found := strings.CutSuffix(said, " FOUND"); ok && found && strings.TrimSpace(signature) != "" {
		return Verdict{Infected: true, Signature: shown(signature)}, nil
	}
	if ok && said == "OK" {
		return Verdict{}, nil
	}
	if strings.Contains(reply, "size limit exceeded") {
		return Verdict{}, fmt.Errorf("clamd takes no document of this size: raise its StreamMaxLength")
	}
	return Verdict{}, errors.New("clamd could not look at the document")
}
