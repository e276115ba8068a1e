package main

import (
	"bytes"
	"context"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func command(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(context.Background(), args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestACallWithoutOrWithAnUnknownCommandIsWrongUsage(t *testing.T) {
	code, _, stderr := command()
	require.Equal(t, misused, code)
	require.Equal(t, usage, stderr)

	code, _, stderr = command("dance")
	require.Equal(t, misused, code)
	require.Equal(t, 1, strings.Count(stderr, "\n"), "one line: %s", stderr)
}

func TestBadFlagsAndArgumentsAreWrongUsageInOneLine(t *testing.T) {
	for _, args := range [][]string{
		{"up", "--colour", "red"}, {"up", "--data", ""}, {"up", "somewhere"}, {"up", "--ui-port", "many"},
		{"lodge"}, {"lodge", "a.json", "b.json"}, {"lodge", "a.json", "--as-of", "yesterday"},
		{"verify", "--mend"}, {"api", "now"}, {"worker", "-x"}, {"migrate", "down"}, {"version", "1"},
	} {
		code, stdout, stderr := command(args...)
		require.Equal(t, misused, code, args)
		require.Empty(t, stdout, args)
		require.Equal(t, 1, strings.Count(stderr, "\n"), "%v: %s", args, stderr)
	}
}

func TestHelpIsNoFailure(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"--help"}, {"-h"}, {"up", "--help"}} {
		code, stdout, stderr := command(args...)
		require.Equal(t, done, code)
		require.Equal(t, usage, stdout)
		require.Empty(t, stderr)
	}
}

func TestAPartWithoutItsSettingsSaysWhichIsMissing(t *testing.T) {
	t.Setenv("DATABASE_URL", "")
	t.Setenv("MIGRATE_DATABASE_URL", "")
	t.Setenv("DATA_DIR", t.TempDir())
	t.Setenv("LISTEN", "127.0.0.1:0")
	for _, part := range []string{"api", "worker", "migrate", "rekey", "verify"} {
		code, _, stderr := command(part)
		require.Equal(t, couldNot, code, part)
		require.Contains(t, stderr, "DATABASE_URL", part)
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	}
}

func TestOnlyABuildWithANameCanBePromoted(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://ombudsdienst@127.0.0.1/none")
	t.Setenv("DATA_DIR", t.TempDir())
	t.Setenv("BUILD_ID", "")
	code, _, stderr := command("worker", "--promote")
	require.Equal(t, couldNot, code)
	require.Contains(t, stderr, "BUILD_ID")
	require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
}

func TestTheBuiltProgramGivesTheExitCodesOfTheContract(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "ombudsdienst")
	out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	for code, args := range map[int][]string{done: {"version"}, misused: {"dance"}, couldNot: {"lodge", "no-such-file.json"}} {
		err := exec.Command(binary, args...).Run()
		if code == done {
			require.NoError(t, err)
			continue
		}
		failure, ok := err.(*exec.ExitError)
		require.True(t, ok, args)
		require.Equal(t, code, failure.ExitCode(), args)
	}
}

// rules says what each room may import of ours; "-" in front names what it must
// never import of others. What is not listed here may import nothing of ours.
var rules = map[string][]string{
	"internal/complaint":        {"-*", "github.com/rickar/cal"},
	"internal/organisation":     {"internal/complaint", "-database", "-temporal", "-gin"},
	"internal/letters":          {"internal/complaint", "internal/organisation", "-database", "-temporal", "-gin"},
	"internal/post":             {"internal/letters", "internal/complaint", "-temporal", "-gin"},
	"internal/staff":            {"-temporal", "-gin"},
	"internal/register":         {"internal/complaint", "schema", "-temporal", "-gin"},
	"internal/casework":         {"internal/complaint", "internal/organisation", "internal/register", "internal/staff", "internal/letters", "internal/attachment", "-temporal", "-gin"},
	"internal/attachment":       {"-database", "-temporal", "-gin"},
	"internal/relay":            {"internal/register", "internal/complaint", "workflows", "-gin"},
	"internal/exchange":         {"internal/complaint", "internal/casework", "internal/register", "-temporal", "-gin"},
	"internal/devstack":         {"-gin"},
	"internal/devstack/prepare": {"internal/devstack"},
	"internal/devstack/pgtest":  {"internal/devstack"},
	"schema":                    {"-temporal", "-gin"},
	"activities":                {"internal/complaint", "internal/organisation", "internal/letters", "-database", "-gin"},
	"workflows":                 {"internal/complaint", "activities", "-database", "-gin", "-net/http", "-os", "-time/tzdata"},
	"worker":                    {"workflows", "activities", "internal/complaint", "-database", "-gin"},
	"api":                       {"internal/complaint", "internal/organisation", "internal/casework", "internal/register", "internal/letters", "internal/staff", "-temporal", "-database"},
	"internal/wiring":           {"*"},
	".":                         {"internal/wiring", "internal/exchange"},
}

var others = map[string][]string{
	"database": {"database/sql", "github.com/jmoiron/sqlx", "github.com/lib/pq"},
	"temporal": {"go.temporal.io/"},
	"gin":      {"github.com/gin-gonic/gin", "github.com/danielgtaylor/huma"},
}

func TestEachRoomImportsOnlyWhatItMay(t *testing.T) {
	for room, imports := range importsOfTheModule(t) {
		rule, known := rules[room]
		require.True(t, known, "the room %s has no rule", room)
		for _, imported := range imports {
			if ours, ok := strings.CutPrefix(imported, "ombudsdienst/"); ok {
				allowed := slices.Contains(rule, ours) || slices.Contains(rule, "*") && ours != "internal/devstack/pgtest"
				require.True(t, allowed, "%s must not import %s", room, ours)
				continue
			}
			for _, r := range rule {
				never, ok := strings.CutPrefix(r, "-")
				require.False(t, ok && forbidden(rule, never, imported), "%s must not import %s", room, imported)
			}
		}
	}
}

// forbidden tells whether a rule's "never" covers an import. "*" covers all but
// the standard library and what the rule itself names.
func forbidden(rule []string, never, imported string) bool {
	if never == "*" {
		standard := !strings.Contains(strings.Split(imported, "/")[0], ".")
		named := slices.ContainsFunc(rule, func(r string) bool { return strings.HasPrefix(imported, r) })
		return !standard && !named
	}
	if prefixes, ok := others[never]; ok {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(imported, p) })
	}
	return imported == never
}

// importsOfTheModule reads the imports of all non-test files by folder.
func importsOfTheModule(t *testing.T) map[string][]string {
	rooms := map[string][]string{}
	require.NoError(t, filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && file != "." || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
		if err != nil {
			return err
		}
		room := path.Dir(filepath.ToSlash(file))
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			rooms[room] = append(rooms[room], name)
		}
		return nil
	}))
	return rooms
}
