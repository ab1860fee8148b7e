//! A small crate, through the compiler and back.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::neutral::{Edge, Neutral, Place};
use crate::{bodies, resolve, walk};

const LIB: &str = r#"
use std::fmt;
mod shape;
macro_rules! square { ($of:expr) => { { helper(); $of * $of } } }
macro_rules! pass { ($($item:item)*) => { $($item)* } }
trait Area {
    fn area(&self) -> u32;
    fn twice(&self) -> u32 { self.area() * 2 }
}
struct Tile(u32);
enum Kind {
    Small { side: u32 },
    None,
}
impl Area for [u8; 1] { fn area(&self) -> u32 { 1 } }
impl Area for [u8; 2] { fn area(&self) -> u32 { 2 } }
impl Area for Tile { fn area(&self) -> u32 { square!(side(self)) } }
impl<T: Area> Area for Vec<T> { fn area(&self) -> u32 { self.iter().map(|one| one.area()).sum() } }
impl fmt::Display for Tile { fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result { to.write_str("tile") } }
fn side(tile: &Tile) -> u32 { tile.0 }
fn helper() {}
fn main() -> Result<(), u32> {
    let tile = Tile(2);
    tile.twice();
    Area::area(&tile);
    vec![Tile(1)].area();
    let any: &dyn Area = &tile;
    any.area();
    [0_u8; 2].area();
    let called = || shape::double(1);
    called();
    let _ = fmt::Display::fmt(&tile, todo!());
    #[cfg(windows)]
    on_windows();
    let _ = (Kind::Small { side: 1 }, Kind::None);
    async fn inner() { helper(); }
    Ok(())
}
#[cfg(windows)]
fn on_windows() {}
pass! { fn passed() { helper(); } }
static START: fn() = helper;
static LONG: u32 = shape::double(3);
#[test]
fn tested() { passed(); }
macro_rules! never { ($($item:item)*) => {} }
never! { static LEFT: u32 = shape::double(4); }
struct Wrapping;
impl Clone for Wrapping { fn clone(&self) -> Self { Wrapping } }
fn copied() { let _ = std::num::Wrapping(1).clone(); }
"#;
const SHAPE: &str = "pub const fn double(of: u32) -> u32 { match of { 0 => 0, _ => 2 + double(of - 1) } }\n";

fn told() -> Neutral {
    let folder =
        std::env::temp_dir().join(format!("truth-{}-{:?}", std::process::id(), std::thread::current().id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("lib.rs"), LIB.trim_start()).unwrap();
    std::fs::write(folder.join("shape.rs"), SHAPE).unwrap();
    let told = compile(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
    told
}

fn compile(folder: &Path) -> Neutral {
    let arguments = [
        "--edition=2021",
        "--crate-type=lib",
        "--test",
        "--cap-lints=allow",
        "-Zunpretty=thir-tree",
        "lib.rs",
    ];
    let mut command = Command::new("rustc");
    command.args(arguments).current_dir(folder).env("RUSTC_BOOTSTRAP", "1").stdout(Stdio::piped());
    let output = command.output().unwrap();
    assert!(output.status.success());
    resolve::resolve(walk::read(folder).unwrap(), bodies::read(output.stdout.as_slice()).unwrap())
}

impl Neutral {
    /// A definition by its name and line, which tells equal names apart.
    fn name(&self, place: &Place) -> String {
        let found = self.definitions.iter().find(|found| found.path == place.0 && found.line == place.1);
        format!("{}:{}", found.map_or("?", |found| &found.name), place.1)
    }

    fn pairs(&self, edges: &[Edge]) -> Vec<String> {
        let pairs =
            edges.iter().map(|edge| format!("{} -> {}", self.name(&edge.caller), self.name(&edge.callee)));
        pairs.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

#[test]
fn what_the_compiler_is_sure_of_is_an_edge() {
    let told = told();
    let wanted = [
        "area:16 -> side:19",
        "double:1 -> double:1",
        "inner:35 -> helper:20",
        "lib:0 -> double:1",
        "main:21 -> area:16",
        "main:21 -> area:17",
        "main:21 -> double:1",
        "main:21 -> fmt:18",
        "main:21 -> twice:7",
        "passed:40 -> helper:20",
        "tested:44 -> passed:40",
    ];
    assert_eq!(told.pairs(&told.edges), wanted);
}

#[test]
fn other_sites_are_told_for_themselves() {
    let told = told();
    let sites = told.dynamic.iter().map(|site| {
        let candidates = site.candidates.iter().flatten().map(|place| told.name(place)).collect::<Vec<_>>();
        format!("{} {} {} [{}]", told.name(&site.caller), site.line, site.reason, candidates.join(" "))
    });
    let wanted = [
        "area:16 0 macro [helper:20]",
        "area:17 17 dispatch [area:6 area:14 area:15 area:16 area:17]",
        "copied:49 49 impl [clone:48]",
        "lib:0 38 cfg []",
        "lib:0 39 cfg []",
        "lib:0 46 cfg []",
        "main:21 27 dispatch [area:6 area:14 area:15 area:16 area:17]",
        "main:21 28 impl [area:6 area:14 area:15]",
        "main:21 30 value []",
        "main:21 32 cfg []",
        "main:21 33 cfg []",
        "twice:7 7 dispatch [area:6 area:14 area:15 area:16 area:17]",
    ];
    assert_eq!(sites.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>(), wanted);
    assert_eq!(told.unjudged, [Place("lib.rs".into(), 39)]);
}

#[test]
fn what_is_made_or_expanded_is_no_call() {
    let told = told();
    let made = told.pairs(&told.constructs);
    assert_eq!(
        made,
        [
            "clone:48 -> Wrapping:47",
            "main:21 -> Kind:10",
            "main:21 -> None:12",
            "main:21 -> Small:11",
            "main:21 -> Tile:9"
        ]
    );
    assert_eq!(told.pairs(&told.expansions), ["area:16 -> square:3", "lib:0 -> never:45", "lib:0 -> pass:4"]);
}
