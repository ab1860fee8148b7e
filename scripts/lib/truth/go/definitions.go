package main

import (
	"go/ast"
	"go/token"
)

type lister struct {
	positions *token.FileSet
	path      string
	found     []Definition
}

// definitions lists what a file defines, in the order of the text.
func definitions(positions *token.FileSet, file *File) []Definition {
	l := &lister{positions: positions, path: file.path}
	last := positions.Position(file.syntax.FileEnd).Line
	l.found = append(l.found, Definition{file.path, 0, last, file.syntax.Name.Name, "module"})
	for _, declaration := range file.syntax.Decls {
		switch node := declaration.(type) {
		case *ast.FuncDecl:
			l.function(node)
		case *ast.GenDecl:
			l.values(node)
		}
		ast.Inspect(declaration, func(inner ast.Node) bool {
			l.types(inner)
			return true
		})
	}
	return l.found
}

func (l *lister) add(name *ast.Ident, node ast.Node, kind string) {
	if name.Name == "_" {
		return
	}
	line, end := l.positions.Position(name.Pos()).Line, l.positions.Position(node.End()).Line
	l.found = append(l.found, Definition{l.path, line, end, name.Name, kind})
}

func (l *lister) function(node *ast.FuncDecl) {
	kind := "function"
	if node.Recv != nil {
		kind = "method"
	}
	l.add(node.Name, node, kind)
}

// values lists the constants and variables of a package, which the form does not tell apart; a variable that a
// function is written for is a function.
func (l *lister) values(node *ast.GenDecl) {
	for _, spec := range node.Specs {
		values, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for i, name := range values.Names {
			if namedLiteral(values, i) != nil {
				l.add(name, values, "function")
			} else {
				l.add(name, values, "constant")
			}
		}
	}
}

// namedLiteral is the function that a variable of a package is declared as.
func namedLiteral(values *ast.ValueSpec, i int) *ast.FuncLit {
	if len(values.Values) != len(values.Names) || values.Names[i].Name == "_" {
		return nil
	}
	literal, _ := values.Values[i].(*ast.FuncLit)
	return literal
}

func (l *lister) types(node ast.Node) {
	switch node := node.(type) {
	case *ast.TypeSpec:
		l.add(node.Name, node, kindOf(node.Type))
	case *ast.StructType:
		l.members(node.Fields, "field")
	case *ast.InterfaceType:
		l.members(node.Methods, "method")
	}
}

func kindOf(body ast.Expr) string {
	switch body.(type) {
	case *ast.StructType:
		return "struct"
	case *ast.InterfaceType:
		return "interface"
	}
	return "type"
}

// members lists fields or methods that have a name of their own; what is embedded has none.
func (l *lister) members(fields *ast.FieldList, kind string) {
	for _, field := range fields.List {
		for _, name := range field.Names {
			l.add(name, field, kind)
		}
	}
}
