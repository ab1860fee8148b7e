//! Reads the compiler's typed trees, line by line: they are gigabytes for a large crate.

use std::collections::BTreeMap;
use std::io::BufRead;

/// Where something begins, as the compiler prints it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub path: String,
    pub line: usize,
    pub column: usize,
}

/// A printed span; one that a macro or a desugaring wrote is not in the caller's text.
#[derive(Debug, Clone)]
pub struct Span {
    pub start: Position,
    pub is_written: bool,
}

#[derive(Debug)]
pub enum What {
    /// The type of what is called.
    Call(String),
    /// The path of the struct, or of the enum and the number of the variant.
    Construct(String, usize),
}

#[derive(Debug)]
pub struct Site {
    /// Path of the body that the site is in.
    pub body: String,
    pub span: Span,
    pub what: What,
}

#[derive(Debug, Default)]
pub struct Bodies {
    /// By path, where the body's outermost expression begins.
    pub starts: BTreeMap<String, Span>,
    pub sites: Vec<Site>,
}

/// What the lines to come belong to.
#[derive(Default)]
struct Reader {
    told: Bodies,
    body: String,
    /// Not yet at the body's own expression: an arm of a `match` has a line `body:` too.
    is_ahead: bool,
    awaits_start: bool,
    last_span: Option<Span>,
    call: Option<(String, bool)>,
    construct: Option<String>,
}

pub fn read(mut tree: impl BufRead) -> std::io::Result<Bodies> {
    let mut reader = Reader::default();
    let mut line = Vec::new();
    while tree.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        if text.starts_with("DefId(") {
            reader.begin(text.trim_end());
        } else {
            reader.line(text.trim());
        }
        line.clear();
    }
    Ok(reader.told)
}

impl Reader {
    fn begin(&mut self, line: &str) {
        self.body = definition_path(line).unwrap_or_default().to_owned();
        self.is_ahead = true;
        self.awaits_start = false;
        self.call = None;
        self.construct = None;
    }

    fn line(&mut self, line: &str) {
        if line == "body:" {
            self.awaits_start = std::mem::take(&mut self.is_ahead);
        } else if line == "Call {" {
            self.call = Some((String::new(), false));
        } else if line == "Adt {" {
            self.construct = Some(String::new());
        } else if let Some(span) = line.strip_prefix("span: ") {
            self.span(span);
        } else if let Some(called) = line.strip_prefix("ty: ") {
            self.called(called);
        } else if let Some(written) = line.strip_prefix("from_hir_call: ") {
            if let Some(call) = &mut self.call {
                call.1 = written == "true";
            }
        } else if let Some(span) = line.strip_prefix("fn_span: ") {
            self.end_call(span);
        } else if let Some(definition) = line.strip_prefix("did: ") {
            self.made(definition);
        } else if let Some(variant) = line.strip_prefix("variant_index: ") {
            self.end_construct(variant);
        }
    }

    fn span(&mut self, text: &str) {
        self.last_span = parse_span(text);
        if self.awaits_start
            && let Some(span) = &self.last_span
        {
            self.told.starts.insert(self.body.clone(), span.clone());
            self.awaits_start = false;
        }
    }

    fn called(&mut self, called: &str) {
        if let Some((of_call, _)) = &mut self.call
            && of_call.is_empty()
        {
            called.clone_into(of_call);
        }
    }

    fn end_call(&mut self, span: &str) {
        if let (Some((called, true)), Some(span)) = (self.call.take(), parse_span(span)) {
            self.told.sites.push(Site { body: self.body.clone(), span, what: What::Call(called) });
        }
    }

    fn made(&mut self, definition: &str) {
        if let (Some(made), Some(path)) = (&mut self.construct, definition_path(definition)) {
            if definition.starts_with("DefId(0:") {
                path.clone_into(made);
            } else {
                self.construct = None;
            }
        }
    }

    fn end_construct(&mut self, variant: &str) {
        let (Some(made), Some(span)) = (self.construct.take(), self.last_span.clone()) else { return };
        if let (Ok(variant), false) = (variant.parse(), made.is_empty()) {
            self.told.sites.push(Site {
                body: self.body.clone(),
                span,
                what: What::Construct(made, variant),
            });
        }
    }
}

/// The path of `DefId(0:12 ~ name[hash]::module::item)`, without the crate.
pub fn definition_path(text: &str) -> Option<&str> {
    let (_, path) = text.split_once(" ~ ")?;
    let path = &path[..path.find(')')?];
    Some(path.split_once("]::").map_or("", |(_, below)| below))
}

/// Reads `src/lib.rs:3:5: 4:10 (#0)`.
fn parse_span(text: &str) -> Option<Span> {
    let (place, context) = text.trim().rsplit_once(" (#")?;
    let (start, _end) = place.rsplit_once(": ")?;
    let mut parts = start.rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    let path = parts.next()?.to_owned();
    Some(Span { start: Position { path, line, column }, is_written: context == "0)" })
}
