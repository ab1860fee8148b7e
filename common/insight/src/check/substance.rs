//! Whether each sentence says more than how its subject is called, what it is and where it stands.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::facts::{Facts, Names, identifiers, names_of};
use super::grounding::{stem, words_of};
use super::tokens::{Shape, Token};
use super::{Report, shown};

/// Words that hold sentences together.
const GRAMMAR: &str = "
    a an the this that these those it its itself they them their there here and or but nor so as at by for
    from in into of off on onto to toward towards up upon with within without about across along around be is
    are was were been being am do does did done has have had having can could may might must shall should
    will would not no when where while whether which who whose what how why if then than also too just only
    very more most other others another such same own each every any all some both either one ones e.g i.e
    etc like per via";

/// What anything may be called, be part of and be said to do.
const FILLER: &str = "
    function functions method methods class classes struct structs structure structures enum enumeration trait
    interface union type types kind kinds object objects instance instances entity element elements member
    members component components module modules submodule package packages crate library libraries namespace
    file files folder directory code codebase source sources project program programs application software
    repository symbol symbols name names named identifier term thing things item piece part parts portion
    section aspect feature features functionality functionalities facility capability capabilities purpose
    purposes role responsibility task tasks job operation operations action actions behavior behaviour
    routine means mechanism approach concept case context scope value values data information something
    anything macro alias constructor utility helper definition declaration implementation representation
    language keyword variable constant field property
    use uses used using utilize utilizes utilized utilizing usage return returns returned call calls called
    calling provide provides provided providing define defines defined defining declare declares declared
    describe describes described represent represents represented representing denote denotes implement
    implements implemented implementing perform performs performed performing execute executes executed carry
    carries allow allows allowing enable enables enabling serve serves serving act acts work works working
    operate operates handle handles handling manage manages managing deal deals relate relates related associated belong
    belongs contain contains contained containing include includes including consist consists comprise
    comprises involve involves exist exists appear appears located found known refer refers specify specifies
    specified indicate indicates mean means play plays make makes making made give gives given help helps
    responsible designed intended meant relevant specific particular certain various several different
    general generic main primary important essential core basic simple useful appropriate corresponding
    respective current following based overall whole entire
    public private exported internal external";

static PLAIN: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| GRAMMAR.split_whitespace().chain(FILLER.split_whitespace()).collect());

/// Words before a noun; a verb stands before them.
const DETERMINERS: &[&str] = &[
    "the", "a", "an", "this", "that", "these", "those", "its", "their", "all", "any", "each", "every",
    "both", "either", "one", "more", "no", "whether", "if",
];
/// What a callable may be said to do to what its name tells.
const ACCESS: &[&str] = &["return", "returns", "get", "gets", "set", "sets"];
/// Words that may stand before the verb of a sentence: `The send method of Queue sends …`.
const MAX_WORDS_BEFORE_VERB: usize = 5;
/// Shorter stems are no evidence that two words are forms of one.
const MIN_SHARED_STEM: usize = 5;

/// What a subject is known by without being told anything about it.
#[derive(Default)]
pub(super) struct Labels {
    /// Names, in full.
    names: Names,
    /// Their words, in full and shortened.
    words: Names,
    stems: Names,
    /// Names with nothing but letters and digits, for those that are written in one word.
    joined: Names,
    /// The words of a callable's own name, the first of which is a verb as a rule.
    own: Vec<String>,
}

impl Labels {
    /// Takes the texts that label a subject: its names and its place.
    pub(super) fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let names = names_of(texts);
        let words: Names = names.iter().flat_map(|name| words_of(name)).collect();
        let stems = words.iter().map(|word| stem(word)).collect();
        let joined = names.iter().map(|name| letters(name)).collect();
        Self { names, words, stems, joined, own: Vec::new() }
    }

    /// Takes what labels a symbol.
    pub(super) fn of_symbol(facts: &Facts<'_>) -> Self {
        let context = facts.context;
        let names = facts.own.iter().map(String::as_str);
        let own = words_of(&context.name).map(|word| stem(&word)).filter(|_| context.kind.is_callable());
        let own = own.collect();
        Self { own, ..Self::of(names.chain([&*context.file_path, context.language.as_str()])) }
    }

    fn has(&self, word: &str) -> bool {
        let stem = stem(word);
        let is_form = |own: &String| {
            let (short, long) = if own.len() < stem.len() { (own, &stem) } else { (&stem, own) };
            short == long || (short.len() >= MIN_SHARED_STEM && long.starts_with(short.as_str()))
        };
        self.stems.iter().any(is_form)
    }
}

/// Finds sentences whose words are all the subject's labels or filler.
///
/// `telling` are sentences in which something was looked up and holds.
pub(super) fn check(tokens: &[Token<'_>], labels: &Labels, telling: &BTreeSet<usize>, report: &mut Report) {
    for sentence in tokens.chunk_by(|a, b| a.sentence == b.sentence) {
        let said: Vec<&Token<'_>> = sentence.iter().filter(|it| it.shape != Shape::Mark).collect();
        let Some(first) = said.first().filter(|it| !telling.contains(&it.sentence)) else { continue };
        if says_nothing(&said, labels) {
            report.fault(
                "says_nothing",
                format!(
                    "the sentence that begins with {} says nothing beyond names and kinds",
                    shown(first.text)
                ),
            );
        }
    }
}

fn says_nothing(said: &[&Token<'_>], labels: &Labels) -> bool {
    let content: Vec<String> = said.iter().flat_map(|it| content(it, labels)).collect();
    let distinct: BTreeSet<&String> = content.iter().collect();
    // `The parcel is a parcel.`
    let is_one_word_over_and_over = distinct.len() == 1 && content.len() > 1;
    let is_only_labels = content.is_empty() || labels.joined.contains(&content.concat());
    is_one_word_over_and_over || (is_only_labels && !does_what_it_is_called(said, labels))
}

/// `Registers a blueprint on the application`: a callable's name as a sentence with a verb and an object tells
/// what is done to what, though no more.
fn does_what_it_is_called(said: &[&Token<'_>], labels: &Labels) -> bool {
    let verb = said.iter().take(MAX_WORDS_BEFORE_VERB).position(|it| is_own_verb(it, labels));
    let Some((verb, rest)) = verb.map(|at| (said[at], &said[at + 1..])) else { return false };
    let Some(next) = rest.first() else { return false };
    let opens_object = DETERMINERS.contains(&next.lower.as_str()) || !PLAIN.contains(next.lower.as_str());
    let is_object = |it: &&&Token<'_>| {
        !GRAMMAR.split_whitespace().any(|word| word == it.lower) && stem(&it.lower) != stem(&verb.lower)
    };
    opens_object && rest.iter().find(is_object).is_some()
}

/// A word of a callable's own name as a verb: the first one, or one in the third person; or access to the rest.
fn is_own_verb(token: &Token<'_>, labels: &Labels) -> bool {
    let stem = stem(&token.lower);
    let is_first = token.opens_sentence && labels.own.first() == Some(&stem);
    let is_third_person = token.lower.ends_with('s') && labels.own.contains(&stem);
    let is_access = !labels.own.is_empty() && ACCESS.contains(&token.lower.as_str());
    token.shape == Shape::Word && (is_first || is_third_person || is_access)
}

/// What a token says that labels and filler do not.
fn content(token: &Token<'_>, labels: &Labels) -> Vec<String> {
    if token.text.chars().any(|c| c.is_ascii_digit()) && !labels.names.contains(token.text) {
        return vec![token.lower.clone()];
    }
    let others = || identifiers(token.text).filter(|name| !labels.names.contains(*name));
    let n_names = identifiers(token.text).count();
    match token.shape {
        // A path that is not the subject's own is another's, and so is a name, whatever form of a word it is.
        Shape::Code => {
            let is_label = |name: &&str| n_names == 1 && labels.words.contains(&name.to_lowercase());
            others().filter(|name| !is_label(name)).map(str::to_owned).collect()
        }
        _ if PLAIN.contains(token.lower.as_str()) => Vec::new(),
        _ => {
            let words = others().flat_map(words_of);
            let told = words.filter(|word| !PLAIN.contains(word.as_str()) && !labels.has(word));
            told.map(|word| stem(&word)).collect()
        }
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
