package api_test

import (
	"bytes"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"slices"
)

// onlyReader hides how long a body is.
type onlyReader struct{ io.Reader }

func newRequest(method, path string, body io.Reader) *http.Request {
	r := httptest.NewRequest(method, path, body)
	r.ContentLength = -1
	return r
}

func (c counter) send(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w
}

type document struct{ name, mediaType, content string }

// formOf writes what a browser sends for a form, and its content type.
func formOf(fields map[string][]string, documents ...document) (body, contentType string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, value := range fields[name] {
			w.WriteField(name, value)
		}
	}
	for _, d := range documents {
		part, _ := w.CreatePart(textproto.MIMEHeader{ // writing to memory does not fail
			"Content-Disposition": {multipart.FileContentDisposition("attachments", d.name)},
			"Content-Type":        {d.mediaType},
		})
		io.WriteString(part, d.content)
	}
	w.Close()
	return b.String(), w.FormDataContentType()
}
