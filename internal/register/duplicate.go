package register

import (
	"context"
	"slices"
	"time"

	"ombudsdienst/internal/complaint"

	"github.com/jmoiron/sqlx"
)

// mostOfOnePerson is how many complaints of one person are listed with, or
// compared to, another: somebody may send thousands.
const mostOfOnePerson = 100

// sender is by what the same person is known again, with what was sent.
type sender struct {
	Number     complaint.Number `db:"number"`
	NISSHash   optional         `db:"niss_hash"`
	Email      string           `db:"email"`
	Name       string           `db:"name"`
	Postcode   string           `db:"postcode"`
	ReceivedAt time.Time        `db:"received_at"`
	Topic      string           `db:"topic"`
	Text       string           `db:"text"`

	Language   complaint.Language `db:"language"`
	Department string             `db:"department"`
	FactsOn    complaint.Day      `db:"facts_on"`
}

func (x sender) submission() complaint.Submission {
	return complaint.Submission{ReceivedAt: x.ReceivedAt, Topic: x.Topic, Text: x.Text,
		Language: x.Language, Department: x.Department, FactsOn: x.FactsOn}
}

// PossibleDuplicates finds complaints of the same person on what seems to be the
// same matter as a submission that is not stored yet. They are shown to people;
// nothing is refused because of them. The DPO is shown those that were referred,
// others those that are not the DPO's alone.
func (s *Store) PossibleDuplicates(ctx context.Context, db sqlx.QueryerContext, sub complaint.Submission, toDPO bool) ([]complaint.Number, error) {
	if err := s.ready(ctx, db); err != nil {
		return nil, err
	}
	c := sub.Complainant
	this := sender{Email: c.Email, Name: c.Name, Postcode: c.Postcode,
		ReceivedAt: sub.ReceivedAt, Topic: sub.Topic, Text: sub.Text,
		Language: sub.Language, Department: sub.Department, FactsOn: sub.FactsOn}
	if c.NISS != "" {
		this.NISSHash = s.keys.Hash(purposeNISS, []byte(c.NISS))
	}
	return duplicatesOf(ctx, db, this, toDPO)
}

func senderOf(ctx context.Context, db sqlx.QueryerContext, number complaint.Number) (sender, error) {
	var found sender
	err := sqlx.GetContext(ctx, db, &found, `
		SELECT number, niss_hash, email, name, postcode, received_at, topic, text, language,
			COALESCE(department, '') AS department, facts_on
		FROM submissions
		WHERE number = $1`, number)
	return found, wrap(err, "read who sent %s", number)
}

// duplicatesOf looks among the same person's complaints of these weeks, those that
// came in next to this one. What somebody linked or voided is settled and not
// shown.
func duplicatesOf(ctx context.Context, db sqlx.QueryerContext, this sender, toDPO bool) ([]complaint.Number, error) {
	day := complaint.DayOf(this.ReceivedAt)
	var others []sender
	err := sqlx.SelectContext(ctx, db, &others, `
		SELECT number, received_at, topic, text, language, COALESCE(department, '') AS department, facts_on FROM submissions s
		WHERE (niss_hash = $1
			OR email <> '' AND lower(email) = lower($2)
			OR name <> '' AND postcode <> '' AND lower(name) = lower($3) AND postcode = $4)
		  AND number <> $5 AND received_at >= $6 AND received_at < $7
		  AND NOT EXISTS (SELECT FROM voidings v WHERE v.number = s.number)
		  AND CASE WHEN $8 THEN EXISTS (SELECT FROM privacy_files p WHERE p.number = s.number)
			ELSE NOT EXISTS (SELECT FROM complaints c WHERE c.number = s.number AND c.concealed) END
		  AND NOT EXISTS (SELECT FROM links l
			WHERE l.number = least(s.number, $5) AND l.other = greatest(s.number, $5))
		ORDER BY abs(extract(epoch FROM received_at - $9)), number
		LIMIT $10`,
		this.NISSHash, this.Email, this.Name, this.Postcode, string(this.Number),
		day.AddDays(-complaint.DuplicateDays).Start(), day.AddDays(complaint.DuplicateDays).End(), toDPO,
		this.ReceivedAt, mostOfOnePerson)
	found := []complaint.Number{}
	for _, other := range others {
		if complaint.PossibleDuplicates(this.submission(), other.submission()) {
			found = append(found, other.Number)
		}
	}
	slices.Sort(found)
	return found, wrap(err, "look for duplicates")
}

// earlierOf finds the latest complaints with an earlier number of who has the same
// identification number, the same e-mail address, or the same name and postcode.
// An entry made in error was none, and one that is the DPO's alone is not for
// others. Each way has an index that ends with the number.
func earlierOf(ctx context.Context, db sqlx.QueryerContext, this sender) ([]complaint.Number, error) {
	const latest = ` AND number < $5 AND NOT EXISTS (SELECT FROM voidings v WHERE v.number = s.number)
		AND NOT EXISTS (SELECT FROM complaints c WHERE c.number = s.number AND c.concealed)
		ORDER BY number DESC LIMIT $6)`
	earlier := []complaint.Number{}
	err := sqlx.SelectContext(ctx, db, &earlier, `
		(SELECT number FROM submissions s WHERE niss_hash = $1`+latest+` UNION
		(SELECT number FROM submissions s WHERE email <> '' AND lower(email) = lower($2)`+latest+` UNION
		(SELECT number FROM submissions s
		WHERE name <> '' AND postcode <> '' AND lower(name) = lower($3) AND postcode = $4`+latest+`
		ORDER BY number DESC LIMIT $6`,
		this.NISSHash, this.Email, this.Name, this.Postcode, this.Number, mostOfOnePerson)
	slices.Reverse(earlier)
	return earlier, wrap(err, "look for earlier complaints")
}
