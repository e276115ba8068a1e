package casework

import "ombudsdienst/internal/complaint"

// People write their identification number where a member number is asked. It is
// not kept there, where it would stand in the clear, be shown to departments and
// be found by part of it, but as what it is.

const atMemberNumber = "complainant.member_number"

// foreignNumber refuses an identification number in the place of a member number
// that is not the complainant's.
const foreignNumber = "is an identification number, and another one than the complainant's"

// identification is the identification number that a member number is; empty when
// it is none.
func (c *checker) identification(memberNumber string) string {
	digits, err := complaint.ParseNISS(memberNumber, c.today)
	if err != nil {
		return ""
	}
	return digits
}

// placeNumbers puts an identification number that stands as a member number in
// its own field. The one that stands there has been brought to its digits.
func (c *checker) placeNumbers(p *complaint.Complainant) {
	digits := c.identification(p.MemberNumber)
	if digits == "" {
		return
	}
	if p.NISS != "" && p.NISS != digits {
		c.wrong(atMemberNumber, foreignNumber)
	}
	p.NISS, p.MemberNumber = digits, ""
}

// correctedNISS is an identification number that a correction gives; empty
// digits clear it.
type correctedNISS struct {
	digits string
	placed bool // it was given as a member number: it replaces no other
}

// placeCorrected is placeNumbers for a correction, which may leave either out.
func (c *checker) placeCorrected(p *complaint.ComplainantCorrection, niss *correctedNISS) *correctedNISS {
	if p.MemberNumber == nil {
		return niss
	}
	digits := c.identification(*p.MemberNumber)
	if digits == "" {
		return niss
	}
	none := ""
	p.MemberNumber = &none
	if niss == nil || niss.digits == "" {
		return &correctedNISS{digits: digits, placed: niss == nil}
	}
	if niss.digits != digits {
		c.wrong(atMemberNumber, foreignNumber)
	}
	return niss
}
