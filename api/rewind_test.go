package api_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"net/http/httptest"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// rewinding is a handle on a register that takes back what was done through it:
// one connection with a transaction around everything, in which the counter's own
// transactions are savepoints.
func rewinding(t *testing.T, url string) *sqlx.DB {
	t.Helper()
	connector, err := pq.NewConnector(url)
	if err != nil {
		t.Fatal(err)
	}
	db := sqlx.NewDb(sql.OpenDB(rewinder{connector}), "postgres")
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

// tried asks, and takes back what that changed.
func tried(t *testing.T, db *sqlx.DB, ask func() *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	t.Helper()
	if _, err := db.Exec(`BEGIN`); err != nil {
		t.Fatal(err)
	}
	w := ask()
	if _, err := db.Exec(`ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	return w
}

type rewinder struct{ driver.Connector }

func (r rewinder) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := r.Connector.Connect(ctx)
	return rewound{conn}, err
}

type rewound struct{ driver.Conn }

func (c rewound) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

func (c rewound) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

func (c rewound) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	_, err := c.ExecContext(ctx, `SAVEPOINT inner_transaction`, nil)
	return c, err
}

func (c rewound) Commit() error {
	_, err := c.ExecContext(context.Background(), `RELEASE SAVEPOINT inner_transaction`, nil)
	return err
}

func (c rewound) Rollback() error {
	_, err := c.ExecContext(context.Background(), `ROLLBACK TO SAVEPOINT inner_transaction; RELEASE SAVEPOINT inner_transaction`, nil)
	return err
}
