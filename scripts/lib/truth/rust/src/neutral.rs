//! The form that every oracle writes.

use serde::Serialize;

/// A definition as a path below the folder and the line of its name; line 0 is the file itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place(pub String, pub usize);

#[derive(Debug, Serialize)]
pub struct Definition {
    pub path: String,
    pub line: usize,
    pub end_line: usize,
    pub name: String,
    pub kind: &'static str,
}

#[derive(Debug, Serialize)]
pub struct Edge {
    pub caller: Place,
    pub callee: Place,
    pub line: usize,
}

/// A site whose target is not one function of the source for certain.
#[derive(Debug, Serialize)]
pub struct Dynamic {
    pub caller: Place,
    pub line: usize,
    pub reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<Place>,
    /// Without a list, nothing is known of the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidates: Option<Vec<Place>>,
}

#[derive(Debug, Default, Serialize)]
pub struct Neutral {
    pub files: Vec<String>,
    pub definitions: Vec<Definition>,
    pub edges: Vec<Edge>,
    pub dynamic: Vec<Dynamic>,
    pub constructs: Vec<Edge>,
    pub expansions: Vec<Edge>,
    pub unjudged: Vec<Place>,
}
