//! What of a pack is searched, made once and kept in the cache.

use docpack::records::{Graph, Nodes, Overviews, SourceMap, Symbol};
use docpack::{ByteRange, ReadError, entries};
use search::bytes::{Reader, Writer};
use search::{Document, Index, Kind, Owner, Records, compared_text, each_document, owners};
use serde::{Deserialize, Serialize};

use super::cache::{self, Cache};
use super::pack::InputPack;

const WHAT: &str = "search";
/// The entries that the documents are made of.
const NEEDED: [&str; 7] = [
    entries::NODES,
    entries::SOURCE_MAP,
    entries::GRAPH,
    entries::OVERVIEWS,
    entries::SOURCE_INDEX,
    // Rows of `embeddings.bin` are in another order than chunks.
    entries::EMBEDDINGS_INDEX,
    entries::EMBEDDINGS,
];

/// An index of a pack, and what is shown of its documents.
pub(super) struct Searchable {
    pub(super) index: Index,
    /// Whose the rows of the pack's vectors are.
    pub(super) owners: Vec<Owner>,
    n_symbols: usize,
    roles: Vec<String>,
    documents: Vec<Kept>,
}

/// One document: its role by place, and [`Shown`] as JSON, of which an answer needs a few.
struct Kept {
    role: u32,
    shown: Box<str>,
}

/// What an answer says of one document.
#[derive(Serialize, Deserialize)]
pub(super) struct Shown {
    pub(super) kind: Kind,
    pub(super) id: String,
    pub(super) qualified_name: String,
    pub(super) path: String,
    /// Of a symbol; files and folders have none.
    pub(super) line: Option<u32>,
    /// Of a symbol, in its file.
    pub(super) bytes: Option<ByteRange>,
    pub(super) symbol_kind: String,
    pub(super) words: String,
}

impl Searchable {
    /// Takes the index from the cache, or makes it and keeps it there.
    pub(super) fn of(pack: &mut InputPack, cache: Option<&Cache>) -> Result<Self, ReadError> {
        let name = cache::name(pack.manifest_digest(), WHAT);
        if let Some(found) = cache.and_then(|cache| cache.read(&name, Self::read)) {
            return Ok(found);
        }
        let made = Self::made(pack)?;
        if let Some(cache) = cache {
            cache.keep(&name, |out| made.write(out));
        }
        Ok(made)
    }

    fn made(pack: &mut InputPack) -> Result<Self, ReadError> {
        let missing = |entry: &str| ReadError::EntryMissing { entry: entry.to_owned() };
        let found = pack.records(&NEEDED)?;
        let nodes: Nodes = found.nodes.ok_or_else(|| missing(entries::NODES))?;
        let source_map: SourceMap = found.source_map.ok_or_else(|| missing(entries::SOURCE_MAP))?;
        let graph: Graph = found.graph.ok_or_else(|| missing(entries::GRAPH))?;
        let overviews: Overviews = found.overviews.ok_or_else(|| missing(entries::OVERVIEWS))?;
        let mut made = Self {
            index: Index::default(),
            owners: owners(&nodes, &source_map, found.embeddings.as_ref()),
            n_symbols: nodes.symbols.len(),
            roles: Vec::new(),
            documents: Vec::new(),
        };
        let records = Records {
            nodes: &nodes,
            source_map: &source_map,
            graph: &graph,
            overviews: &overviews,
            source: found.source.as_ref(),
        };
        let mut unwritable = None;
        each_document(records, &mut |document| {
            let symbol = nodes.symbols.get(made.documents.len());
            if let Err(error) = made.add(document, symbol) {
                unwritable.get_or_insert(error);
            }
        });
        let failed = |error: serde_json::Error| ReadError::JsonMalformed {
            entry: entries::NODES.to_owned(),
            detail: error.to_string(),
        };
        unwritable.map_or(Ok(made), |error| Err(failed(error)))
    }

    fn add(&mut self, document: &Document<'_>, symbol: Option<&Symbol>) -> Result<(), serde_json::Error> {
        self.index.add(document);
        let shown = Shown {
            kind: document.kind,
            id: document.id.to_string(),
            qualified_name: document.qualified_name.to_string(),
            path: document.path.to_string(),
            line: symbol.map(|symbol| symbol.line_range.start),
            bytes: symbol.map(|symbol| symbol.byte_range),
            symbol_kind: document.symbol_kind.to_string(),
            words: if document.summary.is_empty() { &document.documentation } else { &document.summary }
                .to_string(),
        };
        let role = match self.roles.iter().position(|role| *role == document.role) {
            Some(role) => role,
            None => {
                self.roles.push(document.role.to_string());
                self.roles.len() - 1
            }
        };
        self.documents.push(Kept { role: role as u32, shown: serde_json::to_string(&shown)?.into() });
        Ok(())
    }

    /// Returns the number of documents.
    pub(super) fn len(&self) -> usize {
        self.documents.len()
    }

    /// Returns the number of symbols, which come first.
    pub(super) fn n_symbols(&self) -> usize {
        self.n_symbols
    }

    /// Tells whether any document has this role.
    pub(super) fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|known| known == role)
    }

    /// Returns what a document is for.
    pub(super) fn role(&self, place: u32) -> &str {
        let role = self.documents.get(place as usize).and_then(|it| self.roles.get(it.role as usize));
        role.map_or("", String::as_str)
    }

    /// Returns what an answer says of a document.
    pub(super) fn shown(&self, place: u32) -> Option<Shown> {
        serde_json::from_str(&self.documents.get(place as usize)?.shown).ok()
    }

    /// Writes what a model reads of symbols; of a pack without text, what is said of them.
    pub(super) fn texts(&self, pack: &mut InputPack, symbols: &[u32]) -> Result<Vec<String>, ReadError> {
        let source = pack.records(&[entries::SOURCE_INDEX])?.source;
        let text = |symbol: &u32| {
            let Some(it) = self.shown(*symbol) else { return String::new() };
            let file = source.as_ref().and_then(|source| source.get(&it.path));
            let own = it.bytes.and_then(|range| file?.get(range.start as usize..range.end as usize));
            compared_text(&it.path, &it.qualified_name, own.unwrap_or(&it.words))
        };
        Ok(symbols.iter().map(text).collect())
    }

    fn write(&self, out: &mut Writer) {
        self.index.write(out);
        out.list(self.owners.iter(), |out, owner| {
            out.number(owner.row.into());
            out.number(owner.symbol.into());
        });
        out.number(self.n_symbols as u64);
        out.list(self.roles.iter(), |out, role| out.text(role));
        out.list(self.documents.iter(), |out, it| {
            out.number(it.role.into());
            out.text(&it.shown);
        });
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let index = Index::read(input)?;
        let owners = input.list(|input| Some(Owner { row: input.small()?, symbol: input.small()? }))?;
        let n_symbols = input.small()? as usize;
        let roles = input.list(|input| input.text().map(str::to_owned))?;
        let documents = input
            .list(|input| Some(Kept { role: input.below(roles.len())?, shown: input.text()?.into() }))?;
        (documents.len() == index.len()).then_some(Self { index, owners, n_symbols, roles, documents })
    }
}
