package main

import (
	"go/ast"
	"go/types"
)

// Checked is a unit after the type checker; fresh are those of its files that no platform before has judged.
type Checked struct {
	types *types.Package
	info  *types.Info
	fresh []*File
}

// withTests checks a package together with its own tests, for the external tests beside it.
func withTests(loader *Loader, folder, path string) map[string]*types.Package {
	for _, unit := range units(loader) {
		if unit.folder != folder || unit.files[0].isExternalTest() {
			continue
		}
		syntax := []*ast.File{}
		for _, file := range unit.files {
			syntax = append(syntax, file.syntax)
		}
		return map[string]*types.Package{path: loader.check(path, syntax, true, nil)}
	}
	return nil
}

// caller walks one file and tells its calls.
type caller struct {
	tree       *Tree
	file       *File
	info       *types.Info
	candidates *candidates
	told       *Neutral
	// Who calls: the function around, or the file itself.
	at Place
}

func newCaller(tree *Tree, file *File, info *types.Info, candidates *candidates, told *Neutral) *caller {
	return &caller{tree, file, info, candidates, told, Place{file.path, 0}}
}

func (c *caller) walk() {
	for _, declaration := range c.file.syntax.Decls {
		c.at = Place{c.file.path, 0}
		if function, ok := declaration.(*ast.FuncDecl); ok {
			c.at, _ = c.tree.place(function.Name.Pos())
		}
		ast.Inspect(declaration, c.visit)
	}
}

func (c *caller) visit(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.ValueSpec:
		return !c.isNamedLiteral(node)
	case *ast.CallExpr:
		c.call(node)
	case *ast.CompositeLit:
		c.made(node.Type, &c.told.Constructs)
	}
	return true
}

// isNamedLiteral walks the functions that variables of the package are declared as, each as a caller of its own.
func (c *caller) isNamedLiteral(values *ast.ValueSpec) bool {
	around := c.at
	if around.line != 0 || len(values.Names) == 0 || namedLiteral(values, 0) == nil {
		return false
	}
	for i, name := range values.Names {
		c.at = around
		if namedLiteral(values, i) != nil {
			c.at, _ = c.tree.place(name.Pos())
		}
		ast.Inspect(values.Values[i], c.visit)
	}
	c.at = around
	return true
}

// made tells of a type of the folder that is named where a value of it is made.
func (c *caller) made(written ast.Expr, list *[]Edge) {
	if written == nil {
		return
	}
	name := written
	for {
		switch node := name.(type) {
		case *ast.ParenExpr:
			name = node.X
		case *ast.StarExpr:
			name = node.X
		case *ast.IndexExpr:
			name = node.X
		case *ast.IndexListExpr:
			name = node.X
		case *ast.SelectorExpr:
			name = node.Sel
		case *ast.Ident:
			c.madeBy(node, list)
			return
		default:
			return
		}
	}
}

// madeBy tells of the name as it is written and, of an alias, of the type that it stands for.
func (c *caller) madeBy(name *ast.Ident, list *[]Edge) {
	object, ok := c.info.Uses[name].(*types.TypeName)
	if !ok {
		return
	}
	objects := []types.Object{object}
	if named, ok := types.Unalias(object.Type()).(*types.Named); ok && object.IsAlias() {
		objects = append(objects, named.Obj())
	}
	for _, object := range objects {
		if callee, inside := c.tree.place(object.Pos()); inside {
			*list = append(*list, Edge{c.at, callee, c.line(name)})
		}
	}
}

func (c *caller) call(call *ast.CallExpr) {
	site, _ := c.tree.place(call.Pos())
	known := c.info.Types[call.Fun]
	if known.IsType() {
		c.made(call.Fun, &c.told.Conversions)
	}
	if known.IsType() || known.IsBuiltin() {
		return
	}
	switch node := c.plain(call.Fun).(type) {
	case *ast.Ident:
		c.object(c.info.Uses[node], c.line(node))
	case *ast.SelectorExpr:
		c.selector(node)
	case *ast.FuncLit:
		// Called where it is written: its body belongs to the caller anyway.
	default:
		c.dynamic("value", site.line)
	}
}

// line is that of the name that is called: in a chain over several lines each call has its own.
func (c *caller) line(name *ast.Ident) int {
	return c.tree.positions.Position(name.Pos()).Line
}

func (c *caller) selector(node *ast.SelectorExpr) {
	line := c.line(node.Sel)
	selection := c.info.Selections[node]
	if selection == nil || selection.Kind() == types.FieldVal {
		c.object(c.info.Uses[node.Sel], line)
		return
	}
	method, ok := selection.Obj().(*types.Func)
	if !ok {
		c.dynamic("unresolved", line)
		return
	}
	if bound := dispatcher(selection.Recv(), method); bound != nil {
		c.interfaceMethod(bound, method, line)
		return
	}
	c.object(method, line)
}

// dispatcher is the interface that chooses the method when the program runs, if one does.
func dispatcher(receiver types.Type, method *types.Func) *types.Interface {
	for _, side := range []types.Type{receiver, method.Signature().Recv().Type()} {
		if bound, ok := side.Underlying().(*types.Interface); ok {
			return bound
		}
	}
	return nil
}

func (c *caller) object(object types.Object, line int) {
	switch object := object.(type) {
	case nil:
		c.dynamic("unresolved", line)
	case *types.Func:
		if callee, inside := c.tree.place(object.Origin().Pos()); inside {
			c.told.Edges = append(c.told.Edges, Edge{c.at, callee, line})
		}
	case *types.TypeName, *types.Builtin:
		// A conversion or a builtin under another name.
	default:
		c.value(object, line)
	}
}

// value tells a called variable, unless its type is not known: then the site is as good as unresolved.
func (c *caller) value(object types.Object, line int) {
	reason := "value"
	if basic, ok := object.Type().(*types.Basic); ok && basic.Kind() == types.Invalid {
		reason = "unresolved"
	}
	c.dynamic(reason, line)
}

func (c *caller) dynamic(reason string, line int) {
	c.told.Dynamic = append(c.told.Dynamic, Dynamic{Caller: c.at, Line: line, Reason: reason})
}

func (c *caller) interfaceMethod(bound *types.Interface, method *types.Func, line int) {
	site := Dynamic{Caller: c.at, Line: line, Reason: "interface", Candidates: []Place{}}
	if declared, inside := c.tree.place(method.Origin().Pos()); inside {
		site.Declared = &declared
		site.Candidates = append(site.Candidates, declared)
	}
	site.Candidates = append(site.Candidates, c.candidates.of(bound, method.Name())...)
	c.told.Dynamic = append(c.told.Dynamic, site)
}

// plain takes off parentheses and type arguments.
func (c *caller) plain(function ast.Expr) ast.Expr {
	for {
		switch node := function.(type) {
		case *ast.ParenExpr:
			function = node.X
		case *ast.IndexListExpr:
			function = node.X
		case *ast.IndexExpr:
			if !c.isFunction(node.X) {
				return node
			}
			function = node.X
		default:
			return function
		}
	}
}

// isFunction tells a generic function with its type argument from an element of a slice or map.
func (c *caller) isFunction(indexed ast.Expr) bool {
	switch node := indexed.(type) {
	case *ast.Ident:
		_, ok := c.info.Uses[node].(*types.Func)
		return ok
	case *ast.SelectorExpr:
		_, ok := c.info.Uses[node.Sel].(*types.Func)
		return ok
	}
	return false
}
