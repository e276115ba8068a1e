// Package complaint holds the rules of the complaint procedure and the types
// that the other rooms share: numbers, days, the term, admissibility, stages,
// letters and the messages that travel to the procedure.
//
// Everything here is a pure function of its arguments. The package knows no
// database, no Temporal, no HTTP, no organisation and no clock: moments are
// handed in. Days are calendar days in Europe/Brussels.
package complaint
