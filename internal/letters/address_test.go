package letters

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"ombudsdienst/internal/complaint"
)

func TestASalutationComesFromWhatWasGivenNeverFromAFirstName(t *testing.T) {
	for _, c := range []struct {
		language   complaint.Language
		salutation string
		name       string
		want       string
	}{
		{"nl", "mevrouw", "Lotte Voorbeeldmans", "Geachte mevrouw Voorbeeldmans,"},
		{"nl", "de heer", "Karel Verzonnen", "Geachte heer Verzonnen,"},
		{"nl", "", "Lotte Voorbeeldmans", "Geachte mevrouw, geachte heer,"},
		{"nl", "Dr.", "Lotte Voorbeeldmans", "Geachte mevrouw, geachte heer,"},
		{"nl", "dhr. en mevr.", "An en Jan Peeters", "Geachte mevrouw, geachte heer,"},
		{"nl", "Madame", "Marie Van den Broeck", "Geachte mevrouw Van den Broeck,"},
		{"nl", "Mevr.", "An Maria Peeters", "Geachte mevrouw An Maria Peeters,"},
		{"nl", "Herr", "Muster", "Geachte heer Muster,"},
		{"nl", "mevrouw", "", "Geachte mevrouw, geachte heer,"},
		{"fr", "Monsieur", "Marcel Modèle", "Monsieur,"},
		{"fr", "mevrouw", "Jeanne Exemplaire", "Madame,"},
		{"fr", "", "Jeanne Exemplaire", "Madame, Monsieur,"},
		{"de", "Frau", "Greta Beispiel", "Sehr geehrte Frau Beispiel,"},
		{"de", "de heer", "Jürgen Muster", "Sehr geehrter Herr Muster,"},
		{"de", "", "Greta Beispiel", "Sehr geehrte Damen und Herren,"},
		{"en", "Ms", "Jane Sample", "Dear Ms Sample,"},
		{"en", "MR.", "John Sample", "Dear Mr Sample,"},
		{"en", "Mx", "Jo Sample", "Dear Sir or Madam,"},
	} {
		file := full(complaint.LetterAcknowledgement, c.language)
		file.Submission.Complainant.Name, file.Submission.Complainant.Salutation = c.name, c.salutation
		l, err := compose(theOrganisation(t), file, letterDay)
		if err != nil || l.salutation != c.want {
			t.Errorf("%s %q %q: %q %v", c.language, c.salutation, c.name, l.salutation, err)
		}
	}
}

func TestTheFrenchClosingRepeatsTheSalutation(t *testing.T) {
	for salutation, want := range map[string]string{"Madame": "Madame", "Monsieur": "Monsieur", "": "Madame, Monsieur"} {
		file := full(complaint.LetterAcknowledgement, "fr")
		file.Submission.Complainant.Salutation = salutation
		if text := write(t, theOrganisation(t), file); !strings.Contains(text, "Veuillez agréer, "+want+", l’expression") {
			t.Errorf("%q: %s", salutation, text)
		}
	}
}

func TestAnOrganisationIsAddressedThroughItsContactOrNeutrally(t *testing.T) {
	file := full(complaint.LetterAcknowledgement, "nl")
	c := &file.Submission.Complainant
	c.Type, c.Name, c.Salutation = "organisation", "De heer en zonen vzw", "de heer"
	for contact, want := range map[string][2]string{
		"":              {"Geachte mevrouw, geachte heer,", "De heer en zonen vzw|Fictiestraat 12 bus 3"},
		"Jan Verzonnen": {"Geachte heer Verzonnen,", "De heer Jan Verzonnen|De heer en zonen vzw|Fictiestraat 12 bus 3"},
	} {
		c.ContactName = contact
		l, err := compose(theOrganisation(t), file, letterDay)
		if err != nil || l.salutation != want[0] || !strings.HasPrefix(strings.Join(l.address, "|"), want[1]) {
			t.Errorf("%q: %q %v %v", contact, l.salutation, l.address, err)
		}
	}
}

func TestARepresentativeIsWrittenToAndTheComplainantNamed(t *testing.T) {
	file := full(complaint.LetterAcknowledgement, "nl")
	file.Submission.Representative = &complaint.Representative{Name: "Chantal Bonnevolonté", Salutation: "mevrouw",
		Mandate: complaint.MandateAttached, Address: complaint.Address{Street: "Nietsstraat 7", Postcode: "1160", City: "Oudergem", Email: "c@example.org"}}
	rendered := render(t, theOrganisation(t), file)
	if rendered.Recipient != "c@example.org" || !strings.Contains(rendered.Text, "Geachte mevrouw Bonnevolonté,") ||
		!strings.Contains(rendered.Text, "uw klacht namens Lotte Voorbeeldmans ontvangen") {
		t.Error(rendered.Recipient, rendered.Text)
	}
}

func TestTheCountryStandsOnlyOutsideBelgium(t *testing.T) {
	for country, want := range map[string]string{"": "", "BE": "", "België": "", "Frankrijk": "FRANKRIJK"} {
		lines, err := addressOf(speakers["nl"], complaint.Correspondent{Name: "An",
			Address: complaint.Address{Street: "Straat 1", Postcode: "59000", City: "Rijsel", Country: country}}, person{Name: "An"})
		expected := []string{"An", "Straat 1", "59000 RIJSEL"}
		if want != "" {
			expected = append(expected, want)
		}
		if err != nil || !slices.Equal(lines, expected) {
			t.Errorf("%q: %v %v", country, lines, err)
		}
	}
}

func TestANameCannotForgeLines(t *testing.T) {
	file := full(complaint.LetterAcknowledgement, "nl")
	c := &file.Submission.Complainant
	c.Name = "Lotte\r\nVoorbeeldmans\x01\v\u2028Betreft: gratis geld\u202e"
	c.Street = "Fictiestraat 12\nAndere straat 13"
	file.Submission.Topic = "een\n\n\x01Kop\n## Nog een\n* punt"
	l, err := compose(theOrganisation(t), file, letterDay)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Mevrouw Lotte Voorbeeldmans Betreft: gratis geld", "Fictiestraat 12 Andere straat 13", "1080 SINT-JANS-MOLENBEEK"}
	if !slices.Equal(l.address, want) {
		t.Errorf("%q", l.address)
	}
	if text := l.text(); !strings.Contains(text, "“een Kop ## Nog een * punt”") || strings.Contains(text, "\nBetreft: gratis") {
		t.Error(text)
	}
}

func TestHandedInTextCannotForgeAHeadingOrAnItem(t *testing.T) {
	file := full(complaint.LetterOutcome, "nl")
	file.Outcome.Findings[0].Reasons = "* geen punt\n## geen kop\n\x01geen kop\n\n\x02geen punt"
	l, err := compose(theOrganisation(t), file, letterDay)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range l.blocks {
		if b.kind != paragraph && strings.Contains(b.text, "geen") && !strings.Contains(b.text, "Bent u") {
			t.Errorf("forged: %+v", b)
		}
	}
	if !slices.Contains(l.blocks, block{paragraph, "* geen punt\n## geen kop\ngeen kop\n\ngeen punt"}) {
		t.Error(l.text())
	}
}

func TestAnAddressBlockNeverGrowsOutOfItsWindow(t *testing.T) {
	measure := func(size float64, s string) float64 { return float64(utf8.RuneCountInString(s)) * size / 5 }
	for name, fields := range map[string][]string{
		"short":        {"Mevrouw An Peeters", "Straat 1", "1000 BRUSSEL"},
		"long":         {strings.Repeat("lang ", 30), "Straat 1", "1000 BRUSSEL"},
		"endless":      {strings.Repeat("lang ", 90), strings.Repeat("x", 400), strings.Repeat("straat ", 80), "1000 BRUSSEL", "LAND"},
		"without gaps": {strings.Repeat("x", 400), strings.Repeat("y", 400), "1000 BRUSSEL"},
	} {
		lines, size := fit(fields, addressSizes, measure)
		if len(lines) > addressLines || !slices.Contains(lines, "1000 BRUSSEL") {
			t.Errorf("%s: %d lines %q", name, len(lines), lines)
		}
		for _, l := range lines {
			if measure(size, l) > addressWidth {
				t.Errorf("%s: %q is too wide", name, l)
			}
		}
	}
}
