package devstack

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/lib/pq"
)

// Names on every server, private or handed in for tests. Migrations grant the
// application role its rights on the tables.
const (
	DatabaseName = "ombudsdienst"
	OwnerRole    = "ombudsdienst_owner"
	AppRole      = "ombudsdienst_app"

	adminRole = "postgres"
)

// roleLock keeps two programs from making the same roles on one server at the
// same moment.
const roleLock = 4250_2026

// prepare makes the roles and the register's database where they are missing.
func prepare(ctx context.Context, adminURL string, passwords secrets) error {
	ctx, cancel := context.WithTimeout(ctx, usual.start)
	defer cancel()
	if err := CreateRoles(ctx, adminURL, passwords.Owner, passwords.App); err != nil {
		return err
	}
	return CreateDatabase(ctx, adminURL, DatabaseName)
}

// CreateRoles makes the owner and the application role on the server of a
// superuser's address, or gives those that exist these passwords.
func CreateRoles(ctx context.Context, adminURL, ownerPassword, appPassword string) error {
	return withConnection(ctx, adminURL, func(db *sql.Conn) error {
		if _, err := db.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, roleLock); err != nil {
			return fmt.Errorf("lock the roles: %w", err)
		}
		for role, password := range map[string]string{OwnerRole: ownerPassword, AppRole: appPassword} {
			var exists bool
			err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`, role).Scan(&exists)
			if err != nil {
				return fmt.Errorf("look for role %s: %w", role, err)
			}
			verb := "CREATE"
			if exists {
				verb = "ALTER"
			}
			statement := verb + ` ROLE ` + pq.QuoteIdentifier(role) + ` LOGIN PASSWORD ` + pq.QuoteLiteral(password)
			if _, err := db.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("make role %s: %w", role, err)
			}
		}
		return nil
	})
}

// CreateDatabase makes a database of the owner role on which the application
// role may connect and see the schema public, and nobody else anything. One
// that exists is kept. The address is a superuser's.
func CreateDatabase(ctx context.Context, adminURL, name string) error {
	quoted := pq.QuoteIdentifier(name)
	err := withConnection(ctx, adminURL, func(db *sql.Conn) error {
		var exists bool
		err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&exists)
		if err != nil || exists {
			return err
		}
		_, err = db.ExecContext(ctx, `CREATE DATABASE `+quoted+` OWNER `+OwnerRole)
		return err
	})
	if err != nil {
		return fmt.Errorf("make database %s: %w", name, err)
	}
	inside, err := AddressOf(adminURL, name, nil)
	if err != nil {
		return err
	}
	err = withConnection(ctx, inside, func(db *sql.Conn) error {
		_, err := db.ExecContext(ctx, DatabaseRights(name)+`;
			ALTER SCHEMA public OWNER TO `+OwnerRole+`;
			REVOKE ALL ON SCHEMA public FROM PUBLIC;
			GRANT USAGE ON SCHEMA public TO `+AppRole)
		return err
	})
	if err != nil {
		return fmt.Errorf("set the rights on database %s: %w", name, err)
	}
	return nil
}

// DatabaseRights are the statements that let the application role, and nobody
// else, connect to a database. A copy of a database does not inherit them.
func DatabaseRights(name string) string {
	quoted := pq.QuoteIdentifier(name)
	return `REVOKE ALL ON DATABASE ` + quoted + ` FROM PUBLIC;
		GRANT CONNECT ON DATABASE ` + quoted + ` TO ` + AppRole
}

func withConnection(ctx context.Context, url string, do func(*sql.Conn) error) error {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return do(conn)
}
