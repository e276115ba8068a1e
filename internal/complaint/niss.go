package complaint

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// errNISS does not say what is wrong: the words would repeat part of the number.
var errNISS = errors.New("not a valid identification number of the national register")

// ParseNISS checks an identification number of the national register (INSZ,
// rijksregisternummer or BIS number) and answers with its eleven digits. It may
// be written with the points, dashes and spaces of the card.
//
// The number is YYMMDD SSS CC. With n the first nine digits, CC is 97 - n mod 97
// for who was born before 2000, and 97 - (2 000 000 000 + n) mod 97 from 2000 on:
// the century follows from which one fits. SSS is 001 to 998. A BIS number adds 20
// or 40 to the month; a part of the date that is not known is zero. A birth after
// today is refused.
func ParseNISS(text string, today Day) (string, error) {
	digits := strings.NewReplacer(".", "", "-", "", " ", "").Replace(text)
	if len(digits) != 11 || strings.Trim(digits, "0123456789") != "" {
		return "", errNISS
	}
	n, check := digitsIn(digits[:9]), digitsIn(digits[9:])
	var century int
	switch check {
	case 97 - n%97:
		century = 1900
	case 97 - (2_000_000_000+n)%97:
		century = 2000
	default:
		return "", errNISS
	}
	serial := digitsIn(digits[6:9])
	year, month, day := century+digitsIn(digits[:2]), digitsIn(digits[2:4])%20, digitsIn(digits[4:6])
	if digitsIn(digits[2:4]) >= 60 || serial < 1 || serial > 998 || !possibleBirth(year, month, day, today) {
		return "", errNISS
	}
	return digits, nil
}

// possibleBirth tells whether somebody can be born then; zero is not known.
func possibleBirth(year, month, day int, today Day) bool {
	if month > 12 {
		return false
	}
	if month == 0 || day == 0 {
		return day <= 31 && !NewDay(year, time.Month(max(month, 1)), 1).After(today)
	}
	born := NewDay(year, time.Month(month), day)
	return born.day == day && !born.After(today)
}

func digitsIn(text string) int {
	n, _ := strconv.Atoi(text) // the caller admits digits only
	return n
}
