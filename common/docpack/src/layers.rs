//! Which field belongs to which layer, and the digests that follow from it.
//!
//! The table below is the only place that says so. Writer and verifier both call [`LayerHasher`] on the
//! entries' bytes, so fields that a later version adds are counted too: they belong to their member's
//! own layer until this table says otherwise.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::entries::{self, part_of};
use crate::scan::{Cursor, ScanError};

/// How far a part of the pack can be trusted to come out equal again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    /// Equal on every machine.
    Facts,
    /// Equal on one kind of machine, within a tolerance elsewhere.
    Semantics,
    /// Equal given the same replies of a model.
    Prose,
}

impl Layer {
    pub(crate) const ALL: [Self; 3] = [Self::Facts, Self::Semantics, Self::Prose];

    /// Returns the layer's name as schemas and messages use it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Semantics => "semantics",
            Self::Prose => "prose",
        }
    }
}

/// How the members of one entry divide among the layers.
pub(crate) struct EntryLayers {
    pub(crate) entry: &'static str,
    /// Holds every member that `members` does not name.
    pub(crate) layer: Layer,
    pub(crate) members: &'static [MemberLayers],
}

/// A top-level member that is not, or not wholly, of its entry's layer.
pub(crate) struct MemberLayers {
    pub(crate) member: &'static str,
    pub(crate) layer: Layer,
    /// Fields of the member, or of each of its elements, that are of another layer.
    pub(crate) fields: &'static [(&'static str, Layer)],
    /// The field that names an element; it goes with the element into every layer.
    pub(crate) identity: Option<&'static str>,
    /// Elements that are of another layer as a whole: by this field, with this value.
    pub(crate) elements: Option<(&'static str, &'static str, Layer)>,
}

const fn member(member: &'static str, layer: Layer) -> MemberLayers {
    MemberLayers { member, layer, fields: &[], identity: None, elements: None }
}

pub(crate) const LAYERS: &[EntryLayers] = &[
    EntryLayers { entry: entries::LAYOUT, layer: Layer::Semantics, members: &[] },
    EntryLayers {
        entry: entries::QUALITY,
        layer: Layer::Facts,
        members: &[member("neighbour_search", Layer::Semantics), member("summaries", Layer::Prose)],
    },
    EntryLayers { entry: entries::CLUSTERS, layer: Layer::Semantics, members: &[] },
    EntryLayers { entry: entries::OVERVIEWS, layer: Layer::Prose, members: &[] },
    EntryLayers { entry: entries::SOURCE_MAP, layer: Layer::Facts, members: &[] },
    EntryLayers {
        entry: entries::NODES,
        layer: Layer::Facts,
        members: &[MemberLayers {
            fields: &[
                ("centrality", Layer::Semantics),
                ("cluster_id", Layer::Semantics),
                ("documentation", Layer::Prose),
            ],
            identity: Some("id"),
            ..member("symbols", Layer::Facts)
        }],
    },
    EntryLayers {
        entry: entries::GRAPH,
        layer: Layer::Facts,
        members: &[
            MemberLayers {
                elements: Some(("kind", "related", Layer::Semantics)),
                ..member("edges", Layer::Facts)
            },
            MemberLayers { fields: &[("modularity", Layer::Semantics)], ..member("metrics", Layer::Facts) },
        ],
    },
    EntryLayers { entry: entries::BODIES, layer: Layer::Facts, members: &[] },
    EntryLayers { entry: entries::TOUR, layer: Layer::Facts, members: &[] },
    EntryLayers { entry: entries::INSIGHTS, layer: Layer::Facts, members: &[member("words", Layer::Prose)] },
    EntryLayers { entry: entries::SYMBOL_CONTEXTS, layer: Layer::Prose, members: &[] },
    EntryLayers { entry: entries::EMBEDDINGS_INDEX, layer: Layer::Semantics, members: &[] },
];

/// Entries of bytes, not of JSON; all of them belong to [`BYTES_LAYER`].
pub(crate) const BYTES: [&str; 2] = [entries::EMBEDDINGS, entries::VECTORS];
pub(crate) const BYTES_LAYER: Layer = Layer::Semantics;

/// The digests of the three layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LayerDigests {
    pub(crate) facts: Digest,
    pub(crate) semantics: Digest,
    pub(crate) prose: Digest,
}

/// Takes entries in archive order, parts included, and gives the layers' digests.
#[derive(Default)]
pub(crate) struct LayerHasher {
    /// One per (entry, member), in order of first sight.
    streams: Vec<Stream>,
    /// Where each stream is, by its name; a pack may hold any number of unknown members.
    places: HashMap<String, usize>,
    scratch: [Vec<u8>; 3],
}

/// The projections of one member of one entry, over all parts of the entry.
struct Stream {
    name: String,
    hashers: [Option<Sha256>; 3],
}

impl Stream {
    fn place(&self) -> ((usize, usize, &str), &str) {
        let (entry, member) = self.name.split_once('#').unwrap_or((&self.name, ""));
        (entries::place(entry), member)
    }
}

impl LayerHasher {
    /// Adds one part of an entry; entries outside the table belong to no layer.
    pub(crate) fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), ScanError> {
        if BYTES.contains(&path) {
            self.line(path, BYTES_LAYER, bytes);
            return Ok(());
        }
        let entry = part_of(path).entry;
        let Some(layers) = LAYERS.iter().find(|layers| layers.entry == entry) else { return Ok(()) };
        let mut cursor = Cursor::new(bytes);
        cursor.expect(b'{')?;
        let mut previous = None;
        while let Some(key) = cursor.next_key(previous)? {
            self.member(layers, key, &mut cursor)?;
            previous = Some(key);
        }
        cursor.finish()
    }

    /// Gives the digests over the lines `<digest>  <entry>#<member>`.
    pub(crate) fn finish(mut self) -> LayerDigests {
        // By place, not by first sight: where an entry is cut into parts must not show.
        self.streams.sort_by(|a, b| a.place().cmp(&b.place()));
        let mut lines = [String::new(), String::new(), String::new()];
        for stream in self.streams {
            for (hasher, lines) in stream.hashers.into_iter().zip(&mut lines) {
                if let Some(hasher) = hasher {
                    let digest = Digest(hasher.finalize().into()).hex();
                    lines.push_str(&format!("{digest}  {}\n", stream.name));
                }
            }
        }
        let [facts, semantics, prose] = lines.map(|lines| Digest::of(lines.as_bytes()));
        LayerDigests { facts, semantics, prose }
    }

    fn member(&mut self, entry: &EntryLayers, key: &[u8], cursor: &mut Cursor<'_>) -> Result<(), ScanError> {
        let name = format!("{}#{}", entry.entry, String::from_utf8_lossy(key));
        let rule = entry.members.iter().find(|rule| rule.member.as_bytes() == key);
        let whole = MemberLayers { member: "", layer: entry.layer, ..member("", entry.layer) };
        let rule = rule.unwrap_or(&whole);
        if cursor.peek() != Some(b'[') {
            return self.element(&name, rule, cursor);
        }
        cursor.expect(b'[')?;
        let mut n_read = 0;
        while cursor.next_element(n_read)? {
            self.element(&name, rule, cursor)?;
            n_read += 1;
        }
        Ok(())
    }

    fn element(&mut self, name: &str, rule: &MemberLayers, cursor: &mut Cursor<'_>) -> Result<(), ScanError> {
        if cursor.peek() != Some(b'{') || (rule.fields.is_empty() && rule.elements.is_none()) {
            let value = cursor.value()?;
            self.line(name, rule.layer, value);
            return Ok(());
        }
        if let Some((field, value, layer)) = rule.elements {
            let element = cursor.value()?;
            let is_other = has_field(element, field, value)?;
            self.line(name, if is_other { layer } else { rule.layer }, element);
            return Ok(());
        }
        self.divided(name, rule, cursor)
    }

    /// Divides one object's fields among the layers; a layer that gets only the identity gets nothing.
    fn divided(&mut self, name: &str, rule: &MemberLayers, cursor: &mut Cursor<'_>) -> Result<(), ScanError> {
        let mut projections = std::mem::take(&mut self.scratch);
        let mut n_own = [0_usize; 3];
        projections.iter_mut().for_each(Vec::clear);
        cursor.expect(b'{')?;
        let mut previous = None;
        while let Some(key) = cursor.next_key(previous)? {
            previous = Some(key);
            let value = cursor.value()?;
            let is_identity = rule.identity.is_some_and(|identity| identity.as_bytes() == key);
            let other = rule.fields.iter().find(|(field, _)| field.as_bytes() == key);
            let layer = other.map_or(rule.layer, |(_, layer)| *layer);
            for (at, projection) in projections.iter_mut().enumerate() {
                if is_identity || at == layer as usize {
                    projection.push(if projection.is_empty() { b'{' } else { b',' });
                    projection.push(b'"');
                    projection.extend_from_slice(key);
                    projection.extend_from_slice(b"\":");
                    projection.extend_from_slice(value);
                    n_own[at] += usize::from(!is_identity);
                }
            }
        }
        for ((layer, projection), n_own) in Layer::ALL.into_iter().zip(&mut projections).zip(n_own) {
            if n_own > 0 {
                projection.push(b'}');
                self.line(name, layer, projection);
            }
        }
        self.scratch = projections;
        Ok(())
    }

    /// Adds one value and a line feed to the member's stream in this layer.
    fn line(&mut self, name: &str, layer: Layer, value: &[u8]) {
        let at = self.stream(name);
        let hasher = self.streams[at].hashers[layer as usize].get_or_insert_with(Sha256::new);
        hasher.update(value);
        hasher.update(b"\n");
    }

    fn stream(&mut self, name: &str) -> usize {
        let newest = self.streams.len().wrapping_sub(1);
        if self.streams.last().is_some_and(|stream| stream.name == name) {
            return newest;
        }
        if let Some(at) = self.places.get(name) {
            return *at;
        }
        self.streams.push(Stream { name: name.to_owned(), hashers: [None, None, None] });
        self.places.insert(name.to_owned(), self.streams.len() - 1);
        self.streams.len() - 1
    }
}

/// Tells whether the object `element` has the string `value` at `field`.
fn has_field(element: &[u8], field: &str, value: &str) -> Result<bool, ScanError> {
    let mut cursor = Cursor::new(element);
    cursor.expect(b'{')?;
    let mut previous = None;
    while let Some(key) = cursor.next_key(previous)? {
        previous = Some(key);
        let found = cursor.value()?;
        if key == field.as_bytes() {
            return Ok(
                found.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) == Some(value.as_bytes())
            );
        }
    }
    Ok(false)
}

/// Computes `docpack_id`: over the canonical manifest without `docpack_id` and `checksum.value`.
pub(crate) fn docpack_id(manifest: &[u8]) -> Result<Digest, ScanError> {
    let mut rest = Vec::with_capacity(manifest.len());
    let mut cursor = Cursor::new(manifest);
    cursor.expect(b'{')?;
    rest.push(b'{');
    let mut previous = None;
    while let Some(key) = cursor.next_key(previous)? {
        previous = Some(key);
        let value = cursor.value()?;
        match key {
            b"docpack_id" => continue,
            b"checksum" => append_member(&mut rest, key, &without(value, b"value")?),
            _ => append_member(&mut rest, key, value),
        }
    }
    cursor.finish()?;
    rest.push(b'}');
    Ok(Digest::of(&rest))
}

fn without(object: &[u8], dropped: &[u8]) -> Result<Vec<u8>, ScanError> {
    let mut rest = vec![b'{'];
    let mut cursor = Cursor::new(object);
    cursor.expect(b'{')?;
    let mut previous = None;
    while let Some(key) = cursor.next_key(previous)? {
        previous = Some(key);
        let value = cursor.value()?;
        if key != dropped {
            append_member(&mut rest, key, value);
        }
    }
    rest.push(b'}');
    Ok(rest)
}

fn append_member(object: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    if object.len() > 1 {
        object.push(b',');
    }
    object.push(b'"');
    object.extend_from_slice(key);
    object.extend_from_slice(b"\":");
    object.extend_from_slice(value);
}
