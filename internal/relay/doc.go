// Package relay carries the outbox rows of the register to Temporal: it starts
// procedures and sends their signals, in the order of each workflow, as often
// as it takes until the procedure has recorded a row in the register. It also
// compares the two stores (Verify), notices when one of them lost time, and then
// brings the procedures up to the register.
//
// A row is done when the procedure says so in the register; the relay never
// decides that by itself, but for a signal whose run is gone on a closed case.
// Several relays may share one register.
//
// The relay knows nothing of what a row means to a case, of letters, of
// persons and of HTTP, and it never logs a row's body.
package relay
