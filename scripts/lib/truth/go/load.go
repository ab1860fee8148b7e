package main

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Loader checks packages from source for one platform.
type Loader struct {
	tree    *Tree
	sources []string
	context build.Context
	// One that is being checked is there as nil, so that a cycle of imports ends.
	packages map[string]*types.Package
	// What stands in for a package while its external tests are checked: the same with its own tests.
	tested map[string]*types.Package
}

func newLoader(tree *Tree, sources []string, system, machine string) *Loader {
	context := build.Default
	context.GOOS, context.GOARCH, context.CgoEnabled = system, machine, false
	return &Loader{tree, sources, context, map[string]*types.Package{}, nil}
}

// Import gives a package's declarations without its functions' bodies.
func (l *Loader) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if found, ok := l.tested[path]; ok {
		return found, nil
	}
	if found, ok := l.packages[path]; ok {
		if found == nil {
			return nil, fmt.Errorf("`%s` cannot be imported", path)
		}
		return found, nil
	}
	l.packages[path] = nil
	folder, err := l.find(path)
	if err != nil {
		return nil, err
	}
	files, err := l.parse(folder)
	if err != nil {
		return nil, err
	}
	l.packages[path] = l.check(path, files, true, nil)
	return l.packages[path], nil
}

// A module's major version is no folder where packages lie by GOPATH.
var majorVersion = regexp.MustCompile(`/v[0-9]+(/|$)`)

func (l *Loader) find(path string) (string, error) {
	for _, module := range l.tree.modules {
		if path == module.path || strings.HasPrefix(path, module.path+"/") {
			return module.folder + strings.TrimPrefix(path, module.path), nil
		}
	}
	library := filepath.Join(l.context.GOROOT, "src")
	plain := strings.TrimSuffix(majorVersion.ReplaceAllString(path, "/"), "/")
	for _, root := range append(append([]string{}, l.sources...), library, filepath.Join(library, "vendor")) {
		for _, below := range []string{path, plain} {
			folder := filepath.Join(root, below)
			if found, err := filepath.Glob(folder + "/*.go"); err == nil && len(found) > 0 {
				return folder, nil
			}
		}
	}
	return "", fmt.Errorf("`%s` is not there", path)
}

func (l *Loader) parse(folder string) ([]*ast.File, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || !l.builds(folder, name) {
			continue
		}
		syntax, _ := parser.ParseFile(l.tree.positions, filepath.Join(folder, name), nil, parser.SkipObjectResolution)
		if syntax != nil && syntax.Name.Name != "documentation" {
			files = append(files, syntax)
		}
	}
	return files, nil
}

func (l *Loader) builds(folder, name string) bool {
	fits, err := l.context.MatchFile(folder, name)
	return err == nil && fits
}

func (l *Loader) check(path string, files []*ast.File, isImported bool, info *types.Info) *types.Package {
	config := types.Config{
		Importer:         l,
		IgnoreFuncBodies: isImported,
		FakeImportC:      true,
		Sizes:            types.SizesFor("gc", l.context.GOARCH),
		// An error leaves its expression without a type; everything else is still known.
		Error: func(error) {},
	}
	checked, _ := config.Check(path, l.tree.positions, files, info)
	return checked
}

func newInfo() *types.Info {
	return &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Uses:       map[*ast.Ident]types.Object{},
		Defs:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
}
