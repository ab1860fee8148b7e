package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

const fixture = `
//- go.mod
module example.org/m
//- shape/shape.go
package shape

import "missing.example/gone"

type Shape interface{ Area() int }
type Square struct{ side int }
type base struct{}
type Tile struct{ base }

func (s *Square) Area() int { return side(s) }
func (base) name() string { return "tile" }
func side[T any](of T) int { return 1 }
func Sum(shapes []Shape) (sum int) {
	for _, s := range shapes {
		sum += s.Area()
	}
	func() { Tile{}.name() }()
	gone.Away()
	return sum + side[int](int(Size(2)))
}

type Size int

var double = func(n Size) Size { return twice(n) }

func twice(n Size) Size { return n + n }
func run(f func()) { f(); double(1) }
//- shape/shape_windows.go
package shape

func onWindows() { twice(1) }
//- shape/odd.go
//go:build never

package shape

func never() { twice(1) }
//- main.go
package main

import "example.org/m/shape"

func main() { _ = shape.Sum([]shape.Shape{&shape.Square{}}) }
`

func judged(t *testing.T) Neutral {
	root := t.TempDir()
	for _, part := range strings.Split(fixture, "//- ")[1:] {
		name, text, _ := strings.Cut(part, "\n")
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := readTree(root)
	if err != nil {
		t.Fatal(err)
	}
	told := Neutral{}
	for _, file := range tree.files {
		told.Definitions = append(told.Definitions, definitions(tree.positions, file)...)
	}
	judge(tree, nil, &told)
	return told
}

func (n Neutral) name(at Place) string {
	for _, definition := range n.Definitions {
		if definition.Path == at.path && definition.Line == at.line {
			return definition.Name
		}
	}
	return at.path
}

func (n Neutral) pairs(edges []Edge) string {
	pairs := []string{}
	for _, edge := range edges {
		pairs = append(pairs, n.name(edge.Caller)+" -> "+n.name(edge.Callee))
	}
	sort.Strings(pairs)
	return strings.Join(pairs, "\n")
}

func expect(t *testing.T, what, found, wanted string) {
	t.Helper()
	if wanted = strings.TrimSpace(wanted); found != wanted {
		t.Errorf("%s:\n%s\nwanted:\n%s", what, found, wanted)
	}
}

func TestStaticCallsAreEdges(t *testing.T) {
	told := judged(t)
	expect(t, "edges", told.pairs(told.Edges), `
Area -> side
Sum -> name
Sum -> side
double -> twice
main -> Sum
onWindows -> twice`)
	expect(t, "constructs", told.pairs(told.Constructs), "Sum -> Tile\nmain -> Square")
	expect(t, "conversions", told.pairs(told.Conversions), "Sum -> Size")
}

func TestOtherSitesAreToldForThemselves(t *testing.T) {
	told, sites := judged(t), []string{}
	for _, site := range told.Dynamic {
		candidates := []string{}
		for _, candidate := range site.Candidates {
			candidates = append(candidates, fmt.Sprint(candidate.line))
		}
		words := append([]string{told.name(site.Caller), site.Reason}, candidates...)
		sites = append(sites, strings.Join(words, " "))
	}
	expect(t, "dynamic", strings.Join(sites, "\n"), `
Sum interface 5 10
Sum unresolved
run value
run value`)
	unjudged := []string{}
	for _, place := range told.Unjudged {
		unjudged = append(unjudged, told.name(place))
	}
	// Of a file that no platform builds, the top level and its function.
	expect(t, "unjudged", strings.Join(unjudged, " "), "shape never")
}

func TestDefinitionsAreThoseOfTheText(t *testing.T) {
	told, names := judged(t), []string{}
	for _, definition := range told.Definitions {
		if definition.Path == "shape/shape.go" {
			names = append(names, definition.Name+":"+definition.Kind)
		}
	}
	expect(t, "definitions", strings.Join(names, " "), "shape:module Shape:interface Area:method Square:struct "+
		"side:field base:struct Tile:struct Area:method name:method side:function Sum:function Size:type "+
		"double:function twice:function run:function")
}
