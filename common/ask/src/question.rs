//! A question, taken apart.

use search::Query;
use search::words::{each_word, is_stop_word, stem};

/// A longer text is no question; each word of it would cost a pass over its holders.
pub const MAX_QUESTION_CHARS: usize = 500;

/// Words that questions are made of beside those that search leaves out.
const ASKING: &[&str] = &[
    "actually",
    "another",
    "answer",
    "anything",
    "cause",
    "come",
    "comes",
    "describe",
    "difference",
    "differences",
    "different",
    "do",
    "else",
    "exactly",
    "explain",
    "find",
    "get",
    "gets",
    "give",
    "go",
    "goes",
    "going",
    "got",
    "inside",
    "let",
    "like",
    "look",
    "made",
    "make",
    "makes",
    "many",
    "mean",
    "means",
    "much",
    "need",
    "new",
    "one",
    "place",
    "please",
    "show",
    "shown",
    "someone",
    "something",
    "take",
    "takes",
    "tell",
    "thing",
    "things",
    "turn",
    "turned",
    "turns",
    "two",
    "want",
    "way",
    "ways",
    "written",
];

/// Groups of words that programmers use for one thing.
const SYNONYMS: &[&[&str]] = &[
    &["error", "exception", "err", "failure", "fail"],
    &["raise", "throw", "panic", "fail", "error", "catch"],
    &["crash", "panic", "abort", "recover"],
    &["start", "begin", "launch", "boot", "run", "serve", "listen"],
    &["stop", "end", "shutdown", "close", "exit", "quit", "cancel"],
    &["config", "setting", "option", "configure"],
    &["order", "ordering", "sequence", "stack", "chain"],
    &["create", "build", "built", "construct", "init", "make", "new"],
    &["delete", "remove", "drop", "clear"],
    &["fetch", "load", "read", "get"],
    &["save", "store", "write", "persist"],
    &["match", "found", "find", "404"],
    &["missing", "absent", "none", "unknown", "found"],
    &["limit", "max", "maximum", "size"],
    &["large", "big", "size", "max", "limit"],
    &["middleware", "hook", "layer", "plugin", "interceptor"],
    &["async", "await", "coroutine", "asyncio"],
    &["url", "uri", "path"],
    &["route", "path", "endpoint", "url"],
    &["database", "db", "sql"],
    &["login", "auth", "authenticate", "credential"],
    &["parameter", "param", "argument", "arg"],
    &["parse", "decode", "deserialize", "read"],
    &["serialize", "encode", "dump"],
    &["invalid", "wrong", "bad", "malformed"],
    &["register", "add", "use", "install"],
    &["call", "invoke", "execute", "dispatch", "run"],
    &["wait", "timeout", "block", "deadline"],
    &["retry", "attempt", "retries", "backoff"],
    &["redirect", "location", "follow"],
    &["become", "convert", "coerce", "transform", "into", "adapter"],
    &["bind", "bound"],
    &["keep", "kept", "persist"],
    &["choose", "chosen", "decide", "detect", "determine", "pick", "select", "suggest"],
    &["send", "sent"],
    &["catch", "caught"],
    &["throw", "thrown", "raise"],
    &["hide", "hidden"],
    &["break", "broken"],
    &["lose", "lost"],
    &["hold", "held"],
    &["publish", "deploy", "push", "upload"],
    &["data", "information"],
    &["syntax", "parse", "grammar"],
    &["fast", "speed", "cache"],
    &["determine", "find", "lookup"],
    &["reach", "dispatch", "handle", "deliver", "serve"],
    &["own", "custom"],
    &["write", "define", "custom", "implement"],
    &["default", "fallback"],
    &["match", "fallback"],
    &["reply", "response", "answer", "respond"],
    &["folder", "directory", "dir"],
    &["skip", "ignore", "exclude"],
    &["cookie", "session"],
    &["concurrent", "parallel", "simultaneous", "throttle"],
    &["command", "cmd", "cli"],
    &["environment", "env"],
    &["permission", "forbidden", "denied", "unauthorized"],
    &["duplicate", "twice", "already", "again"],
    &["handler", "endpoint", "controller", "callback"],
    &["dictionary", "dict", "map", "object"],
    &["replace", "override", "overwrite", "set"],
    &["print", "output", "display", "format"],
    &["outdated", "stale", "expire", "invalidate"],
    &["restrict", "limit", "constrain", "allow"],
    &["check", "validate", "verify", "ensure"],
    &["combine", "merge", "join", "compose", "mount"],
    &["encrypt", "cipher", "crypto", "seal"],
    &["loop", "cycle", "recursion", "circular"],
    &["turn", "convert", "transform"],
    &["disable", "off", "silent", "noop"],
    &["wrap", "decorate", "decorator"],
    &["inherit", "extend", "subclass", "parent"],
    &["put", "add", "insert", "push", "enqueue", "append"],
    &["move", "transfer", "forward"],
    &["search", "find", "lookup", "locate", "discover"],
    &["prevent", "avoid", "ignore", "skip", "exclude", "disable"],
    &["order", "priority", "precedence", "sort"],
    &["modification", "modify", "change", "diff", "edit"],
    &["pipe", "stdin", "stdout"],
    &["terminal", "tty", "console", "interactive"],
    &["decompress", "gunzip", "inflate", "decode"],
    &["compress", "gzip", "deflate", "encode"],
    &["schedule", "cron", "timer", "delay"],
    &["thread", "worker", "pool", "concurrent"],
    &["lock", "mutex", "exclusive"],
    &["unique", "duplicate"],
    &["escape", "sanitize", "quote"],
    &["nest", "recursive", "sub"],
    &["empty", "none", "null", "blank"],
    &["guess", "detect", "infer", "sniff", "suggest"],
    &["update", "refresh", "reload"],
    &["watch", "monitor", "observe"],
    &["notify", "event", "emit", "signal"],
    &["depend", "dependency", "dependencies", "require"],
    &["cut", "truncate", "trim", "shorten"],
    &["split", "divide", "break"],
    &["count", "number", "total"],
    &["expire", "ttl", "lifetime", "age"],
    &["exceed", "large", "long", "max", "limit"],
    &["allow", "permit", "enable"],
    &["deny", "reject", "refuse", "forbid"],
    &["visit", "walk", "traverse"],
    &["connect", "open", "dial"],
    &["kill", "terminate", "signal", "stop"],
    &["help", "usage"],
    &["import", "include", "load"],
    &["collect", "gather", "accumulate", "store"],
    &["override", "overridden"],
    &["name", "rename", "alias"],
];

/// What programmers call the opposite: where the question denies the word, these stand for it.
const DENIED: &[(&str, &[&str])] = &[
    ("match", &["found", "fallback", "404", "unmatched"]),
    ("exist", &["found", "missing", "404", "unknown"]),
    ("found", &["missing", "404", "unknown"]),
    ("find", &["missing", "found", "404", "unknown"]),
    ("known", &["unknown"]),
    ("support", &["unsupported"]),
    ("authorized", &["unauthorized", "401", "403"]),
    ("configured", &["default", "missing"]),
    ("given", &["default", "missing"]),
    ("set", &["default", "missing", "unset", "empty"]),
    ("valid", &["invalid", "reject"]),
    ("allow", &["forbidden", "denied", "405", "disallow"]),
    ("possible", &["impossible", "cannot"]),
];
const DENYING: &[&str] = &["no", "not", "nothing", "never", "none", "without", "cannot"];
/// What else denies the next words in a text; `doesn` is `doesn't` without its end.
const DENYING_IN_TEXTS: &[&str] = &["didn", "doesn", "don", "fails", "isn", "unless", "wasn"];

/// Words of questions about earlier and later versions. A file that changes and a database's migrations are no such.
const OF_CHANGES: &[&str] = &[
    "breaking",
    "changed",
    "changelog",
    "deprecated",
    "history",
    "migrate",
    "migrating",
    "release",
    "released",
    "releases",
    "upgrade",
    "upgrading",
    "version",
    "versions",
];

const ERROR: &str = "error";
/// What cannot be done ends in an error.
const FAILING: &[&str] = &["cannot", "can't", "can\u{2019}t", "couldn't", "couldn\u{2019}t", "unable"];

/// How questions begin about the end of something.
const OF_ENDS: &str = "what happens ";
/// Failures, and where code deals with them: that is what happens after one.
const FAILURES: &[&str] = &["crash", "error", "exception", "fail", "panic", "raise", "throw"];
const HANDLING: &[&str] = &["catch", "caught", "recover"];

/// How questions begin that ask for instructions.
const OF_INSTRUCTIONS: &[&str] = &[
    "how do i ",
    "how do we ",
    "how do you ",
    "how can i ",
    "how can we ",
    "how to ",
    "how should i ",
    "how would i ",
];
/// How questions begin whose answer is a number or a name.
const OF_VALUES: &[&str] = &[
    "what is the default ",
    "what is the maximum ",
    "what is the minimum ",
    "what is the limit ",
    "what are the defaults ",
    "which is the default ",
    "how big ",
    "how large ",
    "how long ",
    "how many ",
    "how much ",
    "how often ",
];
/// How questions begin about what code does.
const OF_BEHAVIOUR: &[&str] = &[
    "how are ",
    "how do ",
    "how does ",
    "how is ",
    "in what order ",
    "in which order ",
    "what happens ",
    "when ",
    "why ",
];
/// Verbs of the way that something takes through the code.
const OF_WAYS: &[&str] = &[
    "reach", "reaches", "arrive", "arrives", "become", "becomes", "travel", "travels", "pass", "passed",
    "flow", "flows",
];

/// Phrases that programmers say in one word; `…` stands for some words between.
const PHRASES: &[(&[&str], &str)] = &[
    (&["keep", "…", "from"], "prevent"),
    (&["keeps", "…", "from"], "prevent"),
    (&["stop", "…", "from"], "prevent"),
    (&["out", "of", "date"], "outdated"),
    (&["at", "the", "same", "time"], "concurrent"),
    (&["at", "once"], "concurrent"),
    (&["looked", "up"], "lookup"),
    (&["timed", "out"], "timeout"),
    (&["logged", "in"], "login"),
    (&["rolled", "back"], "rollback"),
    (&["take", "too", "long"], "timeout"),
    (&["takes", "too", "long"], "timeout"),
    (&["is", "…", "made"], "create"),
    (&["are", "…", "made"], "create"),
    (&["more", "than", "once"], "twice"),
    (&["get", "rid", "of"], "remove"),
    (&["turn", "off"], "disable"),
    (&["turned", "off"], "disable"),
    (&["switch", "off"], "disable"),
    (&["turn", "on"], "enable"),
    (&["raise", "an", "exception"], "exception"),
    (&["raises", "an", "exception"], "exception"),
    (&["raise", "an", "error"], "error"),
    (&["raises", "an", "error"], "error"),
    (&["throws", "an", "exception"], "exception"),
    (&["throws", "an", "error"], "error"),
];
/// Words that `…` stands for in a phrase at most.
const MAX_GAP: usize = 7;

/// What follows a verb that programmers write as one word with it.
const PARTICLES: &[&str] = &["back", "down", "in", "off", "on", "out", "over", "up"];

/// Why a text is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    #[error("the question is empty")]
    Empty,
    #[error("the question has more than {MAX_QUESTION_CHARS} characters")]
    TooLong,
}

impl QuestionError {
    /// Names the error for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "question_empty",
            Self::TooLong => "question_too_long",
        }
    }
}

/// A question as the index looks at it.
#[derive(Debug, Clone)]
pub struct Question {
    pub(crate) text: String,
    pub(crate) query: Query,
    /// What it asks about, each stem once, with the word that was typed.
    pub(crate) words: Vec<(String, String)>,
    /// Stems of two words written as one, `shutdown` for "shut down", with the places of those in `words`.
    pub(crate) joined: Vec<(String, Vec<usize>)>,
    /// Stems that stand for themselves only.
    own: Vec<String>,
    /// It says that something does not happen.
    denies: bool,
    pub(crate) names: Vec<(String, Certainty)>,
}

/// What a question asks for, as far as its words tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// "How do I …": the documentation says it best.
    HowTo,
    /// "How does a request reach …": a flow shows it best.
    Way,
    /// "What is the default …", "how many …": a constant or field says it best.
    Value,
    Other,
}

/// How sure it is that a word of the question is the name of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// It is written as only code is: `url_for`, `Router::new`, `g`.
    Sure,
    /// It begins with a capital within the sentence, as types, methods in Go and `JSON` do.
    Capital,
    /// It is a word like others.
    Perhaps,
}

impl Question {
    /// Takes a question apart.
    pub fn parse(typed: &str) -> Result<Self, QuestionError> {
        let text = typed.trim();
        if text.chars().nth(MAX_QUESTION_CHARS).is_some() {
            return Err(QuestionError::TooLong);
        }
        let plain = without_phrases(&without_contractions(text));
        let mut words = words(&plain);
        if words.is_empty() {
            return Err(QuestionError::Empty);
        }
        let failing =
            text.split_whitespace().map(str::to_lowercase).find(|it| FAILING.contains(&it.as_str()));
        if let Some(typed) = failing.filter(|_| !words.iter().any(|(of, _)| of == stem(ERROR))) {
            words.push((stem(ERROR).to_owned(), typed));
        }
        let denies =
            text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|it| DENYING.contains(&it))
                || text.contains("n't");
        let opposite = |stem: &str| if denies { opposites(stem) } else { Vec::new() };
        let told = words.iter().map(|(of, word)| match opposite(of) {
            _ if of == stem(ERROR) => ERROR.to_owned(),
            opposites if opposites.is_empty() => word.clone(),
            opposites => opposites.join(" "),
        });
        let pairs = joined(&plain);
        let told: Vec<String> = told.chain(pairs.iter().map(|(_, joined)| joined.clone())).collect();
        // The mark ends the last word, which is not still being typed.
        // A word of the question stands for itself only, unless the question denies it.
        let own = words.iter().map(|(stem, _)| stem.clone()).filter(|stem| opposite(stem).is_empty());
        let own: Vec<String> = own.collect();
        let query = Query::parse(&format!("{} ?", told.join(" "))).with_others(|stem| others(stem, &own));
        let place = |word: &str| words.iter().position(|(stem_of, _)| *stem_of == stem(word));
        let places = |pair: &[String; 2]| pair.iter().filter_map(|word| place(word)).collect();
        let joined = pairs.iter().map(|(pair, joined)| (stem(joined).to_owned(), places(pair))).collect();
        Ok(Self { joined, text: text.to_owned(), query, names: names(&plain), words, own, denies })
    }

    /// Tells whether its meaning adds to its letters: one identifier has none.
    pub fn has_meaning(&self) -> bool {
        self.query.has_meaning()
    }

    /// Lists stems that mean as much as one of the question: those of its opposite where the question denies it.
    pub(crate) fn equals(&self, stem: &str) -> Vec<&'static str> {
        if self.denies { opposites(stem) } else { Vec::new() }
    }

    /// Lists stems of what deals with a failure, where the question is what happens after it.
    pub(crate) fn handling(&self, stem_of: &str) -> Vec<&'static str> {
        let is_failure = FAILURES.iter().any(|word| stem(word) == stem_of);
        let is_asked = is_failure && self.text.to_lowercase().starts_with(OF_ENDS);
        HANDLING.iter().filter(|_| is_asked).map(|word| stem(word)).collect()
    }

    /// Tells whether a word of a text denies those that follow it.
    pub(crate) fn is_denial(word: &str) -> bool {
        DENYING.contains(&word) || DENYING_IN_TEXTS.contains(&word)
    }

    /// Lists stems of other words for one of the question.
    pub(crate) fn others(&self, stem: &str) -> Vec<&'static str> {
        others(stem, &self.own)
    }

    /// Tells whether it is about tests or examples, which otherwise only repeat what they use.
    pub(crate) fn asks_for_tests(&self) -> bool {
        const WORDS: [&str; 6] = ["test", "mock", "fixtur", "exampl", "benchmark", "demo"];
        self.words.iter().any(|(stem, _)| WORDS.contains(&stem.as_str()))
    }

    /// Tells whether it is about earlier versions, which otherwise say what is no longer so.
    pub(crate) fn asks_for_changes(&self) -> bool {
        let is_version =
            |word: &str| word.strip_prefix('v').is_some_and(|it| it.starts_with(char::is_numeric));
        self.words.iter().any(|(_, typed)| is_version(typed) || OF_CHANGES.contains(&typed.as_str()))
    }

    /// Tells whether it is about what code does, which types only take part in.
    pub(crate) fn asks_for_behaviour(&self) -> bool {
        let text = self.text.to_lowercase();
        OF_BEHAVIOUR.iter().any(|start| text.starts_with(start)) && self.form() != Form::HowTo
    }

    /// Tells what it asks for.
    pub(crate) fn form(&self) -> Form {
        let text = self.text.to_lowercase();
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        match () {
            () if OF_INSTRUCTIONS.iter().any(|it| text.starts_with(it)) => Form::HowTo,
            () if OF_VALUES.iter().any(|it| text.starts_with(it)) => Form::Value,
            () if words.any(|word| OF_WAYS.contains(&word)) => Form::Way,
            () => Form::Other,
        }
    }

    /// Returns the question as it was typed, without spaces around it.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Returns the stems of words for the opposite of one.
fn opposites(stem_of: &str) -> Vec<&'static str> {
    let denied = DENIED.iter().filter(|(word, _)| stem(word) == stem_of);
    denied.flat_map(|(_, others)| others.iter().map(|word| stem(word))).collect()
}

/// Returns the stems of other words for one, without those that stand for themselves.
fn others(stem_of: &str, own: &[String]) -> Vec<&'static str> {
    let groups = SYNONYMS.iter().filter(|group| group.iter().any(|word| stem(word) == stem_of));
    let all = groups.flat_map(|group| group.iter().map(|word| stem(word)));
    let mut found: Vec<&str> = all.filter(|it| *it != stem_of && !own.iter().any(|own| own == it)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Lists pairs of neighbours with what they are as one word: "times out" is `timeout`.
fn joined(text: &str) -> Vec<([String; 2], String)> {
    let mut words: Vec<String> = Vec::new();
    each_word(text, &mut |word| words.push(word.to_owned()));
    let pairs = words.windows(2).filter(|pair| PARTICLES.contains(&pair[1].as_str()));
    let join = |pair: &[String]| format!("{}{}", pair[0].trim_end_matches('s'), pair[1]);
    pairs.map(|pair| ([pair[0].clone(), pair[1].clone()], join(pair))).collect()
}

/// Takes the ends of `can't`, `what's` and `I've` off.
fn without_contractions(text: &str) -> String {
    let tokens = text.split(' ').map(|token| {
        let end = ["n't", "n\u{2019}t", "'s", "\u{2019}s", "'ve", "'re", "'m", "'d", "'ll"];
        end.iter().find_map(|end| token.strip_suffix(end)).unwrap_or(token)
    });
    tokens.collect::<Vec<_>>().join(" ")
}

/// Replaces phrases by the word that programmers say.
fn without_phrases(text: &str) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    for (phrase, word) in PHRASES {
        let found = (0..words.len()).find_map(|at| Some((at, places(&words, at, phrase)?)));
        let Some((at, places)) = found else { continue };
        words[at] = word;
        for place in places.into_iter().skip(1).rev() {
            words.remove(place);
        }
    }
    words.join(" ")
}

/// Finds the words of a phrase that begins at a place.
fn places(words: &[&str], start: usize, phrase: &[&str]) -> Option<Vec<usize>> {
    let (mut at, mut gap, mut found) = (start, 0, Vec::new());
    for part in phrase {
        if *part == "…" {
            gap = MAX_GAP;
            continue;
        }
        let is_part =
            |at: &usize| words[*at].trim_end_matches(['?', '.', ',', '!']).eq_ignore_ascii_case(part);
        let next = (at..words.len().min(at + gap + 1)).find(is_part)?;
        found.push(next);
        (at, gap) = (next + 1, 0);
    }
    Some(found)
}

fn words(text: &str) -> Vec<(String, String)> {
    let mut all: Vec<String> = Vec::new();
    for token in text.split_whitespace() {
        let from = all.len();
        each_word(token, &mut |word| all.push(word.to_owned()));
        // `OAuth` is no `o`.
        if all.len() > from + 1 {
            let mut at = 0;
            all.retain(|word| {
                at += 1;
                at <= from || word.chars().nth(1).is_some()
            });
        }
    }
    let is_telling = |word: &&String| {
        let word = word.as_str();
        !is_stop_word(word) && !ASKING.contains(&word) && !DENYING.contains(&word)
    };
    let telling: Vec<&String> = all.iter().filter(is_telling).collect();
    let chosen = if telling.is_empty() { all.iter().collect() } else { telling };
    let mut words: Vec<(String, String)> = Vec::new();
    for word in chosen {
        let stem = stem(word);
        if !words.iter().any(|(other, _)| other == stem) {
            words.push((stem.to_owned(), word.clone()));
        }
    }
    words
}

/// Finds what may be names: `url_for`, `Router::new`, `g`, and every other word with less certainty.
fn names(text: &str) -> Vec<(String, Certainty)> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '#' | '`' | '$');
    let mut found: Vec<(String, Certainty)> = Vec::new();
    let tokens = text.split(|c| !is_part(c)).filter(|token| !token.is_empty());
    for (at, token) in tokens.enumerate() {
        let name = token.trim_matches(['`', '.', ':', '#']);
        let certainty = certainty(token, name, at == 0);
        let lower = name.to_lowercase();
        let is_common = is_stop_word(&lower) || ASKING.contains(&lower.as_str());
        let is_number = name.starts_with(char::is_numeric);
        let is_word = certainty == Certainty::Perhaps && (is_common || is_number);
        if !name.is_empty() && !is_word && !found.iter().any(|(other, _)| other == name) {
            found.push((name.to_owned(), certainty));
        }
    }
    found
}

fn certainty(token: &str, name: &str, is_first: bool) -> Certainty {
    let lower = name.to_lowercase();
    let is_quoted = token.len() > 2 && token.starts_with('`');
    let has_inner_capital = name.chars().skip(1).any(char::is_uppercase);
    let is_code = name.contains(['_', '.', ':', '#']) || has_inner_capital || name.len() == 1;
    if is_quoted || is_code && !is_stop_word(&lower) {
        return Certainty::Sure;
    }
    let is_capital = name.len() > 1 && name.starts_with(char::is_uppercase);
    if is_capital && !is_first { Certainty::Capital } else { Certainty::Perhaps }
}
