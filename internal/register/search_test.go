package register_test

import (
	"slices"
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// search gives the places of the complaints that are found, the latest first.
func (b *books) search(q string) (places []string) {
	b.t.Helper()
	page, err := b.Complaints(b.t.Context(), register.ComplaintFilter{Q: q})
	if err != nil {
		b.t.Fatalf("search %q: %v", q, err)
	}
	for _, row := range page.Items {
		_, place, _ := strings.Cut(string(row.Number), "-")
		places = append(places, strings.TrimLeft(place, "0"))
	}
	return places
}

func searchable(t *testing.T) *books {
	t.Helper()
	b := newBooks(t)
	for _, text := range []string{
		"De getuigschriften zijn kwijt.", "Mijn getuigschrift is betaald aan O'Hara.", "Niets over l'hôpital Érasme 123456.",
	} {
		b.lodge(func(s *complaint.Submission) { s.Text = text })
	}
	return b
}

func TestSearchFindsWordsByTheirBeginning(t *testing.T) {
	b := searchable(t)
	for q, want := range map[string][]string{
		"getuigschriften": {"1"}, "getuigschrift": {"2", "1"}, "GETUIG": {"2", "1"}, "tuigschrift": nil,
		"getuig betaa": {"2"}, "getuig -betaa": {"1"}, "kwij or hôpi": {"3", "1"}, `"zijn kwij"`: {"1"}, `"kwijt zijn"`: nil,
		"o'har": {"2"}, "éras": {"3"}, "lotte@example.org": {"3", "2", "1"}, "Voorbeeld": {"3", "2", "1"},
	} {
		if got := b.search(q); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
}

func TestSearchFindsANumberByAnyPartOfIt(t *testing.T) {
	b := searchable(t)
	for q, want := range map[string][]string{
		"2026-000003": {"3"}, "000003": {"3"}, "-000003": {"3"}, "0003": {"3"}, "26-000002": {"2"}, "2026-0000": {"3", "2", "1"},
		"1234": {"3"}, "000004": nil, "2025-000003": nil,
	} {
		if got := b.search(q); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
}

func TestSearchTakesWhateverIsTyped(t *testing.T) {
	b := searchable(t)
	for _, q := range []string{
		"'", "''", `"`, `\`, `\'`, `'\''`, "?!", "---", "%", "_", "(", "((a|b", "a & | b", "!a", "a:*", ":*", "<->", "a <2> b", "or", "or or",
		"$1", "\ufffd", "\u202e", "💥", strings.Repeat("a", 200), strings.Repeat("' ", 100), "\\x27", "'a':*B", "https://a.example/b?c=d'e\\f",
	} {
		if found := b.search(q); strings.Trim(q, "'\"\\?!-%_ ") == "" && len(found) > 0 {
			t.Errorf("%q finds %q", q, found)
		}
	}
}
