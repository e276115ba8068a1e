package register

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"ombudsdienst/internal/complaint"

	"github.com/lib/pq"
)

var errNoRows = sql.ErrNoRows

// SQLSTATE codes that this package tells apart.
const (
	uniqueViolation  = "23505"
	statementStopped = "57014" // by a cancelled context
	dataException    = "22"    // class: a value of no use, such as a NUL or a year 0, out of a cursor somebody made up
)

// wrap says what was being done. It keeps refusals as they are, turns a lost
// connection into Unavailable, and drops the database's own words, which can
// repeat a value.
func wrap(err error, format string, args ...any) error {
	if err == nil || complaint.CategoryOf(err) != "" {
		return err
	}
	doing := fmt.Sprintf(format, args...)
	refusal, refused := errors.AsType[*pq.Error](err)
	switch {
	case lost(err):
		return fmt.Errorf("%s: %w", doing,
			complaint.Refuse(complaint.Unavailable, "register_unavailable", "The register cannot be reached at the moment."))
	case refused && refusal.Code.Class() == dataException:
		return fmt.Errorf("%s: %w", doing,
			complaint.Refuse(complaint.Invalid, "unstorable", "The request holds a value that the register cannot hold."))
	case refused && refusal.Code == statementStopped:
		return fmt.Errorf("%s: %w", doing, context.Canceled)
	case refused:
		return fmt.Errorf("%s: the database answered %s %s", doing, refusal.Code, refusal.Constraint)
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
}

// lost tells whether the database could not be reached, or stopped answering.
func lost(err error) bool {
	if refusal, ok := errors.AsType[*pq.Error](err); ok {
		switch refusal.Code {
		case "57P01", "57P02", "57P03", "53300", // shut down, crashed, starting, too many connections
			"40001", "40P01": // given up for another transaction, which the caller may try again
			return true
		}
		return refusal.Code.Class() == "08"
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// violates tells whether an error is a clash with a unique index of that name.
func violates(err error, index string) bool {
	refusal, ok := errors.AsType[*pq.Error](err)
	return ok && refusal.Code == uniqueViolation && refusal.Constraint == index
}
