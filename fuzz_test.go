package main

import (
	"errors"
	"flag"
	"io"
	"slices"
	"strings"
	"testing"
)

// A command line is either refused as wrong usage, or every argument that is no
// flag is found in its place.
func FuzzCommandLine(f *testing.F) {
	f.Add("--server=http://127.0.0.1:8080 klachten.json --token t", 1)
	f.Add("-- --klachten.json", 1)
	f.Add("a -- -b", 2)
	f.Add("--help", 0)
	f.Add("--wait=x", 0)
	f.Fuzz(func(t *testing.T, line string, wanted int) {
		args := strings.Split(line, " ")
		flags := flag.NewFlagSet("lodge", flag.ContinueOnError)
		flags.String("server", "", "")
		flags.String("token", "", "")
		flags.Int("wait", 0, "")
		err := parse(flags, slices.Clone(args), io.Discard, wanted)
		var wrong errUsage
		switch {
		case err == nil:
		case errors.Is(err, flag.ErrHelp), errors.As(err, &wrong):
			return
		default:
			t.Fatalf("%q ends with %v", args, err)
		}
		if flags.NArg() != wanted {
			t.Fatalf("%q leaves %q", args, flags.Args())
		}
		for place, left := 0, args; place < wanted; place++ {
			at := slices.Index(left, flags.Arg(place))
			if at < 0 {
				t.Fatalf("%q: %q is not found in its place", args, flags.Arg(place))
			}
			left = left[at+1:]
		}
	})
}
