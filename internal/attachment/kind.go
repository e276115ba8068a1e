package attachment

import (
	"archive/zip"
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// kind is a type of document that is taken, with the endings of its names; the
// first is the usual one.
type kind struct {
	mediaType string
	endings   []string
}

// kinds is everything that is taken.
var kinds = []kind{
	{"application/pdf", []string{"pdf"}},
	{"image/jpeg", []string{"jpg", "jpeg", "jpe", "jfif"}},
	{"image/png", []string{"png"}},
	{"image/gif", []string{"gif"}},
	{"image/tiff", []string{"tif", "tiff"}},
	{"image/heic", []string{"heic", "heif"}},
	{"image/heif", []string{"heif", "heic"}},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{"docx"}},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{"xlsx"}},
	{"application/vnd.oasis.opendocument.text", []string{"odt"}},
	{"application/vnd.oasis.opendocument.spreadsheet", []string{"ods"}},
	{"application/msword", []string{"doc"}},
	{"application/vnd.ms-excel", []string{"xls"}},
	{"application/vnd.ms-outlook", []string{"msg"}},
	{"text/rtf", []string{"rtf"}},
	{"text/csv", []string{"csv", "txt"}},
	{"message/rfc822", []string{"eml"}},
	{"text/plain", []string{"txt", "csv", "log"}},
}

// Taken names the types that are taken, in words for whoever sends another.
const Taken = "PDF, JPEG, PNG, GIF, TIFF, HEIC, DOCX, XLSX, ODT, ODS, DOC, XLS, RTF, TXT, CSV, EML or MSG"

// Known tells whether a media type is one that is taken.
func Known(mediaType string) bool { return find(mediaType) != nil }

func find(mediaType string) *kind {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.mediaType == mediaType })
	if i < 0 {
		return nil
	}
	return &kinds[i]
}

// parts are the files in a zipped document without which it is none.
var parts = map[string][]string{
	"docx": {"[Content_Types].xml", "word/document.xml"},
	"xlsx": {"[Content_Types].xml", "xl/workbook.xml"},
	"odt":  {"mimetype", "content.xml"},
	"ods":  {"mimetype", "content.xml"},
}

// Identify finds the media type of a document by its content; false: it is of no
// type that is taken, or of two at once.
func Identify(content []byte) (mediaType string, ok bool) {
	if len(content) == 0 {
		return "", false
	}
	if bytes.HasPrefix(content, compoundMark) {
		return identifyCompound(content)
	}
	found := mimetype.Detect(content)
	for k := range slices.Values(kinds) {
		if found.Is(k.mediaType) && sound(k, content) {
			return k.mediaType, true
		}
	}
	return "", false
}

// sound looks closer at a document of a kind.
func sound(k kind, content []byte) bool {
	switch group, _, _ := strings.Cut(k.mediaType, "/"); {
	case parts[k.endings[0]] != nil:
		return isArchiveOf(content, parts[k.endings[0]])
	case k.mediaType == "application/pdf": // readers take one after other content, too
		return bytes.HasPrefix(bytes.TrimLeft(content, "\ufeff\r\n\t "), []byte("%PDF-"))
	case group == "image":
		return !isArchive(content) && !holdsPDF(content)
	case k.mediaType == "text/plain" || k.mediaType == "text/csv":
		return isPlain(content)
	default:
		return true
	}
}

// isArchive tells whether a program that opens archives would open this: it looks
// at the end of a file only, so a picture can be an archive as well.
func isArchive(content []byte) bool {
	_, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	return err == nil
}

func isArchiveOf(content []byte, names []string) bool {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return false
	}
	for _, name := range names {
		if !slices.ContainsFunc(archive.File, func(f *zip.File) bool { return f.Name == name }) {
			return false
		}
	}
	return true
}

// pdfLooks is how far readers look for the beginning of a PDF.
const pdfLooks = 1024

func holdsPDF(content []byte) bool {
	return bytes.Contains(content[:min(len(content), pdfLooks)], []byte("%PDF-"))
}

// isPlain tells whether a browser, too, takes a text for nothing but text, and no
// shell would run it.
func isPlain(content []byte) bool {
	start := bytes.ToLower(bytes.TrimSpace(content[:min(len(content), pdfLooks)]))
	for _, active := range []string{"<script", "<html", "<svg", "<iframe", "<!doctype", "<?php", "<body"} {
		if bytes.Contains(start, []byte(active)) {
			return false
		}
	}
	return strings.HasPrefix(http.DetectContentType(content), "text/plain") && !bytes.HasPrefix(start, []byte("#!"))
}
