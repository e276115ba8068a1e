// Package post lets rendered letters leave the house: by SMTP where a mail
// server is given, else as one .eml file per message, and by post as one PDF
// per letter in the print folder of the mail room.
//
// What leaves as a file is never in doubt: it is written aside, synced and
// renamed under the letter's own name, so a repeat puts the same letter in the
// same place. A mail server leaves a moment of doubt, between the first byte of
// the text and its answer; every failure is therefore a *complaint.SendError
// that says what is known, with a code and never with the server's words, for
// those name the recipient.
//
// The package does not know why a letter leaves, what is noted of it, or how it
// was written; it knows no register and no procedure.
package post
