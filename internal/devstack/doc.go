// Package devstack brings the two servers that the program needs when nobody
// has set them up: a private PostgreSQL and a Temporal dev server with its Web
// UI, both on loopback, both with their state in one data folder.
//
// It finds or makes their binaries, starts them, starts them again when they
// die and stops them in bounded time. It deletes nothing in a data folder, and
// no wait in it is without a bound.
//
// It does not know what is kept in the database or which workflows run:
// tables, grants on them, search attributes and workers are added by others
// once the addresses are known. It is meant for one machine and for tests; a
// deployment runs its servers by other means. It works on Linux and is kept
// simple for macOS, where it has not been tried.
package devstack

// Progress tells a person what is happening, one line per call and without a
// line end. It may be called from several goroutines at once. Nil is silent.
type Progress func(format string, args ...any)

func (p Progress) say(format string, args ...any) {
	if p != nil {
		p(format, args...)
	}
}
