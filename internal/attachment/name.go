package attachment

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// longestName is how many characters a name keeps.
const longestName = 120

// Name makes of a name that somebody gave one under which a document of a media
// type can be kept on any system, and that says what it is: without folders,
// without characters that are not seen or turn the reading direction, and with an
// ending of its type.
func Name(given, mediaType string) string {
	name := given[strings.LastIndexAny(given, `/\`)+1:]
	name = strings.Map(visible, norm.NFC.String(strings.ToValidUTF8(name, "")))
	name = strings.Join(strings.Fields(name), " ")
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	stem := strings.TrimSuffix(name, path.Ext(name))
	if k := find(mediaType); k != nil && !slices.Contains(k.endings, ending) {
		stem, ending = name, k.endings[0]
	}
	stem = strings.Trim(stem, " .")
	if runes := []rune(stem); len(runes) > longestName {
		stem = strings.TrimRight(string(runes[:longestName]), " .")
	}
	switch {
	case stem == "":
		stem = "document"
	case reserved(stem):
		stem = "_" + stem
	}
	return stem + "." + ending
}

// visible keeps what can be seen and stand in a name.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case !unicode.IsGraphic(r): // control and format characters, the bidirectional ones among them
		return -1
	case strings.ContainsRune(`<>:"|?*`, r):
		return '_'
	default:
		return r
	}
}

// reserved tells whether Windows takes a name for a device, whatever its ending.
func reserved(stem string) bool {
	device, _, _ := strings.Cut(strings.ToUpper(stem), ".")
	device = strings.TrimSpace(device)
	if len(device) == 4 && (strings.HasPrefix(device, "COM") || strings.HasPrefix(device, "LPT")) {
		return device[3] >= '0' && device[3] <= '9'
	}
	return slices.Contains([]string{"CON", "PRN", "AUX", "NUL"}, device)
}
