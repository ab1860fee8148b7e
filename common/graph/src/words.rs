//! Identifiers taken apart into words, and words brought to one stem.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Longer pieces are data, not names.
const MAX_WORD_CHARS: usize = 24;

/// Splits an identifier at underscores, case and digits into lower-case words.
pub(crate) fn split_identifier(identifier: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let characters: Vec<char> = identifier.chars().collect();
    for (at, &character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| characters.get(at)).copied().unwrap_or('_');
        let after = characters.get(at + 1).copied().unwrap_or('_');
        let starts_hump = character.is_uppercase()
            && (before.is_lowercase()
                || before.is_numeric()
                || before.is_uppercase() && after.is_lowercase());
        if starts_hump || !character.is_alphabetic() {
            keep(&mut words, &mut word);
        }
        if character.is_alphabetic() {
            word.extend(character.to_lowercase());
        }
    }
    keep(&mut words, &mut word);
    words
}

fn keep(words: &mut Vec<String>, word: &mut String) {
    let n_chars = word.chars().count();
    if n_chars > 1 && n_chars <= MAX_WORD_CHARS {
        words.push(std::mem::take(word));
    }
    word.clear();
}

/// Tells whether a word may name a cluster.
pub(crate) fn is_telling(word: &str) -> bool {
    word.len() > 2 && !is_stopped(word) && !is_hex(word) && word.chars().any(|it| "aeiouy".contains(it))
        || SHORT_NAMES.contains(&word)
}

/// Tells whether the word, or the verb it is the `-ing` or `-ed` form of, tells no subject.
///
/// Plurals are judged by themselves: `format` tells nothing, a file of `formats` does.
fn is_stopped(word: &str) -> bool {
    let base = word.strip_suffix("ing").or_else(|| word.strip_suffix("ed")).filter(|base| base.len() > 2);
    let is_verb = |base: &str| STOP_WORDS.contains(base) || STOP_WORDS.contains(format!("{base}e").as_str());
    STOP_WORDS.contains(word) || base.is_some_and(is_verb)
}

/// Tells whether a word may name a cluster that is mostly one file of that name.
pub(crate) fn is_subject(word: &str) -> bool {
    word.len() > 1 && !HEAP_NAMES.contains(&word) && !is_hex(word)
}

/// Files that hold what found no place of its own.
const HEAP_NAMES: &[&str] = &[
    "base", "common", "compat", "core", "helper", "helpers", "impl", "impls", "internal", "lib", "main",
    "misc", "mod", "shared", "src", "test", "tests", "util", "utils",
];

fn is_hex(word: &str) -> bool {
    word.len() >= 6 && word.chars().all(|it| it.is_ascii_hexdigit())
}

/// Abbreviations that people say.
const SHORT_NAMES: &[&str] = &[
    "ast", "cfg", "cli", "cpu", "css", "csv", "db", "dns", "fs", "ftp", "git", "gpu", "grpc", "gzip", "html",
    "http", "https", "io", "ip", "jsx", "jwt", "llm", "lsp", "md", "ml", "mqtt", "npm", "os", "pdf", "png",
    "rpc", "sdk", "sms", "smtp", "sql", "ssh", "ssl", "svg", "tcp", "tls", "tty", "udp", "ui", "uri", "url",
    "utf", "uuid", "vcs", "vm", "wsgi", "xml", "yaml", "zip",
];

/// Words of languages, of English and of programming at large, which tell no subject.
static STOP_WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| STOP_TEXT.split_whitespace().collect());

const STOP_TEXT: &str = "
abc abi abstract add added adds after alias all allow allows also and any append apply are arg args argument
arguments array ascii assert assume async attr attribute attributes author available avoid await bar base
based basic baz because been before being belong bench benches benchmark benchmarks bit bits body bool
boolean borrow both bound bounds box break build builtin but byte bytes call callback called caller calls
can cannot case cast catch change changes char check checks child children class clone cls code collection
collections common compare compute concrete config consider const constant constants constructor contain
contains content contents context continue convenience convert copy copyright core correct could count crate
create created creates cur current custom data debug debugging declare def default define del delete
deprecated describe describing dest details dict did different direct directly disable display django doc
docs does doesn done down drop dst dummy during dyn each easy either elem element elif else empty enable
enabled end ensure entry enum env eq equal equals equivalent err error errors etc eval even ever every
exactly example examples except exec exist existing exists expect expected explicit export exported extend
extends extern extra fail failed failure fallback false fast few field fields file files final finally find
first fixme fixture flag flags flask float fmt fn following foo for force form format found from full func
function functions further generate generated generic get gets getter given gives global go golang got had
handle handler handles has have having hello helper helpers here hold holds hook how however id idx if imp
impl implement implementation implementing implements impls import in include includes including index
indicate individual info init initialize inline inner input insert inserted instance instances instead int
integer interface internal into invalid involved involves is isize it item items iter iteration iterator its
itself javascript just keep key keys kind know known kwargs lambda last least left len length less let level
lib library license like likely line lines link list load loc local long loop low lower main make makes
manage manager many map mark match max maybe member members meta method methods min misc missing mixin mock
mod mode modified modify module modules more most move msg much multiple must mut mutable name names
namespace native need needed nested never new next nil node nodes non none normal normally not note nothing
now null num number numeric obj object objects obtain occur off often old on once one ones only op open
operation operations option optional options or order original other otherwise out output outside over
override own owned package param parameter parameters params parent part parts pass passed path peek per
please pop pos position possible pre prefix present prev previous primitive print private process prop
property props protected protocol provide provided provides ptr pub public pure push put python qux raise
range rather raw read ready real receive receiver receives ref refer reference register regular related
remove replace represent representing represents require required res reset resolve rest result results ret
return returned returning returns right root run rust safe same save second see self send sent sep separate
serde set setter setup several share shared short should show similar simple since single size skip slice
slow some something source spec special specific specified specify split src standard start state static
status step still stop store stored stores str string strings struct stub sub such suffix sum super supplied
support supported supports sure swap switch sync system tag take target temp test testing tests text than
that the their them then there these they thing things third this those though three through throw time tmp
to todo token too top trailing trait tries trigger true try tuple two type typed typeof types typescript
typing uint unchecked undefined under underlying unexpected union unique unit unknown unless unsafe unsigned
unsupported until unused unwrap up update upon upper usage use used useful user uses using usize usual util
utility utils val valid value valued values var variable variables variant variants vec vector version very
via view void wait walk want wants was way we weak well were what when where whether which while who whole
why will with within without word work world would wrap wrapped wrapper write written wrong yes yield you
your zero
";

/// Brings singular, plural and the forms of one verb to one stem; never shown.
pub(crate) fn stem(word: &str) -> String {
    let mut stem = singular(word);
    for ending in ["ation", "ing", "er", "ed", "or"] {
        if let Some(rest) = stem.strip_suffix(ending).filter(|rest| rest.len() >= 4) {
            stem = rest.to_owned();
            break;
        }
    }
    if stem.len() > 4 && stem.ends_with('e') {
        stem.pop();
    }
    // `stopp` of `stopping`, but not `class`.
    let mut ending = stem.chars().rev();
    if let (Some(a), Some(b)) = (ending.next(), ending.next())
        && a == b
        && stem.len() > 4
        && "bdgmnprt".contains(a)
    {
        stem.pop();
    }
    stem
}

/// Takes a regular plural's ending off.
pub(crate) fn singular(word: &str) -> String {
    // Neither `query` nor `cookie` can be told from `-ies`, so both become `-y`.
    let y_form = word.strip_suffix("ies").or_else(|| word.strip_suffix("ie"));
    if let Some(rest) = y_form.filter(|rest| rest.len() >= 3) {
        return format!("{rest}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "zes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(rest) if rest.len() >= 3 && !rest.ends_with(['s', 'u', 'i']) => rest.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_fall_into_words() {
        for (identifier, words) in [
            ("parseHTTPHeader", "parse http header"),
            ("SQLCompiler", "sql compiler"),
            ("__init__", "init"),
            ("utf8_to_utf16", "utf to utf"),
            ("MAX_RETRIES", "max retries"),
            ("x", ""),
            ("größeÄndern", "größe ändern"),
            ("", ""),
        ] {
            assert_eq!(split_identifier(identifier).join(" "), words, "{identifier}");
        }
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for forms in [
            &["parse", "parser", "parsers", "parsing", "parsed"][..],
            &["query", "queries"],
            &["cookie", "cookies"],
            &["class", "classes"],
            &["compile", "compiler", "compilation"],
            &["route", "router", "routes", "routing"],
        ] {
            let stems: BTreeSet<String> = forms.iter().map(|form| stem(form)).collect();
            assert_eq!(stems.len(), 1, "{stems:?}");
        }
    }

    #[test]
    fn words_that_tell_no_subject_name_nothing() {
        let telling: Vec<&str> = [
            "get", "http", "a", "deadbeef", "queries", "xqzzw", "self", "db", "handling", "keys", "routing",
            "settings",
        ]
        .into_iter()
        .filter(|it| is_telling(it))
        .collect();
        assert_eq!(telling, ["http", "queries", "db", "routing", "settings"]);
    }
}
