package organisation

import (
	"time"

	"ombudsdienst/internal/complaint"
)

// Letters bounds how e-mail leaves.
type Letters struct {
	GiveUp        int `yaml:"give_up_days"`           // calendar days of tries, after which a letter falls back to post. Left out: 4
	PerAddress    int `yaml:"per_address_and_day"`    // e-mails to one complainant's address on one day. Left out: 10
	PerDepartment int `yaml:"per_department_and_day"` // e-mails to one address of the house on one day. Left out: 500
}

// GiveUpAfter is how long a letter is tried that mail servers refuse for now.
func (l Letters) GiveUpAfter() time.Duration { return time.Duration(l.GiveUp) * 24 * time.Hour }

// PerDay is how many e-mails one address may get on one day.
func (l Letters) PerDay(kind complaint.LetterKind) int {
	if kind.ToDepartment() || kind.ToDPO() || kind.ToStaff() {
		return l.PerDepartment
	}
	return l.PerAddress
}

// Share is PerDay for both sides.
func (l Letters) Share() complaint.MailShare {
	return complaint.MailShare{Complainant: l.PerAddress, House: l.PerDepartment}
}

// fill gives what the file leaves out its usual value.
func (l *Letters) fill() {
	for field, usual := range map[*int]int{&l.GiveUp: 4, &l.PerAddress: 10, &l.PerDepartment: 500} {
		if *field == 0 {
			*field = usual
		}
	}
}

func (c *checker) letters(p path, l Letters) {
	c.between(p.to("give_up_days"), l.GiveUp, 1, 14)
	c.between(p.to("per_address_and_day"), l.PerAddress, 1, 1000)
	c.between(p.to("per_department_and_day"), l.PerDepartment, 1, 100_000)
}
