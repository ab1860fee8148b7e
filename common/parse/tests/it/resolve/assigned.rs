//! Variables that are set more than once: an edge only where all values agree.

use super::check;

#[test]
fn go_variables_hold_what_any_assignment_gives() {
    check(
        "assigned_go",
        r#"
//- /go.mod
module example.com/m
//- /m.go
package m

type S struct{}

func (s *S) once()    {}
func (s *S) forever() {}
func (s *S) next() *S { return s }

func Run(s *S, loop bool) {
	run := s.once
	if loop {
		run = s.forever
	}
	run()
	same := s.once
	if loop {
		same = nil
	}
	same()
	n := s
	for loop {
		n = n.next()
	}
	n.once()
}
"#,
    );
}

#[test]
fn script_variables_hold_what_any_assignment_gives() {
    check(
        "assigned_script",
        r#"
//- /m.js
export function f() {}
//- /a.js
function noop() {}
function first() {}
function second() {}
function h() {}
let log = noop;
export const setLog = (f) => { log = f; };
function changed() { log(); }
function twice() { let cb = first; cb = second; cb(); }
function late(x) { let cb; if (x) cb = first; cb(); }
function hoisted(x) { if (x) { var h = first; } h(); }
function reset() { let cb = first; cb = null; cb(); }
function missing(cb) { cb ??= first; cb(); }
try { var m = require("./m"); } catch {}
function required() { m.f(); }
class A { go() {} }
class Held {
  constructor() { this.cb = noop; this.sure = noop; }
  set(f) { this.cb = f; }
  run() { this.cb(); this.sure(); }
}
//- /b.ts
class A { next(): A { return this; } go() {} }
function typed() { let a = new A(); a = a.next(); a.go(); }
function first() {}
let hook = first;
export function set(f: () => void) { hook = f; }
export function call() { hook(); }
"#,
    );
}
