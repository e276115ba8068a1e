package devstack

import (
	"os"
	"path/filepath"
	"testing"
)

func linkList(t *testing.T, list string) (root string, err error) {
	t.Helper()
	root = filepath.Join(t.TempDir(), "package")
	if err := os.MkdirAll(filepath.Join(root, "native", "lib"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"pg-symlinks.json": list, "lib/libpq.so.5.17": "library"} {
		if err := os.WriteFile(filepath.Join(root, "native", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root, linkPackage(root)
}

func TestLinksOfThePackageSurviveItsMove(t *testing.T) {
	root, err := linkList(t, `[{"source":"native/lib/libpq.so.5.17","target":"native/lib/libpq.so.5"}]`)
	if err != nil {
		t.Fatal(err)
	}
	moved := filepath.Join(t.TempDir(), "moved")
	if err := os.Rename(root, moved); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(moved, "native/lib/libpq.so.5")); err != nil || string(text) != "library" {
		t.Errorf("the link leads to %q (%v)", text, err)
	}
}

func TestLinksOutOfThePackageAreRefused(t *testing.T) {
	for _, list := range []string{
		`[{"source":"/etc/passwd","target":"native/lib/libpq.so.5"}]`,
		`[{"source":"native/lib/libpq.so.5.17","target":"../outside"}]`,
	} {
		if _, err := linkList(t, list); err == nil {
			t.Errorf("%s was linked", list)
		}
	}
}
