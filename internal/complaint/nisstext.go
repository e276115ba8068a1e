package complaint

import "regexp"

var likeNISS = regexp.MustCompile(`\b\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[-. ]?\d{2}\b`)

// WithoutNISS takes identification numbers out of what somebody wrote: a
// department does not need them, and people write them everywhere.
func WithoutNISS(text string, today Day) string {
	return likeNISS.ReplaceAllStringFunc(text, func(number string) string {
		if _, err := ParseNISS(number, today); err != nil {
			return number
		}
		return "[…]"
	})
}
