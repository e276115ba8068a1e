package organisation

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// path leads from the top of the file to one value: keys, and places in lists
// as "[2]", counted from 1 as a reader counts.
type path []string

func (p path) to(steps ...string) path { return append(slices.Clone(p), steps...) }

func index(i int) string { return "[" + strconv.Itoa(i+1) + "]" }

// problem is one thing wrong: where and what.
type problem struct {
	path path
	what string
}

func (p problem) where() string {
	return strings.ReplaceAll(strings.Join(p.path, "."), ".[", "[")
}

func firstInFile(tree *yaml.Node, found []problem) problem {
	return slices.MinFunc(found, func(a, b problem) int { return lineOf(tree, a.path) - lineOf(tree, b.path) })
}

// lineOf is the line of a value, or of the last thing on the way to it that the
// file has: a missing field is reported where it should have stood.
func lineOf(tree *yaml.Node, p path) int {
	at := tree
	if at.Kind == yaml.DocumentNode {
		at = at.Content[0]
	}
	line := max(at.Line, 1)
	for _, step := range p {
		var key *yaml.Node
		if key, at = child(at, step); at == nil {
			return line
		}
		line = key.Line
	}
	return line
}

// child finds the value at one step, and the node whose line a reader looks at:
// the key of a mapping, the item of a list.
func child(n *yaml.Node, step string) (key, value *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i], n.Content[i+1]
			}
		}
	}
	if place, err := strconv.Atoi(strings.Trim(step, "[]")); err == nil && n.Kind == yaml.SequenceNode && place <= len(n.Content) {
		return n.Content[place-1], n.Content[place-1]
	}
	return nil, nil
}
