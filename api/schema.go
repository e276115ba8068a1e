package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"ombudsdienst/internal/casework"
	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/register"
)

// shape tells huma how the types of other rooms look in JSON.
func shape(schemas huma.Registry) {
	schemas.RegisterTypeAlias(reflect.TypeFor[complaint.Day](), reflect.TypeFor[day]())
	schemas.RegisterTypeAlias(reflect.TypeFor[complaint.Norm](), reflect.TypeFor[norm]())
	mayBeNull[complaint.Representative](schemas)
	mayBeNull[complaint.PriorContact](schemas)
	mayBeNull[complaint.ContestedDecision](schemas)
	mayBeNull[complaint.Outcome](schemas)
	mayBeNull[register.Withdrawal](schemas)
	mayBeNull[complaint.ServiceFirst](schemas)
	mayBeNull[register.Pending](schemas)
	mayBeNull[register.RepresentationNote](schemas)
	mayBeNull[register.Voiding](schemas)
	mayBeNull[register.ReferralNote](schemas)
	mayBeNull[register.DeadlineView](schemas)
	mayBeNull[casework.PrivacyStatus](schemas)
	mayBeNull[casework.Awaited](schemas)
}

func mayBeNull[T any](schemas huma.Registry) {
	schemas.RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[inline[T]]())
}

// day is how complaint.Day looks in JSON.
type day struct{}

// Schema describes a day. Years of four digits that are no years of ours would
// only be refused by the database.
func (day) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Format: "date",
		Pattern: `^[12]\d{3}-\d{2}-\d{2}$`, PatternDescription: "a day of the form YYYY-MM-DD in the years 1000 to 2999",
	}
}

// norm is how complaint.Norm looks in JSON.
type norm struct{}

// Schema describes a norm.
func (norm) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, n := range complaint.Norms {
		s.Enum = append(s.Enum, string(n))
	}
	return s
}

// inline describes an object where it stands instead of by reference: only so
// can huma say that it may be null.
type inline[T any] struct{}

// Schema describes the object.
func (inline[T]) Schema(schemas huma.Registry) *huma.Schema {
	return huma.SchemaFromType(schemas, reflect.TypeFor[T]())
}
