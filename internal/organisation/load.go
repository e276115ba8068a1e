package organisation

import (
	"bytes"
	_ "embed" // the default organisation
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed solidaris-brabant.yaml
var solidarisBrabant []byte

// Load reads and checks an organisation file; "" is the embedded one. The error
// is one sentence that names the file and the line that is wrong.
func Load(path string) (*Organisation, error) {
	if path == "" {
		return parse("the embedded organisation file", solidarisBrabant)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the organisation file cannot be read: %w", err)
	}
	return parse("organisation file "+path, content)
}

func parse(name string, content []byte) (*Organisation, error) {
	o := &Organisation{}
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(o); err != nil {
		return nil, fmt.Errorf("%s, %s", name, inWords(err))
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: it holds more than one document", name)
	}
	var tree yaml.Node
	if err := yaml.Unmarshal(content, &tree); err != nil {
		return nil, fmt.Errorf("%s, %s", name, inWords(err))
	}
	o.fill()
	if wrong := o.check(); len(wrong) > 0 {
		first := firstInFile(&tree, wrong)
		return nil, fmt.Errorf("%s, line %d: %s: %s", name, lineOf(&tree, first.path), first.where(), first.what)
	}
	return o, nil
}

var unknownField = regexp.MustCompile(`field (\S+) not found in type \S+`)

// inWords says what the YAML reader found in the words of the file's writer.
func inWords(err error) string {
	if errors.Is(err, io.EOF) {
		return "line 1: the file is empty"
	}
	text := err.Error()
	if mismatch, ok := errors.AsType[*yaml.TypeError](err); ok {
		text = mismatch.Errors[0]
	}
	text = strings.TrimPrefix(text, "yaml: ")
	return unknownField.ReplaceAllString(text, "there is no field named $1")
}
