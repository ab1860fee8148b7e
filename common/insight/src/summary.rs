//! One symbol in one or two sentences.

use docpack::{Role, SymbolId, SymbolKind};
use model::context::{Neighbour, Summary, SummarySource, SymbolContext, Verdict};
use model::role::is_support;

use crate::prose::lead_sentence;
use crate::wording::{article, code, count, join_within, list, thousands};

/// No summary is longer; readers show it on a card.
pub const MAX_SUMMARY_CHARS: usize = 300;
/// Names listed in a sentence; the rest is counted.
const MAX_NAMES: usize = 3;
/// Members listed of a type.
const MAX_MEMBERS: usize = 4;
/// Longer types are not repeated in prose.
const MAX_TYPE_CHARS: usize = 60;

/// A sentence and what it rests on.
struct Statement {
    text: String,
    evidence: Vec<String>,
}

/// Writes what is known about a symbol: its author's first sentence, then computed facts.
///
/// At most two sentences and [`MAX_SUMMARY_CHARS`]; equal contexts give equal text.
pub fn summarise(context: &SymbolContext) -> Summary {
    let documented =
        context.doc_comment.as_deref().and_then(lead_sentence).filter(|lead| says_more(lead, &context.name));
    let has_lead = documented.is_some();
    let first = match documented {
        Some(text) => Statement { text, evidence: vec!["doc_comment".to_owned()] },
        None => from_shape(context),
    };
    let second = from_relations(context, has_lead);
    let mut sentences = vec![first.text];
    let mut evidence = first.evidence;
    if let Some(second) = second {
        let joined = join_within(&[sentences[0].clone(), second.text.clone()], MAX_SUMMARY_CHARS);
        if joined.ends_with(&second.text) {
            evidence.extend(second.evidence);
            sentences.push(second.text);
        }
    }
    let text = join_within(&sentences, MAX_SUMMARY_CHARS);
    let text = if text.chars().count() > MAX_SUMMARY_CHARS { cut(&text) } else { text };
    Summary {
        id: context.id,
        text,
        source: SummarySource::Extractive,
        verdict: Verdict::Extractive,
        evidence,
    }
}

fn cut(text: &str) -> String {
    let head: String = text.chars().take(MAX_SUMMARY_CHARS - 1).collect();
    let at = head.rfind(' ').unwrap_or(head.len());
    format!("{}…", head[..at].trim_end_matches([',', ' ']))
}

/// A comment that only repeats the name tells nothing.
fn says_more(lead: &str, name: &str) -> bool {
    let letters = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    letters(lead) != letters(name)
}

/// Describes the symbol by its kind, signature and members.
fn from_shape(context: &SymbolContext) -> Statement {
    let signature = |text: String| Statement { text, evidence: vec!["signature".to_owned()] };
    match context.kind {
        _ if is_test(context) => test_case(context),
        SymbolKind::Constructor => {
            signature(format!("Creates {}{}.", owner_phrase(context), taking(context, " from ")))
        }
        SymbolKind::Function | SymbolKind::Method => callable(context),
        SymbolKind::Module => members(context, &format!("Module {}", code(&context.qualified_name)), "holds"),
        SymbolKind::Impl => implementation(context),
        SymbolKind::Class | SymbolKind::Struct | SymbolKind::Union => {
            members(context, &type_opening(context), "with")
        }
        SymbolKind::Enum => members(context, &type_opening(context), "with"),
        SymbolKind::Trait | SymbolKind::Interface => {
            members(context, &type_opening(context), "that asks for")
        }
        SymbolKind::TypeAlias => signature(alias(context)),
        SymbolKind::EnumVariant => signature(format!("Variant of {}.", of_parent(context))),
        SymbolKind::Field | SymbolKind::Property => {
            signature(typed(context, if context.kind == SymbolKind::Field { "Field" } else { "Property" }))
        }
        SymbolKind::Constant => signature(typed(context, "Constant")),
        SymbolKind::Static => signature(typed(context, "Static")),
        SymbolKind::Variable => signature(typed(context, "Variable")),
        SymbolKind::Macro => signature(format!("Macro {}.", code(&context.name))),
    }
}

fn is_test(context: &SymbolContext) -> bool {
    context.kind.is_callable()
        && (context.attributes.iter().any(|a| {
            let a = a.trim_start_matches("#[").trim_end_matches(']');
            a == "test" || a.ends_with("::test") || a.starts_with("rstest") || a.starts_with("pytest.mark")
        }) || (context.role == Role::Test
            && (context.name.starts_with("test_") || context.name.starts_with("Test"))))
}

fn test_case(context: &SymbolContext) -> Statement {
    let words = name_words(context.name.trim_start_matches("test_").trim_start_matches("Test"));
    let text = if words.is_empty() { "Test case.".to_owned() } else { format!("Test case: {words}.") };
    Statement { text, evidence: vec!["name".to_owned()] }
}

/// `parse_empty_header`, `parseEmptyHeader` and `HTMLHeader` as words; acronyms keep their capitals.
fn name_words(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (idx, letter) in letters.iter().enumerate() {
        let before = idx.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(idx + 1);
        let begins = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && after.is_some_and(|c| c.is_lowercase()))
            });
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let (Some(word), true) = (words.last_mut(), letter.is_alphanumeric()) {
            word.push(*letter);
        }
    }
    let is_acronym = |word: &str| word.chars().filter(|c| c.is_uppercase()).count() > 1;
    let shown = words.iter().filter(|word| !word.is_empty());
    shown
        .map(|word| if is_acronym(word) { word.clone() } else { word.to_lowercase() })
        .collect::<Vec<_>>()
        .join(" ")
}

fn callable(context: &SymbolContext) -> Statement {
    let word = if context.kind == SymbolKind::Method { "method" } else { "function" };
    let owner = context.parent.as_ref().filter(|parent| parent.kind != SymbolKind::Module);
    let (trait_name, type_name) = owner.map_or((None, None), |parent| impl_parts(&parent.name));
    let returns_own = context.return_type.as_deref().is_some_and(|t| is_own_type(t, owner, type_name));
    let is_maker = returns_own
        && matches!(
            context.name.as_str(),
            "new" | "create" | "default" | "builder" | "from" | "open" | "connect"
        );
    let mut text = match (trait_name, type_name, owner) {
        (Some(trait_name), Some(type_name), _) => {
            format!("Implements {} of {} for {}", code(&context.name), code(trait_name), code(type_name))
        }
        (None, Some(type_name), _) if is_maker => {
            format!("Creates {} {}{}", article(type_name), code(type_name), taking(context, " from "))
        }
        (_, type_name, Some(parent)) => {
            let name = type_name.unwrap_or(&parent.name);
            let opening = if parent.kind.is_callable() { "nested in" } else { "of" };
            format!(
                "{} {word} {opening} {}{}",
                modifier(context),
                code(name),
                taking(context, " that takes ")
            )
        }
        (_, _, None) if input_names(context).is_empty() && !says_result(context) => {
            format!("{} {word} {}", modifier(context), code(&context.name))
        }
        (_, _, None) => format!("{} {word}{}", modifier(context), taking(context, " that takes ")),
    };
    let takes = !input_names(context).is_empty() && !text.starts_with("Implements");
    if let Some(returned) = context.return_type.as_deref().filter(|t| !is_maker && worth_saying(t)) {
        let link = if text.starts_with("Implements") {
            ", returning "
        } else if takes {
            " and returns "
        } else {
            " that returns "
        };
        text = format!("{text}{link}{}", code(returned));
    }
    Statement { text: format!("{}.", capitalised(text.trim())), evidence: vec!["signature".to_owned()] }
}

fn modifier(context: &SymbolContext) -> &'static str {
    let has = |word: &str| context.modifiers.iter().any(|m| m == word);
    match () {
        () if has("async") => "Asynchronous",
        () if has("generator") => "Generator",
        () if has("abstract") => "Abstract",
        () if has("static") => "Static",
        () if has("getter") => "Getter",
        () if has("setter") => "Setter",
        () => "",
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// Splits the name of an impl block: `impl Display for Foo` into trait and type.
fn impl_parts(name: &str) -> (Option<&str>, Option<&str>) {
    let Some(body) = name.strip_prefix("impl ") else { return (None, None) };
    match body.split_once(" for ") {
        Some((trait_name, type_name)) => (Some(trait_name), Some(type_name)),
        None => (None, Some(body)),
    }
}

fn is_own_type(returned: &str, owner: Option<&Neighbour>, type_name: Option<&str>) -> bool {
    let bare = |name: &str| name.split('<').next().unwrap_or(name).trim_start_matches(['&', '*']).to_owned();
    let returned = bare(returned);
    returned == "Self"
        || type_name.is_some_and(|t| bare(t) == returned)
        || owner.is_some_and(|o| bare(&o.name) == returned)
}

fn worth_saying(type_name: &str) -> bool {
    !type_name.is_empty()
        && type_name.chars().count() <= MAX_TYPE_CHARS
        && !matches!(type_name, "None" | "()" | "void" | "undefined")
}

fn says_result(context: &SymbolContext) -> bool {
    context.return_type.as_deref().is_some_and(worth_saying)
}

fn input_names(context: &SymbolContext) -> Vec<String> {
    let is_receiver = |name: &str| {
        matches!(
            name.trim_start_matches(['&', '*']).trim_start_matches("mut "),
            "self" | "cls" | "this" | "_"
        )
    };
    let named = context
        .parameters
        .iter()
        .filter(|p| !p.name.is_empty() && p.name.len() <= 40 && !is_receiver(&p.name));
    named.map(|p| code(&p.name)).collect()
}

fn taking(context: &SymbolContext, link: &str) -> String {
    let names = input_names(context);
    if names.is_empty() {
        return String::new();
    }
    let shown = &names[..names.len().min(MAX_NAMES)];
    format!("{link}{}", list(shown, names.len()))
}

fn owner_phrase(context: &SymbolContext) -> String {
    match &context.parent {
        Some(parent) => {
            let name = impl_parts(&parent.name).1.unwrap_or(&parent.name);
            format!("{} {}", article(name), code(name))
        }
        None => "an instance".to_owned(),
    }
}

fn of_parent(context: &SymbolContext) -> String {
    context.parent.as_ref().map_or_else(|| code(&context.file_path), |parent| code(&parent.name))
}

fn type_opening(context: &SymbolContext) -> String {
    let mut opening = capitalised(context.kind.as_str());
    if !context.bases.is_empty() {
        let names: Vec<_> = context.bases.iter().take(MAX_NAMES).map(|base| code(base)).collect();
        let verb = if context.kind == SymbolKind::Struct { "embedding" } else { "extending" };
        opening = format!("{opening} {verb} {}", list(&names, context.bases.len()));
    }
    if !context.implements.is_empty() {
        let names: Vec<_> = context.implements.iter().take(MAX_NAMES).map(|name| code(name)).collect();
        opening = format!(
            "{opening}{} implementing {}",
            if context.bases.is_empty() { "" } else { "," },
            list(&names, context.implements.len())
        );
    }
    opening
}

/// Says what a type or module is made of.
fn members(context: &SymbolContext, opening: &str, link: &str) -> Statement {
    if context.n_members == 0 {
        let shown =
            if opening.contains('`') { opening.to_owned() } else { format!("{opening} without members") };
        return Statement { text: format!("{shown}."), evidence: vec!["signature".to_owned()] };
    }
    let names: Vec<_> = context.members.iter().take(MAX_MEMBERS).map(|member| code(&member.name)).collect();
    let word = member_word(context);
    let total = context.n_members as usize;
    let text = format!("{opening} {link} {}: {}.", count(total, word), list(&names, total));
    Statement { text, evidence: vec!["members".to_owned()] }
}

/// Names the members by their kind when they are all of one.
fn member_word(context: &SymbolContext) -> &'static str {
    let all_listed = context.members.len() == context.n_members as usize;
    let mut kinds = context.members.iter().map(|member| member.kind);
    let first = kinds.next();
    match first.filter(|kind| all_listed && kinds.all(|other| other == *kind)) {
        Some(SymbolKind::Method) => "method",
        Some(SymbolKind::Function) => "function",
        Some(SymbolKind::Field) => "field",
        Some(SymbolKind::Property) => "property",
        Some(SymbolKind::EnumVariant) => "variant",
        Some(SymbolKind::Class) => "class",
        Some(SymbolKind::Constant) => "constant",
        _ if context.kind == SymbolKind::Enum => "member",
        _ if context.kind == SymbolKind::Module => "symbol",
        _ => "member",
    }
}

fn implementation(context: &SymbolContext) -> Statement {
    match impl_parts(&context.name) {
        (Some(trait_name), Some(type_name)) => Statement {
            text: format!("Implements {} for {}.", code(trait_name), code(type_name)),
            evidence: vec!["signature".to_owned()],
        },
        (_, Some(type_name)) => members(context, &format!("Implementation of {}", code(type_name)), "with"),
        _ => members(context, "Implementation", "with"),
    }
}

fn alias(context: &SymbolContext) -> String {
    match context.return_type.as_deref().filter(|t| worth_saying(t)) {
        Some(target) => format!("Another name for {}.", code(target)),
        None => format!("Type alias {}.", code(&context.name)),
    }
}

fn typed(context: &SymbolContext, word: &str) -> String {
    let owner = context.parent.as_ref().map_or(String::new(), |parent| format!(" of {}", code(&parent.name)));
    match context.return_type.as_deref().filter(|t| worth_saying(t)) {
        Some(type_name) => format!("{word}{owner} of type {}.", code(type_name)),
        None if owner.is_empty() => format!("{word} {}.", code(&context.name)),
        None => format!("{word}{owner}."),
    }
}

/// Says who uses the symbol, or what it uses where nobody is known to.
fn from_relations(context: &SymbolContext, has_lead: bool) -> Option<Statement> {
    let calls = || relation("Calls", "calls", &context.calls, context.n_calls, context.id);
    let called_by = || callers(context);
    if is_test(context) || (!has_lead && context.kind.is_callable()) {
        return calls().or_else(called_by);
    }
    called_by().or_else(calls)
}

/// Says who calls the symbol; of one of the product, how many callers are in tests is said apart.
fn callers(context: &SymbolContext) -> Option<Statement> {
    let of = |opening, neighbours: &[Neighbour], total| {
        relation(opening, "called_by", neighbours, total, context.id)
    };
    let n_support = context.n_called_by_support;
    if n_support == 0 || is_support(context.role) {
        return of("Called by", &context.called_by, context.n_called_by);
    }
    let n_product = context.n_called_by.saturating_sub(n_support);
    let (product, support) = context.called_by.split_at((n_product as usize).min(context.called_by.len()));
    match of("Called by", product, n_product) {
        Some(statement) => {
            let text = statement.text.trim_end_matches('.');
            Some(Statement {
                text: format!("{text}; in tests by {}.", thousands(n_support as usize)),
                ..statement
            })
        }
        None => of("Called only in tests, by", support, n_support),
    }
}

fn relation(
    opening: &str,
    word: &str,
    neighbours: &[Neighbour],
    total: u32,
    own: SymbolId,
) -> Option<Statement> {
    let others: Vec<_> = neighbours.iter().filter(|n| n.id != own).collect();
    let n_self = neighbours.len() - others.len();
    let shown: Vec<_> = others.iter().take(MAX_NAMES).collect();
    let names: Vec<_> = shown.iter().map(|n| code(&n.display_name)).collect();
    if names.is_empty() {
        return None;
    }
    Some(Statement {
        text: format!("{opening} {}.", list(&names, (total as usize).saturating_sub(n_self))),
        evidence: shown.iter().map(|n| format!("{word}:{}", n.display_name)).collect(),
    })
}
