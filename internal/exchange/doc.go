// Package exchange brings submissions from a file to a running service. Lodge
// reads the file, posts its submissions one after another and tells what became
// of each by its place in the file.
//
// A file is a JSON array of submissions in the contract's form, an object
// {"submissions": [...]} of the same, or an object {"letters": [...]} of letters
// as a clerk would find them, which are mapped to the contract here.
//
// The package speaks to the service over HTTP like any other program. It knows
// no rules of the procedure and no database, and it says nothing of what a
// submission holds: messages name places, fields and codes only.
package exchange
