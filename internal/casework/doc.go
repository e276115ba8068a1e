// Package casework holds the commands on complaints (Lodge, Decide, Ask, Answer
// and the others) and the looks at them. A command checks who gives it, what it
// says and whether it is allowed now, and writes content, history and its
// message to the procedure, all in one transaction under the complaint's lock.
//
// It knows neither HTTP nor Temporal: what has to happen in time leaves through
// the register's outbox. Every date of a deadline or a reminder is computed here,
// once, and travels as a value.
package casework
