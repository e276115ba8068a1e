package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// finds tells in which form a text stands in some content; empty when in none.
func finds(content []byte, text string) string {
	lower := bytes.ToLower(content)
	for _, form := range [][2]string{ // in this order: a word is the same for an address
		{"plain", text}, {"hexadecimal", hex.EncodeToString([]byte(text))}, {"for an address", url.QueryEscape(text)},
	} {
		if bytes.Contains(lower, []byte(strings.ToLower(form[1]))) {
			return form[0]
		}
	}
	for shift := range 3 { // in base64 a text looks three ways
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			form := encoding.EncodeToString(append(make([]byte, shift), text...))
			if bytes.Contains(content, []byte(form[(shift*8+5)/6:len(form)-1])) {
				return "base64"
			}
		}
	}
	var wide []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	if bytes.Contains(content, wide) {
		return "UTF-16"
	}
	return ""
}

// TestTheSearchFindsATextInEachForm: else it would prove nothing.
func TestTheSearchFindsATextInEachForm(t *testing.T) {
	t.Parallel()
	for how, content := range map[string]string{
		"plain": "x XyloKwark y", "hexadecimal": hex.EncodeToString([]byte("a xylokwark")),
		"base64": base64.StdEncoding.EncodeToString([]byte(`{"a":"xylokwark."}`)),
		"UTF-16": "x\x00y\x00l\x00o\x00k\x00w\x00a\x00r\x00k\x00",
	} {
		require.Equal(t, how, finds([]byte(content), mark))
	}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("-", shift) + mark + "--"))
		require.Equal(t, "base64", finds([]byte(encoded), mark), encoded)
	}
	require.Empty(t, finds([]byte("nothing of the kind"), mark))
}
