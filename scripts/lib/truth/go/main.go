// Tells what the Go type checker knows of a folder: its definitions and the calls between them.
//
//	oracle [-src FOLDER]... FOLDER > neutral.json
//
// Packages are looked for in the modules below FOLDER, then below each -src, which is laid out as GOPATH/src is,
// then in the standard library. What is missing is tolerated: the sites that hang on it are told as unresolved.
//
// Each call site is judged for itself:
//
//   - A function, or a method of a concrete receiver, promoted ones too, is an edge.
//   - An interface's method, or one of a type parameter, is dynamic. "declared" is the interface's own method,
//     "candidates" are that and the methods of the folder's types that have, by name, all the interface's methods.
//   - A called value (variable, field, parameter, result) is dynamic without candidates: anything goes on that line.
//   - A site that the checker cannot resolve is told likewise, with the reason "unresolved".
//   - Builtins are no calls; a call that leaves the folder is no edge.
//   - A literal of a named type is told under "constructs", a conversion under "conversions"; neither calls a function.
//
// A file is checked under the first of a few platforms that builds it. Functions of a file that none builds are
// "unjudged", and so are those of files that use cgo. Folders named vendor or testdata are left out.
//
// Definitions are those of the syntax tree: functions, methods (an interface's too), types and fields with a name
// wherever they are written, constants and variables of a package. A variable that is declared as a function
// literal is a function, and a caller. Each file is one module at line 0.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Place is a definition as a path below the folder and the line of its name.
type Place struct {
	path string
	line int
}

// MarshalJSON writes a place as [path, line].
func (p Place) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{p.path, p.line})
}

// Definition is one named thing of the syntax tree.
type Definition struct {
	Path    string `json:"path"`
	Line    int    `json:"line"`
	EndLine int    `json:"end_line"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
}

// Edge is a call whose target is certain.
type Edge struct {
	Caller Place `json:"caller"`
	Callee Place `json:"callee"`
	Line   int   `json:"line"`
}

// Dynamic is a call whose target is only known when the program runs, or not known to the checker at all.
type Dynamic struct {
	Caller     Place   `json:"caller"`
	Line       int     `json:"line"`
	Reason     string  `json:"reason"`
	Declared   *Place  `json:"declared,omitempty"`
	Candidates []Place `json:"candidates,omitempty"`
}

// Neutral is the form that every oracle writes.
type Neutral struct {
	Files       []string     `json:"files"`
	Definitions []Definition `json:"definitions"`
	Edges       []Edge       `json:"edges"`
	Dynamic     []Dynamic    `json:"dynamic"`
	Constructs  []Edge       `json:"constructs"`
	Conversions []Edge       `json:"conversions"`
	Unjudged    []Place      `json:"unjudged"`
}

type folders []string

func (f *folders) String() string { return strings.Join(*f, " ") }

func (f *folders) Set(value string) error {
	*f = append(*f, value)
	return nil
}

func main() {
	var sources folders
	flag.Var(&sources, "src", "a `folder` laid out as GOPATH/src")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: oracle [-src FOLDER]... FOLDER")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), sources); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder string, sources []string) error {
	root, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	tree, err := readTree(root)
	if err != nil {
		return err
	}
	told := Neutral{Files: []string{}, Edges: []Edge{}, Dynamic: []Dynamic{}, Unjudged: []Place{},
		Constructs: []Edge{}, Conversions: []Edge{}}
	for _, file := range tree.files {
		told.Files = append(told.Files, file.path)
		told.Definitions = append(told.Definitions, definitions(tree.positions, file)...)
	}
	judge(tree, sources, &told)
	return json.NewEncoder(os.Stdout).Encode(told)
}
