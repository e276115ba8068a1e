package api

import (
	"cmp"
	"encoding/json"
	"maps"
	"mime/multipart"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"ombudsdienst/internal/complaint"
)

// form reads submissions from HTML forms, which know only flat names. A field
// has the name it has in JSON with a dot for each level: complainant.name,
// prior_contact.on. Initiatives are repeated pairs of initiatives.on and
// initiatives.how in the same order; the files are attachments. A field that
// was left empty counts as left out, for browsers send it anyway.
type form struct {
	schemas    huma.Registry
	submission *huma.Schema
	fields     map[string]*huma.Schema // by flat name
}

func newForm(schemas huma.Registry) *form {
	f := &form{schemas: schemas, fields: map[string]*huma.Schema{}}
	f.submission = schemas.Schema(reflect.TypeFor[complaint.Submission](), true, "")
	f.flatten("", f.submission)
	f.fields["attachments"] = &huma.Schema{
		Type: huma.TypeArray, Description: "10 MB each, 25 MB in all",
		Items: &huma.Schema{Type: huma.TypeString, Format: "binary"},
	}
	return f
}

func (f *form) flatten(prefix string, object *huma.Schema) {
	for name, field := range f.resolve(object).Properties {
		field = f.resolve(field)
		switch {
		case field.Type == huma.TypeObject:
			f.flatten(prefix+name+".", field)
		case field.Type == huma.TypeArray:
			for part, item := range f.resolve(field.Items).Properties {
				f.fields[prefix+name+"."+part] = &huma.Schema{Type: huma.TypeArray, Description: field.Description, Items: item}
			}
		default:
			f.fields[prefix+name] = field
		}
	}
	maps.DeleteFunc(f.fields, func(name string, _ *huma.Schema) bool { return strings.HasPrefix(name, "attachments.") })
}

func (f *form) resolve(s *huma.Schema) *huma.Schema {
	if s.Ref != "" {
		return f.schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// schema describes the form for the OpenAPI document.
func (f *form) schema() *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeObject, Properties: f.fields, Required: f.resolve(f.submission).Required,
		AdditionalProperties: false,
		Description: "Names are those of the JSON body, with a dot for each level. Initiatives are repeated groups of " +
			"initiatives.on, initiatives.how and initiatives.by in the same order. An empty field counts as left out.",
	}
}

// read makes a submission of what a form says, with an attachment for each file
// whose content is not read yet; or tells what is wrong.
func (f *form) read(sent multipart.Form) (complaint.Submission, []complaint.FieldError) {
	tree, wrong := f.tree(sent)
	result := &huma.ValidateResult{}
	huma.Validate(f.schemas, f.submission, huma.NewPathBuffer([]byte("body"), 4), huma.ModeWriteToServer, tree, result)
	if wrong = append(wrong, fieldsOf(result.Errors)...); len(wrong) > 0 {
		return complaint.Submission{}, wrong
	}
	var submission complaint.Submission
	content, err := json.Marshal(tree)
	if err == nil {
		err = json.Unmarshal(content, &submission)
	}
	if err != nil {
		return submission, []complaint.FieldError{{Location: "body", Message: "is not valid"}}
	}
	return submission, nil
}

// tree builds what the same submission is in JSON.
func (f *form) tree(sent multipart.Form) (map[string]any, []complaint.FieldError) {
	tree := map[string]any{}
	var wrong []complaint.FieldError
	refuse := func(name, message string) {
		wrong = append(wrong, complaint.FieldError{Location: known("body." + name), Message: message})
	}
	for _, name := range slices.Sorted(maps.Keys(sent.Value)) {
		field, values := f.fields[name], sent.Value[name]
		switch {
		case strings.Join(values, "") == "":
		case field == nil:
			refuse(name, "unexpected property")
		case !storable(strings.Join(values, "")):
			refuse(name, errUnstorable.Error())
		case field.Type == huma.TypeArray:
			plantRows(tree, name, values)
		case len(values) > 1:
			refuse(name, "expected one value")
		default:
			plant(tree, name, valueOf(field, values[0]))
		}
	}
	for name := range sent.File {
		if name != "attachments" {
			refuse(name, "unexpected property")
		}
	}
	if files := sent.File["attachments"]; len(files) > 0 {
		tree["attachments"] = announced(files)
	}
	return tree, wrong
}

// announced stands for files in the tree: all that the rules look at but the
// bytes, which need not pass through base64.
func announced(files []*multipart.FileHeader) []any {
	var items []any
	for _, file := range files {
		content := "AA=="
		if file.Size == 0 {
			content = ""
		}
		mediaType := cmp.Or(file.Header.Get("Content-Type"), "application/octet-stream")
		items = append(items, map[string]any{"name": file.Filename, "media_type": mediaType, "content": content})
	}
	return items
}

// plant puts a value at a flat name, making the objects above it.
func plant(tree map[string]any, name string, value any) {
	for {
		object, rest, nested := strings.Cut(name, ".")
		if !nested {
			tree[name] = value
			return
		}
		below, ok := tree[object].(map[string]any)
		if !ok {
			below = map[string]any{}
			tree[object] = below
		}
		tree, name = below, rest
	}
}

// plantRows puts the n-th of repeated values in the n-th object of a list.
func plantRows(tree map[string]any, name string, values []string) {
	list, part, _ := strings.Cut(name, ".")
	rows, _ := tree[list].([]any)
	for i, value := range values {
		if i == len(rows) {
			rows = append(rows, map[string]any{})
		}
		if value != "" {
			plant(rows[i].(map[string]any), part, value)
		}
	}
	tree[list] = rows
}

// valueOf is what a text means in a field. A ticked box says on.
func valueOf(field *huma.Schema, text string) any {
	switch {
	case field.Type != huma.TypeBoolean:
		return text
	case text == "on" || text == "true":
		return true
	case text == "false":
		return false
	}
	return text
}
