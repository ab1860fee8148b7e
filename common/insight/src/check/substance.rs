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
    "both", "either", "one", "more", "no", "whether", "if", "several", "some", "another",
];
/// What a callable may be said to do to what its name tells.
const ACCESS: &[&str] = &[
    "return",
    "returns",
    "get",
    "gets",
    "set",
    "sets",
    "make",
    "makes",
    "mark",
    "marks",
    "indicates",
    "tells",
    "reports",
    "checks",
];
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
    /// The words of the subject's own name; of a callable's the first is a verb as a rule.
    own: Vec<String>,
    /// The words of what it belongs to.
    holder: Names,
    is_callable: bool,
}

impl Labels {
    /// Takes the texts that label a subject: its names and its place.
    pub(super) fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let names = names_of(texts);
        let words: Names = names.iter().flat_map(|name| words_of(name)).collect();
        let stems = words.iter().map(|word| stem(word)).collect();
        let joined = names.iter().map(|name| letters(name)).collect();
        Self { names, words, stems, joined, ..Self::default() }
    }

    /// Takes what labels a symbol.
    pub(super) fn of_symbol(facts: &Facts<'_>) -> Self {
        let context = facts.context;
        let names = facts.own.iter().map(String::as_str);
        let own: Vec<String> = words_of(&context.name).map(|word| stem(&word)).collect();
        // `do_capitalize`, as filters and commands are called.
        let own = if own.len() > 1 && own[0] == "do" { own[1..].to_vec() } else { own };
        let holder = context.parent.iter().flat_map(|it| words_of(&it.name));
        let holder = holder.map(|word| stem(&word)).collect();
        let is_callable = context.kind.is_callable();
        let labels = Self::of(names.chain([&*context.file_path, context.language.as_str()]));
        Self { own, holder, is_callable, ..labels }
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
    (is_one_word_over_and_over || is_only_labels)
        && !does_what_it_is_called(said, labels)
        && !restricts(said, labels)
        && !tells_whose(said, labels)
}

/// `Registers a blueprint on the application`: a name as a sentence with a verb and an object tells what is done to
/// what, though no more; `Mode returns the current mode` tells what is done to what the name tells.
fn does_what_it_is_called(said: &[&Token<'_>], labels: &Labels) -> bool {
    let object_of = |at: usize| {
        let verb = said[at];
        let rest = &said[at + 1..];
        let Some(next) = rest.first() else { return false };
        // `SetUsage sets usage` tells nothing; `Usage returns usage` tells what is done.
        let is_access = is_access(verb, labels) && !labels.own.contains(&stem(&verb.lower));
        let opens_object = DETERMINERS.contains(&next.lower.as_str())
            || (is_access && !is_grammar(&next.lower))
            || !PLAIN.contains(next.lower.as_str());
        // `Walk walks any tree`: the name is no object of itself.
        let is_object = |it: &&&Token<'_>| !is_grammar(&it.lower) && stem(&it.lower) != stem(&verb.lower);
        opens_object && rest.iter().find(is_object).is_some()
    };
    (0..said.len().min(MAX_WORDS_BEFORE_VERB)).any(|at| is_own_verb(said, at, labels) && object_of(at))
}

fn is_grammar(word: &str) -> bool {
    GRAMMAR.split_whitespace().any(|it| it == word)
}

/// A word of the subject's own name as a verb: a callable's first one, one in the third person or after `to`; or
/// access to the rest.
fn is_own_verb(said: &[&Token<'_>], at: usize, labels: &Labels) -> bool {
    let token = said[at];
    let stem = stem(&token.lower);
    let follows = |word: &str| at > 0 && said[at - 1].is_word(word);
    let is_own = labels.own.contains(&stem);
    // `uring_read_prepare`: `Prepare the buffer`; `shutdown`: `Shuts down the core`.
    let opens_object = said.get(at + 1).is_some_and(|it| DETERMINERS.contains(&it.lower.as_str()));
    let first = labels.own.first().map_or("", String::as_str);
    let begins = stem.len() > 3 && first.starts_with(&stem);
    let is_first =
        labels.is_callable && token.opens_sentence && (first == stem || begins || is_own && opens_object);
    // A type's own word in the third person opens the sentence, else it may be a plural.
    let is_third_person = token.lower.ends_with('s')
        && is_own
        && (labels.is_callable || token.opens_sentence && labels.own.len() > 1);
    // `utility to list all paths`, `responsible for stealing tasks`.
    let is_infinitive =
        labels.is_callable && is_own && (follows("to") || follows("for") && token.lower.ends_with("ing"));
    token.shape == Shape::Word && (is_first || is_third_person || is_infinitive || is_access(token, labels))
}

fn is_access(token: &Token<'_>, labels: &Labels) -> bool {
    labels.is_callable && token.shape == Shape::Word && ACCESS.contains(&token.lower.as_str())
}

/// `Only allow one of the choices`, `Do not visit inner scopes`: a limit is no name.
fn restricts(said: &[&Token<'_>], labels: &Labels) -> bool {
    let is_word = |at: usize, words: &[&str]| said.get(at).is_some_and(|it| it.is_one_of(words));
    labels.is_callable
        && said.len() > 3
        && (is_word(0, &["only"]) || is_word(0, &["do", "does"]) && is_word(1, &["not"]))
}

/// `An entry in the list`: its own word, and something else that it belongs to, though the path names that too.
fn tells_whose(said: &[&Token<'_>], labels: &Labels) -> bool {
    const LINKS: &[&str] = &["in", "of", "for", "to", "on"];
    let is_content = |word: &str| !PLAIN.contains(word);
    let is_own = |token: &&Token<'_>| {
        token.shape == Shape::Word && is_content(&token.lower) && labels.own.contains(&stem(&token.lower))
    };
    let Some((owner, before)) = said.split_last() else { return false };
    let Some(link) = before.iter().rposition(|it| it.is_one_of(LINKS)) else { return false };
    let is_near = before[link + 1..].iter().all(|it| DETERMINERS.contains(&it.lower.as_str()));
    let root = stem(&owner.lower);
    let head = &before[..link];
    let is_like = |own: &str| own.starts_with(&root) || root.starts_with(own);
    // `ListEntry` is an entry in the list; that it is one `of the list` its name says as well.
    let is_within = before[link].is_one_of(&["in", "from", "to"])
        && !head.iter().any(|it| is_like(&stem(&it.lower)))
        && labels.own.contains(&root);
    let is_another = !labels.holder.contains(&root) && !labels.own.iter().any(|own| is_like(own));
    // `of the courier module` is a place.
    let is_other = owner.shape == Shape::Word && is_content(&owner.lower) && (is_another || is_within);
    let is_plain = head.iter().all(|it| is_own(it) || it.shape == Shape::Word && is_grammar(&it.lower));
    is_near && is_other && is_plain && head.iter().any(is_own)
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
