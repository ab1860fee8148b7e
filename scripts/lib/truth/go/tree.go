package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// File is one parsed file; path is below the root, with slashes.
type File struct {
	path   string
	syntax *ast.File
}

// Module is a folder with a go.mod, by the path that others import it by.
type Module struct {
	folder string
	path   string
}

// Tree is every Go file of a folder.
type Tree struct {
	root      string
	positions *token.FileSet
	files     []*File
	modules   []Module
}

var moduleLine = regexp.MustCompile(`(?m)^module\s+"?([^\s"]+)`)

// readTree parses every file, in the order of their paths; one with a syntax error keeps what was read of it.
func readTree(root string) (*Tree, error) {
	tree := &Tree{root: root, positions: token.NewFileSet()}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if isLeftOut(entry.Name()) && name != root {
				return filepath.SkipDir
			}
			return nil
		}
		return tree.read(name, entry)
	})
	// Of two modules, one within the other, the inner is found first.
	sort.Slice(tree.modules, func(i, j int) bool { return len(tree.modules[i].path) > len(tree.modules[j].path) })
	return tree, err
}

func isLeftOut(name string) bool {
	return name == "vendor" || name == "testdata" || strings.HasPrefix(name, ".")
}

func (t *Tree) read(name string, entry fs.DirEntry) error {
	if entry.Name() == "go.mod" {
		text, err := os.ReadFile(name)
		if found := moduleLine.FindSubmatch(text); found != nil {
			t.modules = append(t.modules, Module{filepath.Dir(name), string(found[1])})
		}
		return err
	}
	if !strings.HasSuffix(name, ".go") || !entry.Type().IsRegular() {
		return nil
	}
	syntax, err := parser.ParseFile(t.positions, name, nil, parser.ParseComments|parser.SkipObjectResolution)
	if syntax == nil {
		return err
	}
	t.files = append(t.files, &File{t.relative(name), syntax})
	return nil
}

func (t *Tree) relative(name string) string {
	below, err := filepath.Rel(t.root, name)
	if err != nil {
		return name
	}
	return filepath.ToSlash(below)
}

// place tells where a position is, unless it lies outside the folder.
func (t *Tree) place(at token.Pos) (Place, bool) {
	position := t.positions.Position(at)
	below := t.relative(position.Filename)
	return Place{below, position.Line}, position.IsValid() && below != ".." && !strings.HasPrefix(below, "../")
}

// importPath is what others import a folder by: through its module, else through its place.
func (t *Tree) importPath(folder string) string {
	best := Module{}
	for _, module := range t.modules {
		isBelow := strings.HasPrefix(folder+"/", module.folder+"/")
		if isBelow && len(module.folder) > len(best.folder) {
			best = module
		}
	}
	if best.folder == "" {
		return "folder/" + t.relative(folder)
	}
	return path.Join(best.path, strings.TrimPrefix(folder, best.folder))
}

func (f *File) isExternalTest() bool {
	return strings.HasSuffix(f.path, "_test.go") && strings.HasSuffix(f.syntax.Name.Name, "_test")
}
