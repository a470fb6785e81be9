package all_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// layer says what a package of ours may import, of ours and of the libraries
// that belong to one place.
type layer struct {
	prefix string
	ours   []string // prefixes of our packages
	only   []string // libraries that nobody else may import
}

// layers goes from the ground floor up; the first prefix that fits counts.
var layers = []layer{
	{"lunawire/bindings", []string{"lunawire/bindings/vm", "lunawire/bindings/record"}, []string{"github.com/yuin/gopher-lua"}},
	{"lunawire/bindings/record/ladder", []string{"lunawire/bindings/record"}, nil},
	{"lunawire/bindings/record", nil, nil},
	{"lunawire/bindings/sock", nil, nil},
	{"lunawire/bindings/vm", nil, []string{"github.com/yuin/gopher-lua"}},
	{"lunawire/bindings/socket", []string{"lunawire/bindings", "lunawire/bindings/sock", "lunawire/bindings/record"}, nil},
	{"lunawire/bindings/all", []string{"lunawire/bindings", "lunawire/bindings/", "lunawire/scripts"}, nil},
	{"lunawire/bindings/", []string{"lunawire/bindings", "lunawire/bindings/sock", "lunawire/bindings/record", "lunawire/bindings/record/ladder", "lunawire/bindings/socket"}, nil},
	{"lunawire/repl/lua", []string{"lunawire/repl", "lunawire/bindings", "lunawire/bindings/", "lunawire/scripts"}, nil},
	{"lunawire/repl", []string{"lunawire/bindings/record"}, []string{"github.com/peterh/liner"}},
	{"lunawire/scripts", nil, nil},
	{"lunawire", []string{"lunawire/"}, nil},
}

// owned are the libraries that belong to one place.
var owned = []string{"github.com/yuin/gopher-lua", "github.com/peterh/liner"}

func TestImportsPointOneWay(t *testing.T) {
	list := exec.Command("go", "list", "-json=ImportPath,Imports", "lunawire/...")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("%v: %v", list, err)
	}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		l := layers[slices.IndexFunc(layers, func(l layer) bool { return l.covers(p.ImportPath) })]
		for _, i := range p.Imports {
			if !l.allows(i) {
				t.Errorf("%s imports %s", p.ImportPath, i)
			}
		}
	}
}

// covers tells whether the layer speaks of a package; bindings itself and
// the plugins below it are two layers.
func (l layer) covers(path string) bool {
	if l.prefix == "lunawire/bindings" {
		return path == l.prefix
	}
	return path == l.prefix || strings.HasPrefix(path, strings.TrimSuffix(l.prefix, "/")+"/")
}

func (l layer) allows(path string) bool {
	begins := func(prefix string) bool { return strings.HasPrefix(path, prefix) }
	switch {
	case slices.ContainsFunc(owned, begins):
		return slices.ContainsFunc(l.only, begins)
	case !strings.HasPrefix(path, "lunawire"):
		return true
	}
	return slices.ContainsFunc(l.ours, func(prefix string) bool {
		return path == prefix || path == l.prefix || strings.HasSuffix(prefix, "/") && begins(prefix)
	})
}
