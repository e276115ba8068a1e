package register

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
)

// writeRows adds or changes rows by one statement that takes them as a JSON
// list, each with its columns by name. So the statement stays the same however
// many rows there are, and is prepared once on each connection.
func writeRows[T any](ctx context.Context, s *Store, tx *sqlx.Tx, query string, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	content, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	statement, err := s.statement(ctx, tx, query)
	if err != nil {
		return err
	}
	return exactly(len(rows))(statement.ExecContext(ctx, string(content)))
}

// exactly checks that a statement wrote so many rows.
func exactly(n int) func(sql.Result, error) error {
	return func(result sql.Result, err error) error {
		if err != nil {
			return err
		}
		written, err := result.RowsAffected()
		if err == nil && written != int64(n) {
			err = fmt.Errorf("%d rows written where %d were meant", written, n)
		}
		return err
	}
}

// selectRows is writeRows for a statement that answers with rows.
func selectRows[T, R any](ctx context.Context, s *Store, tx *sqlx.Tx, found *[]R, query string, rows []T) error {
	content, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	statement, err := s.statement(ctx, tx, query)
	if err != nil {
		return err
	}
	return statement.SelectContext(ctx, found, string(content))
}

// statement is a statement that is carried out often, for use in a transaction.
// It is prepared for every connection beside the first transactions that need
// it: that takes a connection of its own, for which none of them must wait.
func (s *Store) statement(ctx context.Context, tx *sqlx.Tx, query string) (*sqlx.Stmt, error) {
	if kept, found := s.statements.Load(query); found {
		return tx.StmtxContext(ctx, kept.(*sqlx.Stmt)), nil
	}
	if _, underWay := s.preparing.LoadOrStore(query, true); !underWay {
		go s.prepare(query)
	}
	return tx.PreparexContext(ctx, query)
}

// prepare may fail, as when the register is being left; the next transaction has
// it tried again.
func (s *Store) prepare(query string) {
	defer s.preparing.Delete(query)
	if made, err := s.db.Preparex(query); err == nil {
		s.statements.Store(query, made)
	}
}

// optional is a value that may be NULL: empty means not there.
type optional []byte

// Value stores nothing as NULL.
func (o optional) Value() (driver.Value, error) {
	if len(o) == 0 {
		return nil, nil
	}
	return []byte(o), nil
}

// Scan reads NULL as nothing.
func (o *optional) Scan(src any) error {
	*o = nil
	if src == nil {
		return nil
	}
	value, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("bytes cannot be read from %T", src)
	}
	*o = slices.Clone(value) // the driver uses its buffer again
	return nil
}

// MarshalJSON writes bytes as the database reads them from text.
func (o optional) MarshalJSON() ([]byte, error) {
	if len(o) == 0 {
		return []byte("null"), nil
	}
	text := append(make([]byte, 0, 2*len(o)+5), `"\\x`...)
	return append(hex.AppendEncode(text, o), '"'), nil
}

// document is JSON in a column that may be NULL.
type document []byte

// Value is text: bytes would go to the database in its own binary form where the
// connection asks for that.
func (d document) Value() (driver.Value, error) {
	if d == nil {
		return nil, nil
	}
	return string(d), nil
}

// Scan reads NULL as nothing.
func (d *document) Scan(src any) error { return (*optional)(d).Scan(src) }

// MarshalJSON writes the document as it is.
func (d document) MarshalJSON() ([]byte, error) {
	if d == nil {
		return []byte("null"), nil
	}
	return d, nil
}

// orNull stores an empty text as NULL.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// jsonText writes what a jsonb column takes. It is text: bytes would go to the
// database in its own binary form where the connection asks for that.
func jsonText(value any) (*string, error) {
	content, err := json.Marshal(value)
	text := string(content)
	return &text, err
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
