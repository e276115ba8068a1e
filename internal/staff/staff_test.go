package staff

import (
	"errors"
	"strings"
	"testing"
	"time"

	"ombudsdienst/internal/devstack/pgtest"
	"ombudsdienst/schema"
)

var noon = time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)

// newStore works with the application's rights, not the owner's.
func newStore(t *testing.T) *Store {
	t.Helper()
	_, appURL := pgtest.Migrated(t, schema.Migrate)
	return &Store{DB: pgtest.Connect(t, appURL), Now: func() time.Time { return noon }}
}

func officer() NewAccount {
	return NewAccount{Account: Account{Login: "ombuds-9", Name: "Ombuds 9", Role: Ombuds}, Password: "correct horse"}
}

func TestATokenOpensForItsAccountUntilItEnds(t *testing.T) {
	s := newStore(t)
	if err := s.Create(t.Context(), officer()); err != nil {
		t.Fatal(err)
	}
	token, err := s.IssueToken(t.Context(), "ombuds-9", "test", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	account, err := s.ByToken(t.Context(), token)
	if err != nil || account != officer().Account {
		t.Fatalf("account: %+v (%v)", account, err)
	}
	s.Now = func() time.Time { return noon.Add(time.Hour) }
	if _, err := s.ByToken(t.Context(), token); !errors.Is(err, ErrUnknownToken) {
		t.Errorf("expired: %v", err)
	}
}

func TestEveryUselessTokenGetsTheSameAnswer(t *testing.T) {
	s := newStore(t)
	if err := s.Create(t.Context(), officer()); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{
		"revoked":  `UPDATE tokens SET revoked_at = now()`,
		"disabled": `UPDATE accounts SET disabled_at = now()`,
	}
	for _, name := range []string{"revoked", "disabled"} { // in this order: a disabled account stays disabled
		token, err := s.IssueToken(t.Context(), "ombuds-9", name, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.ByToken(t.Context(), token); err != nil {
			t.Fatalf("%s, before: %v", name, err)
		}
		s.DB.MustExec(cases[name])
		if _, err := s.ByToken(t.Context(), token); err != ErrUnknownToken {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, token := range []string{"", "ombuds_", newToken()} {
		if _, err := s.ByToken(t.Context(), token); err != ErrUnknownToken {
			t.Errorf("never issued: %v", err)
		}
	}
}

func TestAnUnreachableDatabaseIsNotAnUnknownToken(t *testing.T) {
	s := newStore(t)
	s.DB.Close()
	if _, err := s.ByToken(t.Context(), newToken()); err == nil || errors.Is(err, ErrUnknownToken) {
		t.Errorf("got %v", err)
	}
}

func TestUseOfATokenIsNotedAtMostOnceAMinute(t *testing.T) {
	s := newStore(t)
	if err := s.Create(t.Context(), officer()); err != nil {
		t.Fatal(err)
	}
	token, err := s.IssueToken(t.Context(), "ombuds-9", "test", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ at, noted time.Duration }{
		{0, 0}, {59 * time.Second, 0}, {time.Minute, time.Minute}, {90 * time.Second, time.Minute},
	} {
		s.Now = func() time.Time { return noon.Add(step.at) }
		if _, err := s.ByToken(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		var noted time.Time
		if err := s.DB.Get(&noted, `SELECT last_used_at FROM tokens`); err != nil || !noted.Equal(noon.Add(step.noted)) {
			t.Errorf("after %v noted %v (%v)", step.at, noted.Sub(noon), err)
		}
	}
}

func TestSecretsAreKeptAsHashesOnly(t *testing.T) {
	s := newStore(t)
	if err := s.Create(t.Context(), officer()); err != nil {
		t.Fatal(err)
	}
	token, err := s.IssueToken(t.Context(), "ombuds-9", "test", 0)
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	if err := s.DB.Select(&rows, `SELECT accounts::text || tokens::text || encode(hash, 'escape') FROM accounts JOIN tokens USING (login)`); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if strings.Contains(row, token) || strings.Contains(row, "correct horse") {
			t.Error("a secret stands in the database")
		}
	}
}

func TestAnAccountFitsItsRole(t *testing.T) {
	s := newStore(t)
	for name, account := range map[string]Account{
		"handler without department": {Login: "a", Name: "A", Role: Handler},
		"officer with department":    {Login: "a", Name: "A", Role: Ombuds, Department: "POST"},
		"public":                     {Login: "a", Name: "A", Role: Public},
		"unknown role":               {Login: "a", Name: "A", Role: "boss"},
		"no login":                   {Name: "A", Role: Ombuds},
		"no name":                    {Login: "a", Role: Ombuds},
	} {
		if err := s.Create(t.Context(), NewAccount{Account: account, Password: "x"}); err == nil {
			t.Errorf("made: %s", name)
		}
	}
	without := officer()
	without.Password = ""
	if err := s.Create(t.Context(), without); err == nil {
		t.Error("made an account without a password")
	}
	if err := s.Create(t.Context(), officer()); err != nil {
		t.Fatal(err)
	}
	if err := s.Create(t.Context(), officer()); err == nil {
		t.Error("made an account twice")
	}
}
