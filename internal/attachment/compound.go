package attachment

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// compoundMark begins a compound file, in which old programs of Office keep what
// they write, and others too.
var compoundMark = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// entrySize is the size of an entry in the directory of a compound file; the
// directory begins at a multiple of it.
const entrySize = 128

// streams name what each kind keeps its content in. One may hold another, as a
// message holds a letter, so the order is that of the likely outermost.
var streams = []struct{ name, mediaType string }{
	{"__properties_version1.0", "application/vnd.ms-outlook"},
	{"WordDocument", "application/msword"},
	{"Workbook", "application/vnd.ms-excel"},
	{"Book", "application/vnd.ms-excel"},
}

// identifyCompound finds the kind of a compound file by the streams in it.
// Installers are compound files as well, and have none of these.
func identifyCompound(content []byte) (mediaType string, ok bool) {
	for _, s := range streams {
		if hasStream(content, s.name) {
			return s.mediaType, true
		}
	}
	return "", false
}

// hasStream looks for the directory entry of a stream: its name in UTF-16, the
// length of that, and that it is a stream.
func hasStream(content []byte, name string) bool {
	entry := make([]byte, 66)
	for i, unit := range utf16.Encode([]rune(name)) {
		binary.LittleEndian.PutUint16(entry[2*i:], unit)
	}
	binary.LittleEndian.PutUint16(entry[64:], uint16(2*len(name)+2))
	for at := 4 * entrySize; at+entrySize <= len(content); at += entrySize {
		if bytes.HasPrefix(content[at:], entry) && content[at+66] == 2 {
			return true
		}
	}
	return false
}
