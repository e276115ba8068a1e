// Package register is the complaints register (klachtenregister) in PostgreSQL:
// who complained, what was said, decided and sent, where each case stands, and
// what has yet to reach the procedure. It is the truth about content.
//
// It knows the tables and the rules that keep them true, and neither Temporal,
// HTTP, the organisation nor how letters are written. Methods that take a
// transaction are for commands, which check and write in one; the others stand
// on their own and may be repeated.
package register
