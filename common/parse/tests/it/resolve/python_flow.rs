//! Python: functions, classes and objects as values, from where they are made to where they are called.

use docpack::EdgeKind;

use super::{files, link};

/// The calls of a fixture, one a line, `module.` left out of names in `/a.py`.
fn calls(fixture: &str) -> String {
    let linked = link(&files(fixture));
    let all = linked.resolution.edges.iter().filter(|edge| edge.kind == EdgeKind::Calls);
    let short = |name: &str| name.strip_prefix("a.py#").unwrap_or(name).to_owned();
    let mut lines: Vec<String> = all
        .map(|edge| format!("{} -> {}", short(linked.name(edge.source)), short(linked.name(edge.target))))
        .collect();
    lines.sort();
    lines.join("\n")
}

macro_rules! flows {
    ($($name:ident: $source:literal => $calls:literal;)*) => {$(
        #[test]
        fn $name() {
            let expected: Vec<&str> = $calls.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            assert_eq!(calls($source), expected.join("\n"));
        }
    )*};
}

flows! {
    of_what_several_callers_hand_over_a_call_takes_one: "//- /a.py
def red(): pass
def blue(): pass
def unused(): pass
def paint(brush, *, then=None):
    brush()
    then()
paint(red, then=blue)
paint(blue, then=blue)
" => "a.py -> paint
paint -> blue";

    an_identity_keeps_its_callers_apart: "//- /a.py
def same(value): return value
def one(): pass
def two(): pass
def first(): same(one)()
def second(): same(two)()
" => "first -> one
first -> same
second -> same
second -> two";

    spread_arguments_reach_their_parameters: "//- /a.py
def one(): pass
def two(): pass
def run(left, right=None, **rest):
    left()
    right()
    rest['extra']()
def pass_on(*args, **kwargs): run(*args, **kwargs)
pass_on(one, extra=two)
" => "a.py -> pass_on
pass_on -> run
run -> one
run -> two";

    a_closure_calls_what_was_captured: "//- /a.py
def job(): pass
def later(work):
    def inner():
        work()
    return inner
later(job)()
" => "a.py -> later
a.py -> later.inner
later.inner -> job";

    the_last_binding_before_the_call_counts: "//- /a.py
def old(): pass
def new(): pass
handler = old
handler = new
handler()
del handler
handler()
" => "a.py -> new";

    a_branch_leaves_a_choice: "//- /a.py
def on(): pass
def off(): pass
def pick(flag):
    if flag:
        chosen = on
    else:
        chosen = off
    chosen()
def known(flag):
    if flag:
        chosen = on
        chosen()
    else:
        chosen = off
        chosen()
" => "known -> off
known -> on";

    a_key_that_was_deleted_or_replaced_is_gone: "//- /a.py
def one(): pass
def two(): pass
def three(): pass
table = {'a': one, 'b': two}
table['a'] = three
table['a']()
del table['b']
table['b']()
" => "a.py -> three";

    keys_are_told_apart: "//- /a.py
def one(): pass
def two(): pass
table = {'a': one, 1: two, '1': one}
def use(t, key): t[key]()
use(table, 1)
nested = {'deep': {'er': [one, [two]]}}
nested['deep']['er'][1][0]()
" => "a.py -> two
a.py -> use
use -> two";

    an_unknown_key_is_a_choice: "//- /a.py
def one(): pass
def two(): pass
table = {'a': one, 'b': two}
def use(): table[input()]()
only = {'a': one}
def sole(): only[input()]()
" => "sole -> one";

    a_loop_calls_every_element: "//- /a.py
def one(): pass
def two(): pass
def three(): pass
steps = [one]
steps.append(two)
def run(extra):
    for step in steps + extra: step()
    return [step() for step in extra]
run([three])
for name, f in {'x': one}.items(): f()
" => "a.py -> one
a.py -> run
run -> one
run -> three
run -> two";

    unpacking_follows_positions: "//- /a.py
def one(): pass
def two(): pass
def three(): pass
def pair(): return one, two
left, right = pair()
left()
def rest():
    head, *tail = [one, two, three]
    tail[1]()
    tail[0]()
def swapped():
    a, b = one, two
    a, b = b, a
    a()
" => "a.py -> one
a.py -> pair
rest -> three
rest -> two
swapped -> two";

    generators_give_what_they_yield: "//- /a.py
def one(): pass
def two(): pass
def inner(): yield one
def outer():
    yield two
    yield from inner()
def all():
    for f in outer(): f()
def first():
    next(inner())()
def lazy():
    for f in (g for g in [two]): f()
" => "all -> one
all -> outer
all -> two
first -> inner
first -> one
lazy -> two
outer -> inner";

    iteration_calls_the_protocol: "//- /a.py
def work(): pass
class Queue:
    def __iter__(self): return Cursor()
class Cursor:
    def __next__(self): return work
def drain(queue):
    for item in queue: item()
def never(queue): pass
drain(Queue())
never(Queue())
" => "Queue.__iter__ -> Cursor
a.py -> Queue
a.py -> drain
a.py -> never
drain -> Cursor.__next__
drain -> Queue.__iter__
drain -> work";

    a_decorator_is_called_and_may_replace: "//- /a.py
import functools
from elsewhere import foreign
def plain(f): return f
def wrapping(f):
    def shell(): f()
    return shell
def standing(f):
    @functools.wraps(f)
    def shell(): f()
    return shell
@plain
def kept(): pass
@wrapping
def replaced(): pass
@standing
def stood_for(): pass
@foreign
def outside(): pass
def use():
    kept()
    replaced()
    stood_for()
    outside()
" => "a.py -> plain
a.py -> standing
a.py -> wrapping
standing.shell -> stood_for
use -> kept
use -> outside
use -> stood_for
use -> wrapping.shell
wrapping.shell -> replaced";

    functions_of_the_language_call_back: "//- /a.py
from functools import partial
def key(x): pass
def test(x): pass
def hand(a, b): b()
def last(): pass
class Shop:
    def open(self): pass
def use(items):
    sorted(items, key=key)
    list(filter(test, items))
    partial(hand, 1)(last)
    getattr(Shop(), 'open')()
    getattr(Shop(), items)()
" => "hand -> last
use -> Shop
use -> Shop.open
use -> hand
use -> key
use -> test";

    fields_hold_functions_and_objects: "//- /a.py
class Engine:
    def start(self): pass
class Car:
    def __init__(self, engine, on_stop):
        self.engine = engine
        self.on_stop = on_stop
    def drive(self): self.engine.start()
    def stop(self): self.on_stop()
def parked(): pass
Car(Engine(), parked).drive()
" => "Car.drive -> Engine.start
Car.stop -> parked
a.py -> Car.__init__
a.py -> Car.drive
a.py -> Engine";

    a_raised_class_is_made_and_a_raised_value_is_not: "//- /a.py
class Broken(Exception):
    def __init__(self): pass
    def __call__(self): pass
def fail(): raise Broken
def again(error): raise error
again(Broken())
" => "a.py -> Broken.__init__
a.py -> again
fail -> Broken.__init__";

    shadowing_and_decoys_attract_nothing: "//- /a.py
def target(): pass
def run(f): f()
def shadowed(target): target()
def local():
    target = 3
    run(target)
    [target() for target in unknown()]
class Other:
    def target(self): pass
def global_one():
    global hook
    hook = target
def later(): hook()
//- /b.py
def target(): pass
def run(f): f()
" => "later -> target
local -> run";

    functions_cross_files: "//- /a.py
import b
from b import registry as known, run
def mine(): pass
run(mine)
known['x'] = mine
b.fire()
//- /b.py
registry = {}
def run(callback): callback()
def fire(): registry['x']()
" => "a.py -> b.py#fire
a.py -> b.py#run
b.py#fire -> mine
b.py#run -> mine";

    what_calls_itself_through_values_ends: "//- /a.py
from functools import partial
def loop(f): return loop(f)(f)
loop(loop)
p = partial(partial, partial)
p(p)(p)
m = map
m(m, m)
x = [x]
x[0][0]()
" => "a.py -> loop
loop -> loop";
}
