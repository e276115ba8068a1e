package letters

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// person is somebody a letter speaks to.
type person struct {
	Title   title
	Name    string
	Surname string // what follows Mevrouw or Herr
}

// title is how somebody wants to be addressed; empty when not known.
type title string

const (
	madam title = "f"
	sir   title = "m"
)

// givenTitles are the salutations that leave no doubt, in any of the languages.
// Whatever else somebody wrote ("Dr.", "familie") gets the neutral form.
var givenTitles = map[title][]string{
	madam: {"mevrouw", "mevr", "mw", "mvr", "madame", "mme", "mademoiselle", "mlle", "frau", "ms", "mrs", "miss"},
	sir:   {"de heer", "heer", "dhr", "meneer", "mijnheer", "monsieur", "m", "herr", "herrn", "mr", "mister"},
}

func titleOf(salutation string) title {
	given := strings.TrimRight(strings.ToLower(line(salutation)), ".,")
	for known, words := range givenTitles {
		if slices.Contains(words, given) {
			return known
		}
	}
	return ""
}

// addresseeOf finds whom to speak to. It never reads a title out of a first
// name; an organisation is spoken to through its contact or neutrally.
func addresseeOf(c complaint.Correspondent) person {
	name := line(c.Name)
	if c.Organisation {
		name = line(c.ContactName)
	}
	if name == "" {
		return person{}
	}
	return person{Title: titleOf(c.Salutation), Name: name, Surname: surnameOf(name)}
}

// particles begin a surname.
var particles = []string{"van", "vande", "vanden", "vander", "de", "den", "der", "del", "della", "di", "da", "dos", "du",
	"des", "d’", "d'", "le", "la", "les", "ter", "ten", "te", "'t", "’t", "von", "zu", "zur", "el", "al", "ben", "bin", "ibn", "ait", "aït", "san"}

// surnameOf takes the first name off where that is sure: one first name before
// one surname, or before a particle. Otherwise the whole name is used.
func surnameOf(name string) string {
	words := strings.Fields(name)
	if len(words) == 2 || len(words) > 2 && slices.Contains(particles, strings.ToLower(words[1])) {
		return strings.Join(words[1:], " ")
	}
	return name
}

// addressOf writes the address block in the order of NBN Z 01-002: person,
// organisation, street, postcode and place; the country only outside Belgium.
func addressOf(s *speaker, c complaint.Correspondent, to person) ([]string, error) {
	first, err := s.say("addressee", to)
	if err != nil {
		return nil, err
	}
	lines := []string{first}
	if c.Organisation {
		lines = append(lines, line(c.Name))
	}
	lines = append(lines, line(c.Street), strings.ToUpper(line(c.Postcode+" "+c.City)))
	if country := line(c.Country); !inBelgium(country) {
		lines = append(lines, strings.ToUpper(country))
	}
	return slices.DeleteFunc(lines, func(l string) bool { return l == "" }), nil
}

func inBelgium(country string) bool {
	return slices.Contains([]string{"", "be", "bel", "belgië", "belgie", "belgique", "belgien", "belgium"}, strings.ToLower(country))
}

// senderOf writes the letterhead; a name begins it, so with a capital.
func senderOf(org *organisation.Organisation, l complaint.Language) []string {
	a, service := org.Address.In(l), org.Service.In(l)
	first, size := utf8.DecodeRuneInString(service)
	service = string(unicode.ToUpper(first)) + service[size:]
	return []string{org.Fund.In(l), service, a.Street + ", " + a.Postcode + " " + a.City, org.Reach.Telephone}
}
