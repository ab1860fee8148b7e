package main

import (
	"go/types"
	"sort"
)

// candidates finds the methods that a call through an interface may reach.
type candidates struct {
	tree *Tree
	// Of each type, its methods by name, promoted ones too.
	methods []map[string]*types.Func
}

// gather takes in the method sets of all types of the packages, those within functions too.
func (c *candidates) gather(packages []*Checked) {
	for _, checked := range packages {
		for _, object := range checked.info.Defs {
			name, ok := object.(*types.TypeName)
			if ok && !name.IsAlias() && !types.IsInterface(name.Type()) {
				c.add(name.Type())
			}
		}
	}
}

func (c *candidates) add(named types.Type) {
	methods := map[string]*types.Func{}
	set := types.NewMethodSet(types.NewPointer(named))
	for i := range set.Len() {
		if method, ok := set.At(i).Obj().(*types.Func); ok {
			methods[method.Name()] = method
		}
	}
	if len(methods) > 0 {
		c.methods = append(c.methods, methods)
	}
}

// of compares by name only: a package that is checked apart from its importers has types that are not identical.
func (c *candidates) of(bound *types.Interface, name string) []Place {
	unique := map[Place]bool{}
	for _, methods := range c.methods {
		if hasAll(methods, bound) {
			if place, inside := c.tree.place(methods[name].Origin().Pos()); inside {
				unique[place] = true
			}
		}
	}
	places := make([]Place, 0, len(unique))
	for place := range unique {
		places = append(places, place)
	}
	sort.Slice(places, func(i, j int) bool {
		return places[i].path < places[j].path || places[i].path == places[j].path && places[i].line < places[j].line
	})
	return places
}

func hasAll(methods map[string]*types.Func, bound *types.Interface) bool {
	for i := range bound.NumMethods() {
		if methods[bound.Method(i).Name()] == nil {
			return false
		}
	}
	return bound.NumMethods() > 0
}
