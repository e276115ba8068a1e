package attachment

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// archive makes a zipped document of named files.
func archive(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: files[i], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func picture(t testing.TB, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewRGBA(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// compound makes the container of old Office documents with one entry's name.
func compound(names ...string) []byte {
	b := make([]byte, 2048)
	copy(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	b[24], b[26], b[28], b[29], b[30], b[32] = 0x3e, 3, 0xfe, 0xff, 9, 6
	binary.LittleEndian.PutUint32(b[48:], 0)
	at := 512
	for _, name := range append([]string{"Root Entry"}, names...) {
		for i, r := range name {
			binary.LittleEndian.PutUint16(b[at+2*i:], uint16(r))
		}
		binary.LittleEndian.PutUint16(b[at+64:], uint16(2*len(name)+2))
		b[at+66] = 2
		at += 128
	}
	return b
}

func samples(t testing.TB) map[string][]byte {
	word := []string{"[Content_Types].xml", "<Types/>", "_rels/.rels", "<R/>", "word/document.xml", "<w/>"}
	return map[string][]byte{
		"application/pdf": []byte("%PDF-1.7\n1 0 obj\nendobj\n%%EOF"),
		"image/png":       picture(t, func(b *bytes.Buffer, i image.Image) error { return png.Encode(b, i) }),
		"image/jpeg":      picture(t, func(b *bytes.Buffer, i image.Image) error { return jpeg.Encode(b, i, nil) }),
		"image/gif":       picture(t, func(b *bytes.Buffer, i image.Image) error { return gif.Encode(b, i, nil) }),
		"image/tiff":      []byte("II*\x00\x08\x00\x00\x00\x00\x00"),
		"image/heic":      []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"),
		"text/rtf":        []byte(`{\rtf1\ansi Beste}`),
		"text/plain":      []byte("Beste ombudsdienst,\nde betaling is er niet.\n"),
		"text/csv":        []byte("datum,bedrag\n2026-01-02,12.50\n2026-01-03,8.00\n"),
		"message/rfc822":  []byte("From: a@example.org\r\nTo: b@example.org\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nSubject: Vraag\r\n\r\nBeste\r\n"),
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": archive(t, word...),
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       archive(t, "[Content_Types].xml", "<Types/>", "_rels/.rels", "<R/>", "xl/workbook.xml", "<x/>"),
		"application/vnd.oasis.opendocument.text":                                 archive(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<o/>"),
		"application/vnd.oasis.opendocument.spreadsheet":                          archive(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<o/>"),
		"application/msword":         compound("WordDocument"),
		"application/vnd.ms-excel":   compound("Workbook"),
		"application/vnd.ms-outlook": compound("__properties_version1.0"),
	}
}

func TestADocumentIsWhatItsContentSays(t *testing.T) {
	for want, content := range samples(t) {
		if got, ok := Identify(content); !ok || got != want {
			t.Errorf("%s is taken for %q", want, got)
		}
	}
}

func TestWhatCouldRunOrIsTwoThingsAtOnceIsRefused(t *testing.T) {
	s := samples(t)
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for name, content := range map[string][]byte{
		"nothing":                       nil,
		"a Windows program":             []byte("MZ\x90\x00\x03\x00\x00\x00PE\x00\x00"),
		"a Linux program":               []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00>\x00"),
		"a page":                        []byte("<!DOCTYPE html><html><body>Dag</body></html>"),
		"a page after words":            []byte("Beste,\n<script>alert(1)</script>\n"),
		"a drawing":                     []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
		"XML":                           []byte(`<?xml version="1.0"?><a/>`),
		"a shell script":                []byte("#!/bin/sh\nrm -rf /\n"),
		"an archive":                    archive(t, "virus.exe", "MZ"),
		"an archive that says document": archive(t, "[Content_Types].xml", "<Types/>", "word/evil.exe", "MZ"),
		"a cut document":                s["application/vnd.oasis.opendocument.text"][:60],
		"an installer":                  compound("\u4840\u3f7f"),
		"a Java archive":                archive(t, "META-INF/MANIFEST.MF", "Main-Class: A"),
		"a picture that is an archive":  join(s["image/jpeg"], archive(t, "virus.exe", "MZ")),
		"a GIF that is an archive":      join(s["image/gif"], archive(t, "A.class", "x")),
		"a picture that is a PDF":       join([]byte("GIF89a"), []byte("%PDF-1.4\n"), s["application/pdf"]),
		"a PDF after a page":            join([]byte("<html>"), s["application/pdf"]),
		"bytes of no kind":              {0, 1, 2, 3, 0xff, 0xfe, 0xfd, 0, 9},
	} {
		if got, ok := Identify(content); ok {
			t.Errorf("%s is taken, as %s", name, got)
		}
	}
}

func TestANameFitsItsTypeAndHarmsNothing(t *testing.T) {
	const pdf, text = "application/pdf", "text/plain"
	for _, c := range []struct{ given, mediaType, want string }{
		{"brief.pdf", pdf, "brief.pdf"},
		{"Brief één.PDF", pdf, "Brief één.pdf"},
		{"../../etc/passwd", pdf, "passwd.pdf"},
		{`C:\Users\lotte\brief.pdf`, pdf, "brief.pdf"},
		{"factuur.exe", pdf, "factuur.exe.pdf"},
		{"factuur\u202efdp.exe", pdf, "factuurfdp.exe.pdf"},
		{"a\r\nSet-Cookie: b\x00.pdf", pdf, "a Set-Cookie_ b.pdf"},
		{"CON", text, "_CON.txt"},
		{"lpt1.lijst.csv", text, "_lpt1.lijst.csv"},
		{"foto.2025", "image/jpeg", "foto.2025.jpg"},
		{"...", pdf, "document.pdf"},
		{".pdf", pdf, "document.pdf"},
		{"a\u200bb<c>|d?.pdf", pdf, "ab_c__d_.pdf"},
		{"e\u0301.pdf", pdf, "é.pdf"},
		{strings.Repeat("é", 300) + ".pdf", pdf, strings.Repeat("é", longestName) + ".pdf"},
	} {
		if got := Name(c.given, c.mediaType); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.given, got, c.want)
		}
	}
}

func FuzzANameIsSafe(f *testing.F) {
	for _, seed := range []string{"brief.pdf", "../a", "con.txt", "\u202e", "a\x00b", `\\server\share`, "..", "\xff.pdf"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		got := Name(given, "application/pdf")
		if strings.ContainsAny(got, "/\\\r\n\x00\"<>:|?*") || !strings.HasSuffix(got, ".pdf") || len([]rune(got)) > longestName+5 || strings.HasPrefix(got, ".") {
			t.Errorf("%q", got)
		}
		if again := Name(got, "application/pdf"); again != got {
			t.Errorf("%q becomes %q when it is cleaned again", got, again)
		}
	})
}

func FuzzIdentifyingEndsAndIsSure(f *testing.F) {
	for _, content := range samples(f) {
		f.Add(base64.StdEncoding.EncodeToString(content))
	}
	f.Fuzz(func(t *testing.T, text string) {
		content, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			content = []byte(text)
		}
		if mediaType, ok := Identify(content); ok != Known(mediaType) {
			t.Errorf("%q, %v", mediaType, ok)
		}
	})
}
