package staff

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func seed(t *testing.T, s *Store, file string, departments ...string) []Credential {
	t.Helper()
	if _, err := s.Seed(t.Context(), file, departments); err != nil {
		t.Fatal(err)
	}
	return credentials(t, file)
}

func credentials(t *testing.T, file string) []Credential {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var content struct{ Accounts []Credential }
	if err := json.Unmarshal(data, &content); err != nil {
		t.Fatal(err)
	}
	return content.Accounts
}

// checkAllOpen holds every token and password of the file against the register.
func checkAllOpen(t *testing.T, s *Store, accounts []Credential) {
	t.Helper()
	for _, c := range accounts {
		if account, err := s.ByToken(t.Context(), c.Token); err != nil || account != c.Account {
			t.Errorf("token of %s opens for %+v (%v)", c.Login, account, err)
		}
		var hash string
		if err := s.DB.Get(&hash, `SELECT password_hash FROM accounts WHERE login = $1`, c.Login); err != nil {
			t.Fatal(err)
		}
		if same, err := VerifyPassword(hash, c.Password); err != nil || !same {
			t.Errorf("password of %s: %v (%v)", c.Login, same, err)
		}
	}
}

func count(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.DB.Get(&n, `SELECT count(*) FROM accounts`); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestANewRegisterGetsItsAccountsAndTheirFile(t *testing.T) {
	s, file := newStore(t), filepath.Join(t.TempDir(), "credentials.json")
	accounts := seed(t, s, file, "POST", "ONTHAAL")
	var roles []string
	for _, c := range accounts {
		roles = append(roles, string(c.Role)+" "+c.Department)
	}
	slices.Sort(roles)
	want := []string{"admin ", "auditor ", "dpo ", "handler ONTHAAL", "handler POST", "intake ", "ombuds ", "ombuds ", "supervisor "}
	if !slices.Equal(roles, want) {
		t.Errorf("accounts: %q", roles)
	}
	if !slices.ContainsFunc(accounts, func(c Credential) bool { return c.Login == "handler-onthaal" && c.Department == "ONTHAAL" }) {
		t.Error("a handler's login is made from the code in lower case")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: %v (%v)", info.Mode(), err)
	}
	checkAllOpen(t, s, accounts)
}

func TestASecondStartChangesNothing(t *testing.T) {
	s, file := newStore(t), filepath.Join(t.TempDir(), "credentials.json")
	first := seed(t, s, file, "POST")
	made, err := s.Seed(t.Context(), file, []string{"POST"})
	if err != nil || made != 0 || !slices.Equal(first, credentials(t, file)) {
		t.Errorf("made %d (%v)", made, err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Seed(t.Context(), file, []string{"POST"}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Error("a file that was taken away came back")
	}
	checkAllOpen(t, s, first)
}

func TestANewDepartmentGetsItsHandlerOnALaterStart(t *testing.T) {
	s, file := newStore(t), filepath.Join(t.TempDir(), "credentials.json")
	first := seed(t, s, file, "POST")
	later := seed(t, s, file, "POST", "ONTHAAL")
	if len(later) != len(first)+1 || !slices.Equal(first, later[:len(first)]) || later[len(first)].Login != "handler-onthaal" {
		t.Errorf("file: %d accounts, then %d", len(first), len(later))
	}
	checkAllOpen(t, s, later)
}

func TestAStartThatDiedBeforeTheRegisterKnewIsFinishedByTheNext(t *testing.T) {
	s, folder := newStore(t), t.TempDir()
	file := filepath.Join(folder, "credentials.json")
	if err := os.WriteFile(file+".new", []byte(`{"accounts": [{"log`), 0o644); err != nil { // died while writing
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	s.Now = func() time.Time { cancel(); return noon } // dies between the file and the accounts
	if _, err := s.Seed(ended, file, []string{"POST"}); err == nil {
		t.Fatal("the first start did not die")
	}
	written := credentials(t, file)
	if count(t, s) != 0 || len(written) != 8 {
		t.Fatalf("%d accounts in the register, %d in the file", count(t, s), len(written))
	}
	s.Now = func() time.Time { return noon }
	finished := seed(t, s, file, "POST")
	if !slices.Equal(written, finished) || count(t, s) != 8 {
		t.Errorf("%d accounts, the file changed: %v", count(t, s), !slices.Equal(written, finished))
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode: %v (%v)", info.Mode(), err)
	}
	checkAllOpen(t, s, finished)
}

func TestAnEmptyRegisterIsFilledFromTheFileOfItsFolder(t *testing.T) {
	before, file := newStore(t), filepath.Join(t.TempDir(), "credentials.json")
	kept := seed(t, before, file, "POST")
	anew := newStore(t)
	if again := seed(t, anew, file, "POST"); !slices.Equal(kept, again) {
		t.Error("the file changed")
	}
	checkAllOpen(t, anew, kept)
}

func TestABrokenFileStopsTheStartAndIsLeftAlone(t *testing.T) {
	s, file := newStore(t), filepath.Join(t.TempDir(), "credentials.json")
	for _, content := range []string{
		"", "secret", `{"accounts": [{"login": "intake", "name": "I", "role": "intake", "token": "secret"}]}`,
		`{"accounts": [{"login": "x", "name": "X", "role": "secret", "password": "p", "token": "t"}]}`,
		`{"acounts": ["secret"]}`,
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := s.Seed(t.Context(), file, []string{"POST"})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", content, err)
		}
		if left, _ := os.ReadFile(file); string(left) != content || count(t, s) != 0 {
			t.Errorf("%q: the file or the register changed", content)
		}
	}
}

func TestTwoStartsAtOneMomentMakeOneSetOfAccounts(t *testing.T) {
	s, file := newStore(t), filepath.Join(t.TempDir(), "credentials.json")
	errs := make(chan error)
	for range 2 {
		go func() {
			_, err := s.Seed(t.Context(), file, []string{"POST"})
			errs <- err
		}()
	}
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if count(t, s) != 8 {
		t.Errorf("accounts: %d", count(t, s))
	}
	checkAllOpen(t, s, credentials(t, file))
}
