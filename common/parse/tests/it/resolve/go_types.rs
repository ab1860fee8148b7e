//! Go: the types of values, and what is selected of them.

use super::{files, link};

const TYPES: &str = r#"
//- /go.mod
module example.com/app
//- /types.go
package app

type Level int8
type Hash [4]byte
type Part struct{ in *Item }
type Item struct{ part *Part }
type Items []*Item
type Visit func() *Item

func (l Level) Show()   {}
func (h Hash) Show()    {}
func (i *Item) Run()    {}
func (p *Part) Run()    {}
func (is Items) Len()   {}

const (
	_ Level = iota
	High
	Low
)
"#;

/// The calls of each function, with the types above; a function's name says what it shows.
fn calls(text: &str) -> Vec<String> {
    let fixture = format!("{TYPES}//- /use.go\npackage app\n{text}\n");
    let edges = link(&files(&fixture)).edge_names();
    let of_use = edges.iter().filter_map(|edge| edge.strip_prefix("calls use.go#"));
    of_use.map(|edge| edge.replace("types.go#", "").replace("use.go#", "")).collect()
}

#[test]
fn results_have_types_one_by_one() {
    let text = r#"
func named() (item *Item)                        { return nil }
func two() (item *Item, part *Part)              { return nil, nil }
func shared() (first, second *Part, level Level) { return nil, nil, 0 }
func plain() (*Part, error)                      { return nil, nil }
func viaNamed()  { x := named(); x.Run() }
func viaFirst()  { x, _ := two(); x.Run() }
func viaSecond() { _, x := two(); x.Run() }
func viaShared() { _, x, l := shared(); x.Run(); l.Show() }
func viaVar()    { var x, err = plain(); x.Run(); err.Run() }
func viaChain()  { named().part.Run() }
"#;
    assert_eq!(
        calls(text),
        [
            "viaChain -> Part.Run",
            "viaChain -> named",
            "viaFirst -> Item.Run",
            "viaFirst -> two",
            "viaNamed -> Item.Run",
            "viaNamed -> named",
            "viaSecond -> Part.Run",
            "viaSecond -> two",
            "viaShared -> Level.Show",
            "viaShared -> Part.Run",
            "viaShared -> shared",
            "viaVar -> Part.Run",
            "viaVar -> plain",
        ]
    );
}

#[test]
fn values_have_the_types_they_are_made_with() {
    let text = r#"
func defined(l Level, h Hash) { l.Show(); h.Show() }
func constants()   { High.Show(); const own Level = 1; own.Show() }
func converted()   { x := Level(3); x.Show() }
func allocated()   { x := new(Item); x.Run(); y := make(Items, 1); y.Len(); y[0].Run() }
func literal()     { (&Item{}).Run(); (Item{}).part.Run(); []*Item{}[0].Run() }
func function()    { f := func(a int) (*Item, error) { return nil, nil }; x, _ := f(0); x.Run() }
func named(v Visit) { v().Run() }
func parenthesised() { x := (*Item)(nil); x.Run() }
func received(c chan *Item) {
	x := <-c
	x.Run()
	select {
	case y := <-c:
		y.part.Run()
	}
}
"#;
    assert_eq!(
        calls(text),
        [
            "allocated -> Item.Run",
            "allocated -> Items.Len",
            "constants -> Level.Show",
            "converted -> Level.Show",
            "defined -> Hash.Show",
            "defined -> Level.Show",
            "function -> Item.Run",
            "literal -> Item.Run",
            "literal -> Part.Run",
            "named -> Item.Run",
            "parenthesised -> Item.Run",
            "received -> Item.Run",
            "received -> Part.Run",
        ]
    );
}

#[test]
fn elements_keys_and_fields_have_types() {
    let text = r#"
type group struct{ Part; deep map[Level][]*Item }
func slices(xs []*Item)      { for _, x := range xs { x.Run() } }
func variadic(xs ...*Part)   { for i := range xs { xs[i].Run() } }
func parts(xs Items)         { for _, x := range xs[1:] { x.Run() } }
func maps(m map[Level]*Part) { for k, v := range m { k.Show(); v.Run() } }
func found(m map[string]Level) { if v, ok := m["a"]; ok { v.Show() } }
func channels(c <-chan *Item) { for x := range c { x.Run() } }
func iterators(seq func(yield func(Level, *Item) bool)) { for k, v := range seq { k.Show(); v.Run() } }
func fields(g *group)        { g.deep[1][0].part.Run(); g.Part.Run(); g.in.Run() }
func tables() {
	tests := []struct {
		name string // why it matters
		a, b *Item  `json:"}"`
		part Part
	}{}
	for _, test := range tests {
		test.b.Run()
		test.part.Run()
	}
}
"#;
    assert_eq!(
        calls(text),
        [
            "channels -> Item.Run",
            "fields -> Item.Run",
            "fields -> Part.Run",
            "found -> Level.Show",
            "iterators -> Item.Run",
            "iterators -> Level.Show",
            "maps -> Level.Show",
            "maps -> Part.Run",
            "parts -> Item.Run",
            "slices -> Item.Run",
            "tables -> Item.Run",
            "tables -> Part.Run",
            "variadic -> Part.Run",
        ]
    );
}

#[test]
fn a_type_switch_narrows_case_by_case() {
    let text = r#"
type runner interface{ Run() }
func narrowed(v runner) {
	switch x := v.(type) {
	case *Item:
		x.Run()
	case *Part, Level:
		x.Run()
	case nil:
	}
}
func asserted(v any) { if x, ok := v.(*Part); ok { x.Run() } }
"#;
    // With two types in a case, the variable keeps the type of the interface.
    assert_eq!(calls(text), ["asserted -> Part.Run", "narrowed -> Item.Run", "narrowed -> runner.Run"]);
}

#[test]
fn a_name_is_bound_from_the_end_of_its_statement() {
    let text = r#"
func part(x *Item) *Part { return x.part }
func own()    { part := part(nil); part.Run() }
func inner(x *Item) { if x := x.part; x != nil { x.Run() }; x.Run() }
func (Level Level) same() { other := Level.next(); other.Show() }
func (l Level) next() Level { return l }
"#;
    assert_eq!(
        calls(text),
        [
            "inner -> Item.Run",
            "inner -> Part.Run",
            "own -> Part.Run",
            "own -> part",
            "same -> Level.Show",
            "same -> next",
        ]
    );
}

#[test]
fn selectors_take_the_shallowest() {
    let text = r#"
type base struct{}
func (b base) Run()  {}
func (b base) Stop() {}
type middle struct{ base }
func (m middle) Run() {}
type outer struct{ *Part; middle }
type renamed = middle
type copied middle
type embeds struct{ renamed }
func shallow(o outer)  { o.Stop() }
func hidden(m middle)  { m.Run() }
func alias(r renamed)  { r.Run() }
func through(e embeds) { e.renamed.Run(); e.Stop() }
func copies(c copied)  { c.Stop() }
"#;
    assert_eq!(
        calls(text),
        [
            "alias -> middle.Run",
            "copies -> base.Stop",
            "hidden -> middle.Run",
            "shallow -> base.Stop",
            "through -> base.Stop",
            "through -> middle.Run",
        ]
    );
}

#[test]
fn what_is_not_known_is_no_edge() {
    let text = r#"
import "time"
type runner interface{ Run() }
func first[T runner](xs []T) T { return xs[0] }
type box[T runner] struct{ held T }
type copied Item
func generic(xs []*Item)     { first(xs).Run() }
func field(b box[*Item])     { b.held.Run() }
func methodless(c copied)    { c.Run() }
func outside(d time.Month)   { d.Run(); time.Now().Run() }
func basic(n int)            { n.Run() }
func wrong(x *Item)          { x.Show() }
func flagged(m map[string]int) { _, ok := m["a"]; ok.Run() }
func cut() { var tests []struct{ Run, Show func() }; tests[0].Run() }
"#;
    // `cut` has fields of its own by these names; neither they nor the methods are called by name alone.
    let own: Vec<String> = calls(text).into_iter().filter(|edge| !edge.starts_with("cut")).collect();
    assert_eq!(own, ["generic -> first"]);
}

#[test]
fn fields_of_unnamed_types_are_no_names_of_the_scope_around() {
    let text = r#"
var table = []struct{ Hash, show string; Close interface{ Run() } }{}
func show() {}
func uses(h Hash) {
	for _, test := range []struct{ show string }{} {
		if test.show != "" { show() }
	}
	h.Show()
}
"#;
    assert_eq!(calls(text), ["uses -> Hash.Show", "uses -> show"]);
}

#[test]
fn literals_and_conversions_name_types_and_call_nothing() {
    let text = r#"
var _ runner = (*Item)(nil)
type runner interface{ Run() }
func literals() { _ = Item{}; _ = &Part{}; _ = []Hash{{}} }
func conversions(n int) { _ = Level(n); _ = (*Part)(nil) }
func new(x *Item) *Part { return nil }
func ownNew() { new(nil).Run() }
"#;
    assert_eq!(calls(text), ["ownNew -> Part.Run", "ownNew -> new"]);
    let fixture = format!("{TYPES}//- /use.go\npackage app\n{text}\n");
    let edges = link(&files(&fixture)).edge_names();
    for edge in [
        "literals -> types.go#Item",
        "literals -> types.go#Hash",
        "conversions -> types.go#Level",
        "conversions -> types.go#Part",
    ] {
        assert!(edges.contains(&format!("references_type use.go#{edge}")), "{edge}");
    }
}

#[test]
fn types_that_lead_to_themselves_end() {
    let text = r#"
type a b
type b a
type c = d
type d = c
type e struct{ e }
type f []f
type g func() g
func circles(x a, y c, z e, l f, h g) {
	x.Run(); x[0].Run(); x().Run(); y.Run(); y[0].Run(); z.e.e.e.Run(); l[0][0][0].Run(); h()()().Run()
	for k := range x { k.Run() }
}
"#;
    assert!(calls(text).is_empty());
}

#[test]
fn a_call_with_type_arguments_is_a_call() {
    let text = r#"
func Make[T any](x T) *Item         { return nil }
func Pair[A, B any](a A) *Part      { return nil }
type Box[T any] struct{ value T }
func (b Box[T]) Open()              {}
func call(x int)      { Make[int](x) }
func chained(x int)   { Make[*Item](x).Run() }
func several(x int)   { Pair[int, Level](x).Run() }
func kept(x int)      { y := Make[[]int](x); y.Run() }
func started(x int)   { go Make[int](x) }
func handed(x int)    { Make[any](Make[int]) }
func passed(x int)    { Pair[any, any](viaPassed) }
func viaPassed()      {}
func element(fs []func(x int) *Item, i int, x int) { fs[i](x).Run() }
func entry(fs map[string]Visit, k string)          { fs[k]().Run() }
func converted(b Box[int])                         { Box[int](b).Open() }
"#;
    assert_eq!(
        calls(text),
        [
            "call -> Make",
            "chained -> Item.Run",
            "chained -> Make",
            "converted -> Box.Open",
            "element -> Item.Run",
            "entry -> Item.Run",
            "handed -> Make",
            "kept -> Item.Run",
            "kept -> Make",
            "passed -> Pair",
            "several -> Part.Run",
            "several -> Pair",
            "started -> Make",
        ]
    );
}

#[test]
fn functions_with_type_arguments_come_from_packages_and_are_handed_over() {
    let fixture = r#"
//- /go.mod
module example.com/app
//- /lo/lo.go
package lo
func Map[A, B any](list []A) []B { return nil }
func Each[A any](f func(A)) {}
//- /use.go
package app
import "example.com/app/lo"
func show[T any](x T) {}
func run(list []int) { lo.Map[int, string](list); lo.Each(show[int]); lo.Each[int](show) }
"#;
    let edges = link(&files(fixture)).edge_names();
    let of_run: Vec<&str> =
        edges.iter().map(String::as_str).filter(|edge| edge.contains(" use.go#run -> ")).collect();
    assert_eq!(
        of_run,
        [
            "calls use.go#run -> lo/lo.go#Each",
            "calls use.go#run -> lo/lo.go#Map",
            "references use.go#run -> use.go#show"
        ]
    );
}
