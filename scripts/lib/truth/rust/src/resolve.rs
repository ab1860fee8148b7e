//! Joins the compiler's bodies with the source's definitions.

use std::collections::{BTreeMap, BTreeSet};

use crate::bodies::{Bodies, Site, Span, What, definition_path};
use crate::neutral::{Dynamic, Edge, Neutral, Place};
use crate::syntax::{Impl, Optional, Point, Source};
use crate::types::{self, Head};

/// Where a call leads.
enum Target {
    Known(Place),
    Among { reason: &'static str, declared: Option<Place>, candidates: Vec<Place> },
    Unknown(&'static str),
    Outside,
}

/// A body of the source, by its path in the crate.
struct Body {
    place: Place,
    of_trait: Option<String>,
}

struct Resolver {
    source: Source,
    bodies: BTreeMap<String, Body>,
    /// The names of the crates that are called.
    crates: BTreeSet<String>,
    told: Neutral,
}

pub fn resolve(source: Source, bodies: Bodies) -> Neutral {
    let found = find_bodies(&source, &bodies.starts);
    let crates = bodies.sites.iter().filter_map(|site| match &site.what {
        What::Call(called) => other_crate(called).map(str::to_owned),
        What::Construct(..) => None,
    });
    let mut resolver = Resolver { told: Neutral::default(), bodies: found, crates: crates.collect(), source };
    for site in &bodies.sites {
        resolver.site(site);
    }
    resolver.expansions();
    resolver.told.unjudged = resolver.unjudged(&bodies.starts);
    resolver.optional(&bodies.sites);
    resolver.told.files = resolver.source.files;
    resolver.told.definitions = resolver.source.definitions;
    resolver.told
}

/// The crate of `FnDef(DefId(2:34 ~ core[hash]::..), ..)`.
fn other_crate(called: &str) -> Option<&str> {
    let definition = called.strip_prefix("FnDef(DefId(")?;
    let (number, name) = definition.split_once(" ~ ")?;
    if number.starts_with("0:") { None } else { name.split('[').next() }
}

/// Finds the function of each body by where its block begins.
fn find_bodies(source: &Source, starts: &BTreeMap<String, Span>) -> BTreeMap<String, Body> {
    let mut by_start = BTreeMap::new();
    for (path, functions) in &source.functions {
        for function in functions {
            by_start.insert((path.as_str(), function.body.0), function);
        }
    }
    let mut found = BTreeMap::new();
    for (path, span) in starts {
        let at = (span.start.path.as_str(), (span.start.line, span.start.column));
        if let (Some(function), false) = (by_start.get(&at), path.ends_with('}')) {
            let body = Body { place: function.place.clone(), of_trait: function.of_trait.clone() };
            found.insert(path.clone(), body);
        }
    }
    found
}

impl Resolver {
    fn site(&mut self, site: &Site) {
        let Some(caller) = self.caller(site) else { return };
        let line = if site.span.is_written { site.span.start.line } else { 0 };
        match &site.what {
            What::Construct(path, variant) => self.construct(caller, path, *variant, line),
            What::Call(called) => {
                let target = self.target(called);
                self.tell(caller, target, line);
            }
        }
    }

    /// The function around a site; for one that a macro wrote, that of the body it was written into.
    fn caller(&self, site: &Site) -> Option<Place> {
        let at = &site.span.start;
        if site.span.is_written {
            return self.around(&at.path, (at.line, at.column));
        }
        let mut path = site.body.as_str();
        while !path.is_empty() {
            if let Some(body) = self.bodies.get(path) {
                return Some(body.place.clone());
            }
            path = types::parent(path);
        }
        None
    }

    fn around(&self, path: &str, at: Point) -> Option<Place> {
        let functions = self.source.functions.get(path)?;
        let around = functions.iter().filter(|function| function.body.0 <= at && at <= function.body.1);
        let innermost = around.max_by_key(|function| function.body.0);
        Some(innermost.map_or_else(|| Place(path.to_owned(), 0), |function| function.place.clone()))
    }

    fn tell(&mut self, caller: Place, target: Target, line: usize) {
        match target {
            Target::Outside => {}
            Target::Known(callee) if line > 0 => self.told.edges.push(Edge { caller, callee, line }),
            Target::Known(callee) => self.dynamic(caller, line, "macro", None, Some(vec![callee])),
            Target::Among { reason, declared, candidates } => {
                self.dynamic(caller, line, reason, declared, Some(candidates));
            }
            Target::Unknown(reason) if line > 0 => self.dynamic(caller, line, reason, None, None),
            Target::Unknown(_) => {}
        }
    }

    fn dynamic(
        &mut self,
        caller: Place,
        line: usize,
        reason: &'static str,
        declared: Option<Place>,
        candidates: Option<Vec<Place>>,
    ) {
        self.told.dynamic.push(Dynamic { caller, line, reason, declared, candidates });
    }

    fn construct(&mut self, caller: Place, path: &str, variant: usize, line: usize) {
        let name = types::last_segment(path);
        let of_type = self.source.types.get(name).into_iter().flatten();
        let of_variant =
            self.source.variants.get(name).into_iter().flatten().filter_map(|all| all.get(variant));
        for made in of_type.chain(of_variant) {
            self.told.constructs.push(Edge { caller: caller.clone(), callee: made.clone(), line });
        }
    }

    /// Uses of the folder's macros; of macros with one name, each is told.
    fn expansions(&mut self) {
        for used in std::mem::take(&mut self.source.expansions) {
            let Some(caller) = self.around(&used.path, used.at) else { continue };
            let Some(macros) = self.source.macros.get(&used.name) else { continue };
            for callee in macros {
                let edge = Edge { caller: caller.clone(), callee: callee.clone(), line: used.at.0 };
                self.told.expansions.push(edge);
            }
            // A macro may drop what it is given, as those do that stand for a `cfg`.
            self.source.optional.push(Optional { path: used.path, lines: (used.at.0, used.end_line) });
        }
    }

    /// Lines under a `cfg` of their own from which nothing was compiled: of them the compiler knows nothing.
    fn optional(&mut self, sites: &[Site]) {
        let starts = sites.iter().map(|site| (site.span.start.path.as_str(), site.span.start.line));
        let compiled: BTreeSet<(&str, usize)> = starts.collect();
        let mut silent = BTreeSet::new();
        for part in std::mem::take(&mut self.source.optional) {
            let mut lines = part.lines.0..=part.lines.1;
            if !lines.clone().any(|line| compiled.contains(&(part.path.as_str(), line))) {
                silent.extend(lines.by_ref().map(|line| (part.path.clone(), line)));
            }
        }
        for (path, line) in silent {
            if let Some(caller) =
                self.around(&path, (line, 1)).filter(|caller| !self.told.unjudged.contains(caller))
            {
                self.dynamic(caller, line, "cfg", None, None);
            }
        }
    }

    fn target(&self, called: &str) -> Target {
        let path = called.strip_prefix("FnDef(").and_then(definition_path);
        let Some(path) = path else { return Target::Unknown("value") };
        let (name, owner) = (types::last_segment(path), types::last_segment(types::parent(path)));
        if !called.starts_with("FnDef(DefId(0:") {
            return match owner {
                "Fn" | "FnMut" | "FnOnce" if name.starts_with("call") => Target::Unknown("value"),
                _ => self.dispatch(owner, name, None, called),
            };
        }
        match self.bodies.get(path) {
            Some(Body { place, of_trait: Some(owner) }) => self.dispatch(owner, name, Some(place), called),
            Some(body) => Target::Known(body.place.clone()),
            None => self.without_body(owner, name, called),
        }
    }

    fn without_body(&self, owner: &str, name: &str, called: &str) -> Target {
        let declared = self.source.trait_methods.get(&(owner.to_owned(), name.to_owned()));
        if let Some(declared) = declared {
            return self.dispatch(owner, name, declared.first(), called);
        }
        match self.source.foreign.get(name).map(Vec::as_slice) {
            Some([place]) => Target::Known(place.clone()),
            _ => Target::Unknown("generated"),
        }
    }

    /// Chooses the impl of a trait's method by the type it is called on.
    fn dispatch(&self, of_trait: &str, name: &str, declared: Option<&Place>, called: &str) -> Target {
        let impls: Vec<&Impl> = self.source.impls.iter().filter(|found| found.of_trait == of_trait).collect();
        if impls.is_empty() && declared.is_none() {
            return Target::Outside;
        }
        let arguments = types::arguments(called);
        let on = arguments.first().map_or("?", String::as_str);
        let mut exact: Vec<&Impl> = impls.iter().copied().filter(|found| found.of_type == on).collect();
        if exact.len() > 1 {
            exact.retain(|found| fits(&found.arguments, &arguments[1..]));
        }
        if is_open(on) {
            return among("dispatch", name, declared, &impls);
        }
        if self.is_namesake(called, on) {
            return among("impl", name, declared, &impls);
        }
        match exact.as_slice() {
            [one] => match one.methods.get(name).or(declared) {
                Some(place) => Target::Known(place.clone()),
                None => Target::Outside,
            },
            [] if declared.is_none() && !impls.iter().any(|found| is_open(&found.of_type)) => Target::Outside,
            [] => among("impl", name, declared, &impls),
            several => among("impl", name, declared, several),
        }
    }

    /// Whether the type is another crate's, while the source has one of the same name that an impl may mean.
    fn is_namesake(&self, called: &str, head: &str) -> bool {
        let name = head.trim_start_matches('&').trim_start_matches("mut ");
        let path = types::path_called_on(called);
        self.source.types.contains_key(name)
            && path.split_once("::").is_some_and(|(first, _)| self.crates.contains(first) || first == "std")
    }

    /// Functions of the source that no body was compiled of, and the top level of files without any.
    fn unjudged(&self, starts: &BTreeMap<String, Span>) -> Vec<Place> {
        let compiled: BTreeSet<&Place> = self.bodies.values().map(|body| &body.place).collect();
        let files: BTreeSet<&str> = starts.values().map(|span| span.start.path.as_str()).collect();
        let mut unjudged = Vec::new();
        for (path, functions) in &self.source.functions {
            if !files.contains(path.as_str()) {
                unjudged.push(Place(path.clone(), 0));
            }
            let places = functions.iter().map(|function| &function.place);
            unjudged.extend(places.filter(|place| !compiled.contains(place)).cloned());
        }
        unjudged
    }
}

/// Whether only the program's run, or the caller's caller, tells the type.
fn is_open(head: &str) -> bool {
    head.ends_with('*') || head.ends_with('?')
}

fn fits(written: &[Head], printed: &[Head]) -> bool {
    written
        .iter()
        .zip(printed)
        .all(|(written, printed)| written == printed || is_open(written) || is_open(printed))
}

fn among(reason: &'static str, name: &str, declared: Option<&Place>, impls: &[&Impl]) -> Target {
    let mut candidates: BTreeSet<Place> =
        impls.iter().filter_map(|found| found.methods.get(name)).cloned().collect();
    candidates.extend(declared.cloned());
    if candidates.is_empty() {
        return Target::Outside;
    }
    Target::Among { reason, declared: declared.cloned(), candidates: candidates.into_iter().collect() }
}
