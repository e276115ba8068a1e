package complaint

// MonthsLater is the last day of a term of months that begins on a day: the day
// of the same number so many months on, or the last day of a shorter month, and
// when that is a Saturday, a Sunday or a legal holiday the next day that is none
// (Reg. 1182/71 art. 3, for the terms of the GDPR). The move comes once, at the
// end: three months are not three terms of one month.
func (c *Calendar) MonthsLater(d Day, months int) Day {
	year, month, day := d.Date()
	first := NewDay(year, month, 1)
	y, m, _ := dayOf(first.utc().AddDate(0, months, 0)).Date()
	last := NewDay(y, m, day)
	for last.month != m { // the month is shorter
		day--
		last = NewDay(y, m, day)
	}
	return c.NextWorkingDayOnOrAfter(last)
}
