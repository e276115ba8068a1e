package complaint

import (
	"testing"
	"time"
)

func submissionOn(day Day, text string) Submission {
	return Submission{ReceivedAt: day.At(12, 0), Text: text}
}

var firstOfMarch = NewDay(2026, time.March, 1)

// matters are complaints about different things, each told twice.
var matters = [][2]string{
	{"Drie getuigschriften van mijn kinesist, samen 87,50 euro, staan nog altijd niet op mijn rekening.",
		"Ik heb al meermaals gebeld over de getuigschriften kinesitherapie (87,50 euro). Er is nog niets op mijn rekening gestort."},
	{"De supplementen van mijn opname worden geweigerd.",
		"Mijn hospitalisatieverzekering weigert de supplementen van de opname in januari te betalen."},
	{"De medewerker aan het loket in Vorst was onbeleefd en wilde mijn vraag over de bijdrage niet beantwoorden.",
		"Onbeleefde bediening aan het loket te Vorst: op mijn vraag naar de bijdrage kwam geen antwoord."},
	{"Votre service refuse de rembourser les frais d'ambulance du mois de février.",
		"Refus de remboursement des frais de transport en ambulance (février)."},
	{"Au guichet d'Anderlecht, l'employée m'a fait attendre une heure et a refusé de me recevoir.",
		"J'ai dû attendre plus d'une heure à Anderlecht et l'employée du guichet a refusé de s'occuper de moi."},
	{"Sie haben mir das Krankengeld seit sechs Wochen nicht ausgezahlt, obwohl ich alle Bescheinigungen geschickt habe.",
		"Seit sechs Wochen warte ich auf mein Krankengeld. Alle ärztlichen Bescheinigungen liegen Ihnen vor."},
	{"Nobody answers the telephone of the contact centre; I was on hold for forty minutes three times this week.",
		"I called your contact centre three times and waited forty minutes each time without anyone answering."},
}

func TestAParaphraseOfTheSameMatterIsAPossibleDuplicate(t *testing.T) {
	for _, m := range matters {
		first, second := submissionOn(firstOfMarch, m[0]), submissionOn(firstOfMarch.AddDays(3), m[1])
		if !PossibleDuplicates(first, second) || !PossibleDuplicates(second, first) {
			t.Errorf("%.2f: %q and %q", likeness(m[0], m[1]), m[0], m[1])
		}
	}
}

func TestDifferentMattersAreNoDuplicates(t *testing.T) {
	for i, one := range matters {
		for j, other := range matters {
			for _, text := range other {
				if i != j && PossibleDuplicates(submissionOn(firstOfMarch, one[0]), submissionOn(firstOfMarch, text)) {
					t.Errorf("%.2f: %q and %q", likeness(one[0], text), one[0], text)
				}
			}
		}
	}
}

func TestDuplicatesAreReceivedWithinThirtyDays(t *testing.T) {
	text := matters[0][0]
	for days, want := range map[int]bool{-31: false, -30: true, 0: true, 30: true, 31: false} {
		if got := PossibleDuplicates(submissionOn(firstOfMarch, text), submissionOn(firstOfMarch.AddDays(days), text)); got != want {
			t.Errorf("%d days apart: %v", days, got)
		}
	}
}

func TestATextWithoutWordsIsLikeNothing(t *testing.T) {
	if PossibleDuplicates(submissionOn(firstOfMarch, "Ja."), submissionOn(firstOfMarch, "Nee, ik wil dat niet.")) {
		t.Error("nothing was said")
	}
}

func TestTheSameFactsInAnotherLanguageArePossibleDuplicates(t *testing.T) {
	dutch := Submission{Language: "nl", ReceivedAt: NewDay(2026, 3, 2).At(9, 0), Department: "POST",
		FactsOn: NewDay(2026, 2, 1), Text: "Mijn brief is kwijt."}
	french := dutch
	french.Language, french.Text = "fr", "Ma lettre est perdue."
	if !PossibleDuplicates(dutch, french) {
		t.Error("the same facts in French are not shown")
	}
	later, elsewhere, same := french, french, french
	later.FactsOn, elsewhere.Department, same.Language = NewDay(2026, 2, 2), "UITKERINGEN", "nl"
	for _, other := range []Submission{later, elsewhere, same} {
		if PossibleDuplicates(dutch, other) {
			t.Errorf("%+v is shown", other)
		}
	}
}
