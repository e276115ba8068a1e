// Package wiring ties the rooms together into the programs that run: the API
// with its relay, the worker, and both on a local stack. It reads the
// environment once, opens what is shared, hands each room what it needs, and
// stops everything in order.
//
// It holds no rule of the procedure. Nothing but main and tests imports it.
package wiring
