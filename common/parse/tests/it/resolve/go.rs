//! Go: packages by folder, module paths, builds, tests beside and outside of their package.

use super::{check, files, link};

#[test]
fn packages() {
    check(
        "go_packages",
        r#"
//- /go.mod
module example.com/app
//- /main.go
package main

import (
	"fmt"
	"example.com/app/store"
	wire "example.com/app/internal/wire"
	. "example.com/app/internal/dotted"
	"github.com/other/lib"
)

func main() {
	fmt.Println(helper())
	s := store.Open("x")
	s.Get("a")
	wire.Encode()
	Dotted()
	lib.Do()
	var t store.Store
	t.Put("b")
	u := &store.Store{}
	u.Put("c")
	len("x")
}
//- /helper.go
package main

func helper() string { return "" }
//- /store/store.go
package store

type Store struct {
	Base
	cache *cache
	Log   Logger
}

type Logger interface {
	Write(line string)
}

func Open(name string) *Store { return &Store{} }
func (s *Store) Get(key string) string {
	s.cache.lookup(key)
	s.Touch()
	s.Log.Write(key)
	return s.get(key)
}
//- /store/more.go
package store

func (s *Store) Put(key string) {}
func (s *Store) get(key string) string { return key }

type Base struct{}

func (b Base) Touch() {}

type cache struct{}

func (c *cache) lookup(key string) {}
//- /internal/wire/wire.go
package wire

func Encode() {}
//- /internal/dotted/dotted.go
package dotted

func Dotted() {}
"#,
    );
}

#[test]
fn builds_choose_between_twins() {
    let fixture = r#"
//- /go.mod
module example.com/app
//- /main.go
package app
type file struct{}
func run(f file) { open(); pipe(); newest(); f.sync() }
func unsure() { only() }
//- /open_linux.go
package app
func open() {}
//- /open_other.go
//go:build !linux
package app
func open() {}
func other() { open() }
//- /pipe.go
// +build !js
package app
func pipe() {}
//- /pipe_js.go
package app
func pipe() {}
func js() { pipe() }
func (f file) sync() {}
//- /sync_unix.go
//go:build unix
package app
func (f file) sync() {}
//- /only_windows.go
package app
func only() {}
//- /go118.go
//go:build go1.18
package app
func newest() {}
//- /go117.go
//go:build !go1.18
package app
func newest() {}
func oldest() { newest() }
//- /flaky.go
//go:build windows || darwin
package app
func flaky() { split() }
//- /split_windows.go
package app
func split() {}
//- /split_darwin.go
package app
func split() {}
"#;
    let linked = link(&files(fixture));
    let edges = linked.edge_names();
    let calls: Vec<&str> = edges.iter().filter_map(|edge| edge.strip_prefix("calls ")).collect();
    assert_eq!(
        calls,
        [
            "go117.go#oldest -> go117.go#newest",
            "main.go#run -> go118.go#newest",
            "main.go#run -> open_linux.go#open",
            "main.go#run -> pipe.go#pipe",
            "main.go#run -> sync_unix.go#sync",
            "open_other.go#other -> open_other.go#open",
            "pipe_js.go#js -> pipe_js.go#pipe",
        ]
    );
    // `flaky` is part of two builds, which do not agree; what `unsure` means no build that has it says.
    let mut ambiguous: Vec<(&str, usize)> = linked
        .resolution
        .ambiguous
        .iter()
        .map(|found| (found.name.as_str(), found.candidates.len()))
        .collect();
    ambiguous.sort();
    assert_eq!(ambiguous, [("only", 1), ("split", 2)]);
}

#[test]
fn a_package_and_its_outer_tests_are_two() {
    let fixture = r#"
//- /go.mod
module example.com/app
//- /log/log.go
package log
func Open() { setup() }
func setup() {}
//- /log/log_test.go
package log
func with() {}
func TestInner() { with(); setup() }
func Export() {}
//- /log/outer_test.go
package log_test
import "example.com/app/log"
func with() {}
func TestOuter() { with(); log.Open(); log.Export(); log.setup() }
//- /other/other_test.go
package other
import "example.com/app/log"
func TestOther() { log.Export(); log.Open() }
"#;
    let edges = link(&files(fixture)).edge_names();
    let calls: Vec<&str> = edges.iter().filter_map(|edge| edge.strip_prefix("calls ")).collect();
    assert_eq!(
        calls,
        [
            "log/log.go#Open -> log/log.go#setup",
            "log/log_test.go#TestInner -> log/log.go#setup",
            "log/log_test.go#TestInner -> log/log_test.go#with",
            "log/outer_test.go#TestOuter -> log/log.go#Open",
            "log/outer_test.go#TestOuter -> log/log_test.go#Export",
            "log/outer_test.go#TestOuter -> log/outer_test.go#with",
            "other/other_test.go#TestOther -> log/log.go#Open",
        ]
    );
}
