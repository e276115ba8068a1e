package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"ombudsdienst/internal/devstack"
	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/internal/organisation"
	"ombudsdienst/internal/staff"
	"ombudsdienst/schema"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"
)

// model is a data folder with a migrated register and its first accounts. It is
// made once and copied for each stack: a new cluster and the hashes of a score
// of passwords take seconds. removeModel takes it away.
var (
	model       = sync.OnceValues(makeModel)
	removeModel = func() {}
)

func makeModel() (dir string, err error) {
	if dir, err = pgtest.PassableDir(); err != nil {
		return "", err
	}
	removeModel = func() { _ = os.RemoveAll(dir) }
	folder, err := devstack.Open(dir)
	if err != nil {
		return "", err
	}
	defer folder.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	postgres, err := devstack.StartPostgres(ctx, folder, devstack.PostgresOptions{})
	if err != nil {
		return "", err
	}
	if err := fill(ctx, postgres.OwnerURL(), folder.Path("credentials.json")); err != nil {
		_ = postgres.Stop()
		return "", err
	}
	return dir, postgres.Stop()
}

// fill makes the tables and the accounts, whose passwords and tokens it writes
// into a file.
func fill(ctx context.Context, ownerURL, credentials string) error {
	owner, err := sql.Open("postgres", ownerURL)
	if err != nil {
		return err
	}
	defer owner.Close()
	if err := schema.Migrate(ctx, owner, devstack.AppRole); err != nil {
		return err
	}
	fund, err := organisation.Load("")
	if err != nil {
		return err
	}
	accounts := staff.Store{DB: sqlx.NewDb(owner, "postgres"), Now: time.Now}
	_, err = accounts.Seed(ctx, credentials, fund.Codes())
	return err
}

// folderOfModel gives a test a data folder of its own that is a copy of the model.
func folderOfModel(t testing.TB) *devstack.Folder {
	t.Helper()
	from, err := model()
	require.NoError(t, err)
	dir := pgtest.Dir(t)
	said, err := exec.Command("cp", "-a", from+"/.", dir).CombinedOutput()
	require.NoError(t, err, "%s", said)
	folder, err := devstack.Open(dir)
	require.NoError(t, err)
	t.Cleanup(func() { _ = folder.Close() })
	return folder
}

// readTokens takes the tokens of the accounts, by login and by role.
func readTokens(t testing.TB, file string) map[string]string {
	t.Helper()
	var credentials struct {
		Accounts []staff.Credential `json:"accounts"`
	}
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, &credentials))
	tokens := map[string]string{}
	for _, a := range credentials.Accounts {
		tokens[a.Login] = a.Token
		if _, known := tokens[string(a.Role)]; !known {
			tokens[string(a.Role)] = a.Token // the first of its role
		}
	}
	return tokens
}
