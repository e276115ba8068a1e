package api

import (
	"regexp"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// ownNames are the names of all fields and parameters that the routes take. A
// name that the caller made up is as foreign as a value, and no answer repeats
// it. Huma makes its errors in a variable of the whole process, and so are the
// names.
var ownNames sync.Map

func learnNames(document *huma.OpenAPI) {
	for _, item := range document.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			for _, parameter := range op.Parameters {
				ownNames.Store(parameter.Name, nil)
			}
			if op.RequestBody != nil {
				for _, content := range op.RequestBody.Content {
					learnSchema(content.Schema)
				}
			}
		}
	}
	for _, schema := range document.Components.Schemas.Map() {
		learnSchema(schema)
	}
}

func learnSchema(schema *huma.Schema) {
	if schema == nil {
		return
	}
	for name, property := range schema.Properties {
		ownNames.Store(name, nil)
		learnSchema(property)
	}
	learnSchema(schema.Items)
}

// roots are the parts of a request that a location begins with.
var roots = map[string]bool{"body": true, "query": true, "path": true, "header": true, "cookie": true}

// index is a place in a list.
var index = regexp.MustCompile(`(\[\d{1,9}\])+$`)

// known cuts a location off where a name stands that is not ours.
func known(location string) string {
	parts := strings.Split(location, ".")
	for i, part := range parts {
		name := index.ReplaceAllString(part, "")
		if _, own := ownNames.Load(name); !own && !(i == 0 && roots[name]) {
			return strings.Join(parts[:i], ".")
		}
	}
	return location
}
