package pgtest

import (
	"context"
	"database/sql"
	"sync"

	"ombudsdienst/internal/devstack"

	"github.com/lib/pq"
)

// model is the database that Migrated copies. Nobody is connected to it.
var model struct {
	once    sync.Once
	name    string
	copying string // how, in the server's words
	err     error
}

func makeModel(s server, migrate Migrate) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	name := newName()
	if err := devstack.CreateDatabase(ctx, s.admin, name); err != nil {
		return "", err
	}
	url, err := devstack.AddressOf(s.owner, name, nil)
	if err != nil {
		return "", err
	}
	owner, err := sql.Open("postgres", url)
	if err != nil {
		return "", err
	}
	defer owner.Close()
	// Copying files takes half as long as writing each page to the log; before
	// PostgreSQL 15 there is no choice.
	err = owner.QueryRowContext(ctx, `
		SELECT CASE WHEN current_setting('server_version_num')::int >= 150000 THEN ' STRATEGY file_copy' ELSE '' END`).Scan(&model.copying)
	if err != nil {
		return "", err
	}
	return name, migrate(ctx, owner, devstack.AppRole)
}

// copyModel copies the model with the rights inside it; those on the database
// itself are given as to any other.
func copyModel(ctx context.Context, s server, name string) error {
	_, err := s.db.ExecContext(ctx, `CREATE DATABASE `+pq.QuoteIdentifier(name)+
		` OWNER `+devstack.OwnerRole+` TEMPLATE `+pq.QuoteIdentifier(model.name)+model.copying)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, devstack.DatabaseRights(name))
	return err
}
