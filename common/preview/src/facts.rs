//! What there is to say about a pack and a place in it.

use docpack::Topic;
use docpack::records::{Flow, Manifest, Quality, Symbol, Tour, TourItem, TourSection};
use prose::{first_sentence, is_hidden, thousands};
use tour::text::{clip, language, list};

use crate::chart::Chart;

/// Chats show about as much of a title, and of a description.
const MAX_TITLE_CHARS: usize = 90;
const MAX_DESCRIPTION_CHARS: usize = 220;
/// Longer ones do not fit the picture.
const MAX_SENTENCE_CHARS: usize = 170;
/// Languages that are named.
const MAX_LANGUAGES: usize = 3;
/// Of a long signature, this much.
const MAX_SIGNATURE_CHARS: usize = 120;
/// The website's pages of the guide beside its flows: a key, a title and their topics.
const CHAPTERS: [(&str, &str, &[Topic]); 5] = [
    ("start", "Entry points and public API", &[Topic::Start]),
    ("types", "Types and terms", &[Topic::Types, Topic::Glossary]),
    ("operation", "Settings and errors", &[Topic::Configuration, Topic::Errors]),
    ("change", "Tests and extension", &[Topic::Tests, Topic::Extension]),
    ("reading", "Where to start reading", &[Topic::Reading]),
];
const FLOW_PREFIX: &str = "flow-";

/// A title and a description, each on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub title: String,
    pub description: String,
}

/// What is read of a pack.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    /// What the repository is called where its address does not say.
    pub name: &'a str,
    pub manifest: &'a Manifest,
    pub quality: &'a Quality,
    /// Packs before 1.1 have none.
    pub tour: Option<&'a Tour>,
}

/// What a preview says of a pack.
#[derive(Debug, Clone)]
pub struct Facts {
    /// `owner/repository`, or the name alone.
    pub(crate) name: String,
    /// What it is, in its authors' words.
    pub(crate) sentence: Option<String>,
    /// The same, as long as a description may be.
    introduction: Option<String>,
    /// How much there is of which language: a sentence of the tour.
    size: Option<String>,
    /// Languages and counts, for the picture.
    pub(crate) counts: Vec<String>,
    pub(crate) chart: Chart,
    /// Titles and beginnings of the chapters, by key.
    chapters: Vec<(String, Words)>,
}

impl Facts {
    /// Takes what previews need out of a pack's records.
    pub fn of(records: Records<'_>) -> Self {
        let name = name_of(records.manifest.source.repo_url.as_deref(), records.name);
        let section = |topic: Topic| section_of(records.tour?, topic);
        let purpose = section(Topic::Purpose).map(|it| it.items.as_slice()).unwrap_or_default();
        let quote = purpose.iter().find_map(|item| item.quote.as_ref()).map(|quote| line(&quote.text));
        let size = purpose.iter().find(|item| is_of_root(item)).map(|item| line(&item.text));
        let diagram = section(Topic::Layout).and_then(|it| it.diagram.as_deref());
        let mut facts = Self {
            sentence: quote.as_deref().map(|text| clip(first_sentence(text), MAX_SENTENCE_CHARS)),
            introduction: quote.as_deref().map(|text| sentences(text, MAX_DESCRIPTION_CHARS)),
            size,
            counts: counts(&records),
            chart: Chart::of(diagram.unwrap_or_default()),
            chapters: Vec::new(),
            name,
        };
        facts.chapters = records.tour.map(|tour| facts.chapters_of(tour)).unwrap_or_default();
        facts
    }

    /// Describes the pack as a whole.
    pub fn pack(&self) -> Words {
        self.words(self.name.clone(), self.introduction.clone().unwrap_or_else(|| self.measure()))
    }

    /// Describes a chapter of the guide; an unknown one as the pack.
    pub fn chapter(&self, key: &str) -> Words {
        let found = self.chapters.iter().find(|(known, _)| known == key);
        found.map_or_else(|| self.pack(), |(_, words)| words.clone())
    }

    /// Describes a symbol by its head and its summary.
    pub fn symbol(&self, symbol: &Symbol) -> Words {
        let kind = symbol.kind.as_str().replace('_', " ");
        let title = format!("{} ({kind} in {})", line(&symbol.qualified_name), self.name);
        let signature = clip(&line(&symbol.signature), MAX_SIGNATURE_CHARS);
        let summary = symbol.documentation.as_ref().map(|it| line(&it.shown()));
        let place = format!("{}, line {}", symbol.file_path, symbol.line_range.start);
        self.words(title, joined([signature, summary.unwrap_or(place)]))
    }

    /// Describes a file by the symbols that matter most in it.
    pub fn file(&self, path: &str, symbols: &[String]) -> Words {
        let holds = match symbols {
            [] => self.pack().description,
            names => format!("Defines {}.", list(names)),
        };
        self.words(format!("{path} ({})", self.name), holds)
    }

    /// Says how much there is, where nothing else is known.
    fn measure(&self) -> String {
        self.size.clone().unwrap_or_else(|| self.counts.join(", "))
    }

    fn words(&self, title: String, description: String) -> Words {
        Words { title: clip(&title, MAX_TITLE_CHARS), description: clip(&description, MAX_DESCRIPTION_CHARS) }
    }

    fn chapters_of(&self, tour: &Tour) -> Vec<(String, Words)> {
        let of_topics = CHAPTERS.iter().filter_map(|(key, title, topics)| {
            let sections = topics.iter().filter_map(|topic| section_of(tour, *topic));
            let items: Vec<&TourItem> = sections.flat_map(|section| &section.items).collect();
            let title = format!("{title} ({})", self.name);
            (!items.is_empty()).then(|| ((*key).to_owned(), self.words(title, beginning(&items))))
        });
        let of_flows = (1..).zip(&tour.flows).map(|(number, flow)| {
            let title = format!("{} ({})", line(&flow.title), self.name);
            (format!("{FLOW_PREFIX}{number}"), self.words(title, steps(flow)))
        });
        of_topics.chain(of_flows).collect()
    }
}

/// Tells whether a statement is about everything: its evidence is the repository's own folder.
fn is_of_root(item: &TourItem) -> bool {
    item.evidence.iter().any(|it| it.file_path.as_deref() == Some(""))
}

fn section_of(tour: &Tour, topic: Topic) -> Option<&TourSection> {
    tour.sections.iter().find(|section| section.topic == topic)
}

/// Takes `owner/repository` out of an address.
fn name_of(repo_url: Option<&str>, otherwise: &str) -> String {
    let path = repo_url.and_then(|url| url.split_once("://")?.1.split_once('/')).map(|(_, path)| path);
    let path = path.map(|path| path.trim_matches('/').trim_end_matches(".git"));
    line(path.filter(|path| !path.is_empty()).unwrap_or(otherwise))
}

/// Names languages by how many files they have, then counts files and symbols.
fn counts(records: &Records<'_>) -> Vec<String> {
    let mut languages: Vec<_> = records.quality.languages.iter().filter(|it| it.files > 0).collect();
    languages.sort_by_key(|it| std::cmp::Reverse(it.files));
    let named: Vec<String> =
        languages.iter().take(MAX_LANGUAGES).map(|it| language(it.language.as_str())).collect();
    let statistics = &records.manifest.statistics;
    let mut counts = vec![named.join(", ")];
    counts.push(counted(statistics.file_count, "file"));
    counts.push(counted(statistics.symbol_count, "symbol"));
    counts.retain(|text| !text.is_empty());
    counts
}

fn counted(n: u64, one: &str) -> String {
    format!("{} {one}{}", thousands(n), if n == 1 { "" } else { "s" })
}

/// Joins the first statements of a chapter.
fn beginning(items: &[&TourItem]) -> String {
    let said = |item: &&TourItem| match item.text.as_str() {
        "" => item.quote.as_ref().map(|quote| line(first_sentence(&quote.text))),
        text => Some(line(text)),
    };
    fitting(items.iter().filter(|item| item.depth == 0).filter_map(said))
}

/// Joins the first steps of a flow.
fn steps(flow: &Flow) -> String {
    let own = flow.steps.iter().filter(|step| step.depth == 0);
    let numbered = (1..).zip(own).map(|(number, step)| format!("{number}. {}", line(&step.text)));
    fitting(numbered)
}

/// Joins texts while they fit a description; the first is there in any case.
fn fitting(texts: impl Iterator<Item = String>) -> String {
    let mut all = String::new();
    for text in texts {
        let n_chars = all.chars().count() + text.chars().count() + 1;
        if !all.is_empty() && n_chars > MAX_DESCRIPTION_CHARS {
            break;
        }
        all = joined([all, text]);
    }
    all
}

/// Takes whole sentences while they fit.
fn sentences(text: &str, max_chars: usize) -> String {
    let mut end = first_sentence(text).len();
    while end < text.len() {
        let rest = &text[end..];
        let gap = rest.len() - rest.trim_start().len();
        let next = end + gap + first_sentence(rest.trim_start()).len();
        if text[..next].chars().count() > max_chars {
            break;
        }
        end = next;
    }
    clip(&text[..end], max_chars)
}

/// Puts texts one behind the other.
fn joined<const N: usize>(texts: [String; N]) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Writes a text on one line, without marks around code and without characters that show nothing.
fn line(text: &str) -> String {
    let shown: String = text.chars().filter(|c| *c != '`' && !is_hidden(*c)).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}
