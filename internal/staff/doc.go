// Package staff knows who works with the register: accounts, their roles, the
// tokens by which programs speak for them, their passwords and sessions, and how
// guessing is slowed down. It also makes the first accounts of a new register.
//
// What a role may do is decided elsewhere, by the routes and the commands. The
// package knows no complaint, no organisation, no HTTP and no Temporal; it is
// given a database handle and a clock.
package staff
