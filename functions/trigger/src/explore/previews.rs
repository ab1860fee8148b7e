//! What links to a pack show. It is read from a few entries of the pack, and kept for the next who asks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use docpack::partial;
use docpack::records::{Quality, Tour};
use docpack::{ReadError, ReadLimits, SymbolKind, entries};
use ledger::DocpackRow;
use preview::{Facts, Place, Records, Words};

use crate::app::App;
use crate::explore::members::Pieces;
use crate::explore::packs::Pack;
use crate::failure::Answered;
use crate::once::Once;

/// Words of places that are kept for one pack, of about 500 bytes each; with more, those so far are forgotten.
const MAX_PLACES: usize = 500;
/// Names of symbols in the words of a file.
const MAX_NAMES: usize = 5;
/// Symbols and edges of a pack without a lookup are read whole for one symbol: of larger packs, which only old
/// writers made, every place is described as the pack.
const MAX_WHOLE_BYTES: u64 = 32_000_000;
/// Kinds of symbols that say what a file is for.
const TELLING: [SymbolKind; 9] = [
    SymbolKind::Class,
    SymbolKind::Struct,
    SymbolKind::Enum,
    SymbolKind::Trait,
    SymbolKind::Interface,
    SymbolKind::Union,
    SymbolKind::TypeAlias,
    SymbolKind::Function,
    SymbolKind::Macro,
];

/// What links to one pack show.
pub(crate) struct Previewed {
    pack: Arc<Pack>,
    facts: Facts,
    places: Mutex<HashMap<Place, Words>>,
    picture: Arc<Once<Bytes>>,
}

impl Previewed {
    /// Reads what previews say of a pack as a whole.
    pub(crate) async fn open(app: &App, row: &DocpackRow, pack: Arc<Pack>) -> Answered<Self> {
        let (archive, name) = (pack.archive(app, 0..pack.size_bytes()), row.name.clone());
        let read = move || read_facts(archive, &name).map_err(|error| error.to_string());
        let facts = app.packs().blocking(read).await?;
        Ok(Self { pack, facts, places: Mutex::default(), picture: Arc::default() })
    }

    /// Draws the pack's picture, once.
    pub(crate) async fn picture(self: &Arc<Self>, app: &App) -> Answered<Bytes> {
        let (this, app) = (Arc::clone(self), app.clone());
        let draw = move || async move {
            app.packs().blocking(move || Ok(Bytes::from(preview::picture(&this.facts)))).await
        };
        self.picture.get(draw).await
    }

    /// Describes a place; one that the pack does not have as the pack.
    pub(crate) async fn words(self: &Arc<Self>, app: &App, place: &Place) -> Answered<Words> {
        match place {
            Place::Pack => return Ok(self.facts.pack()),
            Place::Chapter(key) => return Ok(self.facts.chapter(key)),
            Place::Symbol(_) | Place::File(_) => {}
        }
        if let Some(known) = self.places.lock().unwrap_or_else(PoisonError::into_inner).get(place) {
            return Ok(known.clone());
        }
        let archive = self.pack.archive(app, 0..self.pack.size_bytes());
        let (this, place) = (Arc::clone(self), place.clone());
        let read = move || {
            let found = read_words(archive, &this.facts, &place).map_err(|error| error.to_string())?;
            let words = found.unwrap_or_else(|| this.facts.pack());
            this.keep(place, words.clone());
            Ok(words)
        };
        app.packs().blocking(read).await
    }

    fn keep(&self, place: Place, words: Words) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= MAX_PLACES {
            places.clear();
        }
        places.insert(place, words);
    }
}

fn read_facts(archive: Pieces, name: &str) -> Result<Facts, ReadError> {
    let mut pack = partial::Pack::open(archive, ReadLimits::default())?;
    let quality: Quality = pack.record(entries::QUALITY)?;
    let tour: Option<Tour> = pack.records(&[entries::TOUR])?.tour;
    Ok(Facts::of(Records { name, manifest: pack.manifest(), quality: &quality, tour: tour.as_ref() }))
}

/// Describes a symbol or a file; `None` where the pack has no such place.
fn read_words(archive: Pieces, facts: &Facts, place: &Place) -> Result<Option<Words>, ReadError> {
    let mut pack = partial::Pack::open(archive, ReadLimits::default())?;
    if !pack.is_indexed() && whole_bytes(&pack) > MAX_WHOLE_BYTES {
        return Ok(None);
    }
    let rows = pack.symbol_rows()?;
    match place {
        Place::Symbol(id) => {
            let Some(at) = rows.position(*id) else { return Ok(None) };
            Ok(Some(facts.symbol(&pack.symbol(&rows.symbols()[at])?)))
        }
        Place::File(path) => {
            let mut own = rows.symbols().iter().filter(|row| rows.file(row.file) == path);
            let Some(file) = own.next().map(|row| row.file) else { return Ok(None) };
            let telling = TELLING.map(|kind| rows.find_word(kind.as_str()));
            let is_telling = |kind| telling.contains(&Some(kind));
            let central = rows.most_central(MAX_NAMES, |row| row.file == file && is_telling(row.kind));
            let names: Vec<String> = central.iter().map(|row| rows.text(row.name).to_owned()).collect();
            Ok(Some(facts.file(path, &names)))
        }
        Place::Pack | Place::Chapter(_) => Ok(None),
    }
}

/// Counts what is read where a pack has no lookup.
fn whole_bytes(pack: &partial::Pack<Pieces>) -> u64 {
    let rows = [entries::SOURCE_MAP, entries::NODES, entries::GRAPH];
    let read = pack.manifest().entries.iter().filter(|entry| rows.contains(&entries::entry_of(&entry.path)));
    read.map(|entry| entry.bytes).sum()
}
