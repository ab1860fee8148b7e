//! Go: packages by folder, module paths, receivers, embedding.

use super::check;

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
