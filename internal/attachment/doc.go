// Package attachment looks at documents that come in: what they are by their
// content, under what name they are kept, and whether a virus scanner finds
// something in them. What is claimed of a document, its name and its media type,
// is believed of nothing.
//
// It looks no further than that: macros in documents of Word and Excel, and what
// stands in the files of an archive or an encrypted document, are the scanner's
// and the reader's own program's matter. The package knows no complaint and no
// database.
package attachment
