package main

import (
	"go/ast"
	"path/filepath"
	"sort"
	"strings"
)

// The platforms a file is tried on, in order.
var platforms = [][2]string{{"linux", "amd64"}, {"windows", "amd64"}, {"darwin", "arm64"}, {"js", "wasm"}}

// unit is what is checked at once: a package with its tests, or its external tests.
type unit struct {
	folder string
	name   string
	files  []*File
}

// judge adds edges and dynamic sites of every file that some platform builds, and names the functions of the rest.
func judge(tree *Tree, sources []string, told *Neutral) {
	judged, candidates := map[*File]bool{}, &candidates{tree: tree}
	for _, platform := range platforms {
		loader := newLoader(tree, sources, platform[0], platform[1])
		packages := checkAll(loader, judged)
		candidates.gather(packages)
		for _, checked := range packages {
			for _, file := range checked.fresh {
				judged[file] = true
				newCaller(tree, file, checked.info, candidates, told).walk()
			}
		}
	}
	for _, file := range tree.files {
		if !judged[file] {
			told.Unjudged = append(told.Unjudged, callersOf(tree, file)...)
		}
	}
}

// checkAll checks the units that hold a file not yet judged, and of the first platform thus all.
func checkAll(loader *Loader, judged map[*File]bool) []*Checked {
	var packages []*Checked
	for _, unit := range units(loader) {
		fresh := []*File{}
		for _, file := range unit.files {
			if !judged[file] {
				fresh = append(fresh, file)
			}
		}
		if len(fresh) > 0 {
			packages = append(packages, checkUnit(loader, unit, fresh))
		}
	}
	return packages
}

func checkUnit(loader *Loader, unit *unit, fresh []*File) *Checked {
	path, info := loader.tree.importPath(unit.folder), newInfo()
	syntax := []*ast.File{}
	for _, file := range unit.files {
		syntax = append(syntax, file.syntax)
	}
	if !strings.HasSuffix(unit.name, "_test") {
		return &Checked{loader.check(path, syntax, false, info), info, fresh}
	}
	// External tests see what the package's own tests export to them.
	loader.tested = withTests(loader, unit.folder, path)
	defer func() { loader.tested = nil }()
	return &Checked{loader.check(path+"_test", syntax, false, info), info, fresh}
}

// units groups a platform's files by folder and package name.
func units(loader *Loader) []*unit {
	found, order := map[[2]string]*unit{}, []*unit{}
	for _, file := range loader.tree.files {
		name := filepath.Join(loader.tree.root, filepath.FromSlash(file.path))
		folder := filepath.Dir(name)
		if !loader.builds(folder, filepath.Base(name)) || usesCgo(file) {
			continue
		}
		key := [2]string{folder, file.syntax.Name.Name}
		if found[key] == nil {
			found[key] = &unit{folder: folder, name: key[1]}
			order = append(order, found[key])
		}
		found[key].files = append(found[key].files, file)
	}
	sort.Slice(order, func(i, j int) bool {
		return order[i].folder+"\x00"+order[i].name < order[j].folder+"\x00"+order[j].name
	})
	return order
}

func usesCgo(file *File) bool {
	for _, spec := range file.syntax.Imports {
		if spec.Path.Value == `"C"` {
			return true
		}
	}
	return false
}

func callersOf(tree *Tree, file *File) []Place {
	callers := []Place{{file.path, 0}}
	for _, declaration := range file.syntax.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok {
			place, _ := tree.place(function.Name.Pos())
			callers = append(callers, place)
		}
	}
	return callers
}
