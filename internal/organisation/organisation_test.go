package organisation

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ombudsdienst/internal/complaint"
)

func TestTheEmbeddedOrganisationIsValid(t *testing.T) {
	o := mustLoad(t, "")
	if got := o.Service.In("nl"); got != "Ombudsdienst en Kwaliteit van diensten" {
		t.Errorf("official name: %q", got)
	}
	if got := o.Terms.AnswerTerm(); got.Days != complaint.AnswerTermDays || len(got.Warnings) != 3 {
		t.Errorf("answer term: %+v", got)
	}
	want := "GEZONDHEIDSZORGEN UITKERINGEN HOSPITALISATIE DERDEBETALER LEDENBEHEER ONTHAAL CONTACTCENTER POST INTERNATIONAAL"
	if got := strings.Join(o.Codes(), " "); got != want {
		t.Errorf("departments: %s", got)
	}
}

func TestTheDutchAppealWarningIsTheOrganisationsOwnSentence(t *testing.T) {
	const own = "Opgelet! De verwerking van uw klacht door de Ombudsdienst en Kwaliteit van diensten schort de termijn " +
		"voor beroep tegen de beslissing van het ziekenfonds bij de rechtbanken niet op."
	if got := mustLoad(t, "").AppealWarning.In("nl"); got != own {
		t.Errorf("appeal warning: %q", got)
	}
}

func TestADepartmentIsFoundByItsCodeOnly(t *testing.T) {
	o := mustLoad(t, "")
	if d, ok := o.Department("POST"); !ok || d.Name.In("fr") != "Courrier" {
		t.Errorf("POST: %+v %v", d, ok)
	}
	if _, ok := o.Department("post"); ok {
		t.Error("a code in lower case was found")
	}
}

func TestOnlyBodiesThatFitAreNamed(t *testing.T) {
	o := mustLoad(t, "")
	for _, c := range []struct {
		department string
		contested  bool
		want       string
	}{
		{"", false, "NATIONAL_UNION"},
		{"ONTHAAL", false, "NATIONAL_UNION"},
		{"ONTHAAL", true, "NATIONAL_UNION LABOUR_COURT"},
		{"HOSPITALISATIE", false, "NATIONAL_UNION INSURANCE_OMBUDSMAN CONTROL_OFFICE"},
		{"UITKERINGEN", true, "NATIONAL_UNION RIZIV LABOUR_COURT"},
	} {
		var codes []string
		for _, b := range o.NextBodies(c.department, c.contested) {
			codes = append(codes, b.Code)
		}
		if got := strings.Join(codes, " "); got != c.want {
			t.Errorf("%q, contested %v: %s", c.department, c.contested, got)
		}
	}
}

// TestAWrongFileIsRefusedWithItsLine changes one line of the valid file each
// time; the refusal names the line on which the mark stands afterwards.
func TestAWrongFileIsRefusedWithItsLine(t *testing.T) {
	for name, c := range map[string]struct{ old, new, mark, says string }{
		"unknown field":             {"terms:", "therms:", "therms:", "there is no field named therms"},
		"unknown field deep":        {"  answer_days: 45", "  answer_dayz: 45", "answer_dayz", "there is no field named answer_dayz"},
		"term over the promise":     {"answer_days: 45", "answer_days: 46", "answer_days: 46", "terms.answer_days: it must be a number from 1 to 45"},
		"no term":                   {"answer_days: 45", "answer_days: 0", "answer_days: 0", "from 1 to 45"},
		"not a number":              {"answer_days: 45", "answer_days: soon", "answer_days: soon", "cannot unmarshal"},
		"warning after the term":    {"[30, 38, 43]", "[30, 38, 45]", "warning_days", "from 1 to 44"},
		"warnings that do not rise": {"[30, 38, 43]", "[30, 30, 43]", "warning_days", "terms.warning_days[2]: the warning days must ascend"},
		"empty name":                {"  de: Ombudsdienst und Dienstleistungsqualität", `  de: ""`, `  de: ""`, "service.de: it is missing or empty"},
		"missing language":          {"  en: Ombuds and Quality of Services\n", "\n", "service:", "service.en: it is missing or empty"},
		"language that is not ours": {"city: Brussels}", "city: Brussels}\n  it: {street: a, postcode: \"1000\", city: b}", "  it:", "the languages are nl, fr, de and en"},
		"two lines in a name":       {"  fr: service Médiation", "  fr: \"service\\nMédiation\"\n  #", "  fr: \"service", "one line of text"},
		"code used twice":           {"code: ONTHAAL", "code: POST", "  - code: POST\n    name: {nl: Post", "departments[8].code: this code is used twice"},
		"code in lower case":        {"code: ONTHAAL", "code: onthaal", "code: onthaal", "departments[6].code"},
		"department in German":      {"    language: nl", "    language: de", "language: de", "nl or fr"},
		"mail without a domain":     {"mail: post@solidaris-brabant.example", "mail: post", "mail: post\n", "departments[8].mail: it must be a plain mail address"},
		"body of no department":     {"[HOSPITALISATIE]", "[HOSPITAL]", "[HOSPITAL]", "no department with this code"},
		"link without https":        {"      nl: https://", "      nl: http://", "      nl: http://", "starts with https://"},
		"key twice":                 {"dpo_mail:", "dpo_mail: a@b.example\ndpo_mail:", "dpo_mail: dataprotection", "already defined"},
		"day off in another year":   {"days_off: {}", "days_off: {2026: [2027-05-15]}", "days_off", "offices.days_off.2026[1]: it must be a day of the year 2026"},
		"day off twice":             {"days_off: {}", "days_off: {2026: [2026-05-15, 2026-05-15]}", "days_off", "named twice"},
		"day off that is none":      {"days_off: {}", "days_off: {2026: [15 May]}", "days_off", "it must be a day of the year 2026"},
		"offices that open never":   {`open_at: "09:00"`, `open_at: "25:00"`, "open_at", "time of day"},
		"watch in German":           {"  language: nl # of", "  language: de # of", "  language: de # of", "nl or fr"},
		"broken YAML":               {"dpo_mail: ", "dpo_mail: [", "dpo_mail: [", "did not find"},
	} {
		t.Run(name, func(t *testing.T) {
			content := strings.Replace(string(solidarisBrabant), c.old, c.new, 1)
			before, _, found := strings.Cut(content, c.mark)
			if !found || content == string(solidarisBrabant) {
				t.Fatal("the change did not take")
			}
			_, err := Load(write(t, content))
			if err == nil {
				t.Fatal("it was taken")
			}
			line := "line " + strconv.Itoa(strings.Count(before, "\n")+1) + ": "
			if text := err.Error(); !strings.Contains(text, c.says) || (name != "broken YAML" && !strings.Contains(text, line)) {
				t.Errorf("want %s%s, got: %s", line, c.says, text)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
		})
	}
}

func TestAnEmptyDoubleOrMissingFileIsRefused(t *testing.T) {
	for name, path := range map[string]string{
		"empty":   write(t, ""),
		"comment": write(t, "# nothing\n"),
		"null":    write(t, "null\n"),
		"list":    write(t, "- a\n"),
		"double":  write(t, string(solidarisBrabant)+"\n---\nfund: {}\n"),
		"missing": filepath.Join(t.TempDir(), "none.yaml"),
	} {
		if _, err := Load(path); err == nil {
			t.Errorf("%s: it was taken", name)
		} else {
			t.Log(err)
		}
	}
}

func TestAnotherFundMayPromiseAQuickerAnswer(t *testing.T) {
	content := strings.Replace(string(solidarisBrabant), "answer_days: 45", "answer_days: 30", 1)
	content = strings.Replace(content, "[30, 38, 43]", "[20, 25]", 1)
	if got := mustLoad(t, write(t, content)).Terms.AnswerTerm().Days; got != 30 {
		t.Errorf("answer term: %d", got)
	}
}

func mustLoad(t *testing.T, path string) *Organisation {
	t.Helper()
	o, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "organisation.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
