package complaint

import (
	"strings"
	"unicode"
)

// DuplicateDays is how many calendar days apart two complaints of the same
// person may have been received to be shown as possible duplicates.
const DuplicateDays = 30

// duplicateLikeness is the likeness from which two texts are taken to be about
// the same matter. It lies halfway between letters about different matters (at
// most 0.25 in the samples) and paraphrases of one complaint (from 0.59). It only
// decides what a person is shown.
const duplicateLikeness = 0.4

// pieceLength is in letters. Shorter words stand in every letter and say nothing
// of its matter (the, een, avec).
const pieceLength = 5

// PossibleDuplicates tells whether two complaints of one person may be the same
// one sent twice: received within 30 days, in texts that are alike. Texts in two
// languages cannot be alike in words: then the same day of the facts at the same
// department tells.
func PossibleDuplicates(a, b Submission) bool {
	apart := DayOf(a.ReceivedAt).DaysUntil(DayOf(b.ReceivedAt))
	if apart < -DuplicateDays || apart > DuplicateDays {
		return false
	}
	return likeness(a.Topic+" "+a.Text, b.Topic+" "+b.Text) >= duplicateLikeness ||
		a.Language != b.Language && a.Department == b.Department && a.Department != "" &&
			a.FactsOn == b.FactsOn && !a.FactsOn.IsZero()
}

// likeness is the share of its pieces that the shorter of two texts has in common
// with the other, from 0 to 1.
func likeness(a, b string) float64 {
	left, right := pieces(a), pieces(b)
	if len(left) > len(right) {
		left, right = right, left
	}
	common := 0
	for piece := range left {
		if right[piece] {
			common++
		}
	}
	return float64(common) / float64(max(1, len(left)))
}

// pieces cuts a text into runs of five letters within its words, which forgives
// endings and compounds. What holds a digit counts whole: an amount or a
// reference says much.
func pieces(text string) map[string]bool {
	found := map[string]bool{}
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), betweenWords) {
		if strings.ContainsFunc(word, unicode.IsDigit) {
			found[word] = true
			continue
		}
		letters := []rune(word)
		for i := range len(letters) - pieceLength + 1 {
			found[string(letters[i:i+pieceLength])] = true
		}
	}
	return found
}

func betweenWords(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
