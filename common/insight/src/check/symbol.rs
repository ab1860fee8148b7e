//! Claims about a symbol against its signature, its body and its edges.

use docpack::{ConditionKind, Effect, LiteralKind, StepKind};
use model::body::{Body, Condition, Step};
use model::context::{Neighbour, SymbolContext};

use super::claim::{Claim, Fact, SymbolClaim, same_code, same_name, unfounded};
use crate::finding::Finding;
use crate::wording::code;

/// Conditions told of one step, outermost first.
const MAX_CONDITIONS: usize = 2;

/// Decides a claim; what holds is told in the words of the facts, never in those of the claim.
pub(super) fn decide(claim: &Claim, context: &SymbolContext) -> Result<Fact<SymbolClaim>, Finding> {
    let Some(kind) = SymbolClaim::from_word(&claim.kind) else {
        return Err(unfounded(claim, "there is no such kind of claim"));
    };
    let subject = Subject { claim, context, kind };
    match kind {
        SymbolClaim::Returns => subject.returns(),
        SymbolClaim::Yields => subject.step(&[StepKind::Yield], same_code),
        SymbolClaim::Raises => subject.raises(),
        SymbolClaim::Handles => subject.handles(),
        SymbolClaim::Effect => subject.effect(),
        SymbolClaim::Writes => subject.writes(),
        SymbolClaim::Literal => subject.literal(),
        SymbolClaim::Default => subject.default(),
        SymbolClaim::Takes => subject.takes(),
        SymbolClaim::Calls => subject.calls(),
        SymbolClaim::CalledBy => subject.neighbour(&context.called_by),
        SymbolClaim::Extends => subject.extends(),
        SymbolClaim::Member => subject.neighbour(&context.members),
    }
}

struct Subject<'c> {
    claim: &'c Claim,
    context: &'c SymbolContext,
    kind: SymbolClaim,
}

type Decided = Result<Fact<SymbolClaim>, Finding>;

impl Subject<'_> {
    fn holds(&self, object: String, condition: String, evidence: &str) -> Decided {
        Ok(Fact {
            kind: self.kind,
            object,
            condition,
            evidence: format!("{}:{evidence}", self.kind.as_str()),
        })
    }

    fn fails(&self, why: &str) -> Decided {
        Err(unfounded(self.claim, why))
    }

    fn body(&self) -> Option<&Body> {
        self.context.body.as_deref()
    }

    /// Finds the first step that passes and stands under the condition that is claimed.
    fn find(&self, is_meant: impl Fn(&Step) -> bool) -> Result<(&Step, String), &'static str> {
        let Some(body) = self.body() else { return Err("the body is not known") };
        let mut meant = body.steps.iter().filter(|step| is_meant(step)).peekable();
        if meant.peek().is_none() {
            return Err("no line of the body shows it");
        }
        let found = meant.find(|step| is_under(body, step, &self.claim.when));
        let found = found.ok_or("it does not stand under that condition")?;
        Ok((found, condition_of(body, found)))
    }

    fn of_step(&self, step: &Step, object: String, condition: String) -> Decided {
        self.holds(object, condition, &format!("{}@{}", step.text, step.line))
    }

    fn step(&self, kinds: &[StepKind], same: fn(&str, &str) -> bool) -> Decided {
        let name = self.claim.name.as_str();
        match self.find(|step| kinds.contains(&step.kind) && same(&step.text, name)) {
            Ok((step, condition)) => self.of_step(step, code(&step.text), condition),
            Err(why) => self.fails(why),
        }
    }

    /// An error of its own, or one of a call that it hands on.
    fn raises(&self) -> Decided {
        let own = self.step(&[StepKind::Raise], same_name);
        let handed_on =
            |step: &Step| step.kind == StepKind::Propagate && same_name(&step.text, &self.claim.name);
        match self.find(handed_on) {
            Ok((step, condition)) if own.is_err() => {
                self.of_step(step, format!("what {} fails with", code(&step.text)), condition)
            }
            _ => own,
        }
    }

    /// A type by the signature, anything else by the body.
    fn returns(&self) -> Decided {
        let by_body = self.step(&[StepKind::Return], same_code);
        if by_body.is_ok() {
            return by_body;
        }
        match &self.context.return_type {
            Some(declared) if self.claim.when.is_empty() && is_type(&self.claim.name, declared) => {
                self.holds(code(declared), String::new(), "signature")
            }
            _ => by_body,
        }
    }

    fn handles(&self) -> Decided {
        let caught = |condition: &&Condition| {
            condition.kind == ConditionKind::Catch
                && names(&condition.text).any(|name| same_name(name, &self.claim.name))
        };
        let Some(body) = self.body() else { return self.fails("the body is not known") };
        match body.conditions.iter().find(caught) {
            Some(found) => {
                self.holds(code(&found.text), String::new(), &format!("{}@{}", found.text, found.line))
            }
            None => self.fails("it is caught nowhere in the body"),
        }
    }

    fn effect(&self) -> Decided {
        let wanted = Effect::from_word(&self.claim.name.trim().to_lowercase().replace([' ', '-'], "_"));
        let Some(wanted) = wanted else { return self.fails("there is no such effect") };
        let by = self.claim.value.as_str();
        let is_meant = |step: &Step| {
            step.effect == Some(wanted)
                && (by.is_empty()
                    || same_name(&step.text, by)
                    || step.literals.iter().any(|literal| same_code(&literal.text, by)))
        };
        match self.find(is_meant) {
            Ok((step, condition)) => {
                let object = format!("{} by {}", effect_words(wanted), code(&step.text));
                self.of_step(step, object, condition)
            }
            Err(why) => self.fails(why),
        }
    }

    fn writes(&self) -> Decided {
        let Claim { name, value, .. } = self.claim;
        let is_meant = |step: &Step| {
            step.kind == StepKind::Write
                && same_code(&step.text, name)
                && (value.is_empty() || step.value.as_deref().is_some_and(|it| same_code(it, value)))
        };
        match self.find(is_meant) {
            Ok((step, condition)) => {
                let to = step.value.as_deref().filter(|_| !value.is_empty());
                let to = to.map_or(String::new(), |value| format!(" to {}", code(value)));
                self.of_step(step, format!("{}{to}", code(&step.text)), condition)
            }
            Err(why) => self.fails(why),
        }
    }

    fn literal(&self) -> Decided {
        let Some(wanted) = LiteralKind::from_word(self.claim.name.trim()) else {
            return self.fails("there is no such kind of literal");
        };
        let is_same = |text: &str| same_code(&text.to_lowercase(), &self.claim.value.to_lowercase());
        let of = |step: &Step| {
            let mut literals = step.literals.iter();
            literals.find(|it| it.kind == wanted && is_same(&it.text)).map(|it| it.text.clone())
        };
        match self.find(|step| of(step).is_some()) {
            Ok((step, condition)) => {
                let text = of(step).unwrap_or_default();
                let object = format!("{} {}", literal_words(wanted), code(&text));
                self.holds(object, condition, &format!("{text}@{}", step.line))
            }
            Err(why) => self.fails(why),
        }
    }

    fn default(&self) -> Decided {
        let Claim { name, value, .. } = self.claim;
        let found = self.context.parameters.iter().find(|it| is_parameter(&it.name, name));
        match found.and_then(|it| Some((it, it.default.as_deref()?))) {
            Some((parameter, default)) if same_code(default, value) => self.holds(
                format!("{} being {} by default", code(plain(&parameter.name)), code(default)),
                String::new(),
                plain(&parameter.name),
            ),
            Some(_) => self.fails("its default is another one"),
            None => self.fails("no parameter of that name has a default"),
        }
    }

    fn takes(&self) -> Decided {
        let Claim { name, value, .. } = self.claim;
        let is_meant = |type_name: Option<&str>| {
            value.is_empty() || type_name.is_some_and(|declared| is_type(value, declared))
        };
        match self.context.parameters.iter().find(|it| is_parameter(&it.name, name)) {
            Some(found) if is_meant(found.type_name.as_deref()) => {
                self.holds(code(plain(&found.name)), String::new(), plain(&found.name))
            }
            Some(_) => self.fails("its type is another one"),
            None => self.fails("there is no such parameter"),
        }
    }

    /// By an edge where the callee is known, else by the body.
    fn calls(&self) -> Decided {
        let name = self.claim.name.as_str();
        let edge = self.context.calls.iter().find(|it| is_neighbour(it, name));
        let is_meant = |step: &Step| step.kind == StepKind::Call && same_name(&step.text, name);
        match (edge, self.find(is_meant)) {
            (Some(callee), found) => {
                let Ok((step, condition)) = found else {
                    // Listed callees may be called where no step is kept; a condition needs one.
                    return match self.claim.when.is_empty() {
                        true => self.holds(code(&callee.display_name), String::new(), &callee.id.to_string()),
                        false => self.fails("it does not stand under that condition"),
                    };
                };
                let evidence = format!("{}@{}", callee.id, step.line);
                self.holds(code(&callee.display_name), condition, &evidence)
            }
            (None, Ok((step, condition))) => self.of_step(step, code(&step.text), condition),
            (None, Err(why)) => self.fails(why),
        }
    }

    fn neighbour(&self, of: &[Neighbour]) -> Decided {
        match of.iter().find(|it| is_neighbour(it, &self.claim.name)) {
            Some(found) => self.holds(code(&found.display_name), String::new(), &found.id.to_string()),
            None => self.fails("the graph has no such edge"),
        }
    }

    fn extends(&self) -> Decided {
        let mut bases = self.context.bases.iter().chain(&self.context.implements);
        match bases.find(|base| same_name(base, &self.claim.name)) {
            Some(base) => self.holds(code(base), String::new(), base),
            None => self.fails("it has no such base"),
        }
    }
}

fn is_neighbour(found: &Neighbour, name: &str) -> bool {
    same_name(&found.display_name, name)
}

/// A parameter's name without stars, dots and patterns around it.
fn plain(name: &str) -> &str {
    name.trim_start_matches(['*', '&', '.', ' ']).trim_start_matches("mut ")
}

fn is_parameter(found: &str, name: &str) -> bool {
    same_code(plain(found), plain(name.trim_matches('`')))
}

/// The names in a text of several, such as `(KeyError, ValueError)`.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '(', ')', '|', '[', ']', ' ']).filter(|name| !name.is_empty())
}

/// Tells whether a type is the declared one, or what a union, an option or a result of it holds.
fn is_type(claimed: &str, declared: &str) -> bool {
    let parts = declared.split(['|', ',', '<', '>', '[', ']', '(', ')', ' ']);
    same_code(claimed, declared) || parts.filter(|part| !part.is_empty()).any(|part| same_name(part, claimed))
}

/// Tells whether a step stands under a condition as written; an empty one asks for nothing.
fn is_under(body: &Body, step: &Step, when: &str) -> bool {
    if when.trim().is_empty() {
        return true;
    }
    let negated = |text: &str| ["not", "!"].iter().any(|mark| same_code(&format!("{mark} {text}"), when));
    chain(body, step).any(|condition| match condition.kind {
        ConditionKind::Otherwise => negated(&condition.text) || when.trim() == "otherwise",
        ConditionKind::Case => {
            same_code(&condition.text, when) || condition.text.split(": ").any(|part| same_code(part, when))
        }
        _ => same_code(&condition.text, when),
    })
}

/// The conditions around a step, innermost first.
fn chain<'b>(body: &'b Body, step: &Step) -> impl Iterator<Item = &'b Condition> {
    let at = |idx: Option<u32>| body.conditions.get(idx? as usize);
    // A condition comes before those within it, so that the walk ends.
    std::iter::successors(at(step.under), move |inner| at(inner.within)).take(body.conditions.len())
}

/// Says under what a step stands: ` if …`, or nothing.
fn condition_of(body: &Body, step: &Step) -> String {
    let mut told: Vec<&Condition> = chain(body, step).take(MAX_CONDITIONS).collect();
    told.reverse();
    let is_plain = |it: &&Condition| matches!(it.kind, ConditionKind::If | ConditionKind::Otherwise);
    if told.len() < MAX_CONDITIONS || !told.iter().all(is_plain) {
        return told.into_iter().map(condition_words).collect();
    }
    let both = told.iter().map(|it| match it.kind {
        ConditionKind::Otherwise => format!("not {}", code(&it.text)),
        _ => code(&it.text),
    });
    format!(" if {}", both.collect::<Vec<_>>().join(" and "))
}

fn condition_words(condition: &Condition) -> String {
    let text = code(&condition.text);
    match condition.kind {
        ConditionKind::If => format!(" if {text}"),
        ConditionKind::Otherwise => format!(" unless {text}"),
        ConditionKind::Loop if condition.text.is_empty() => " in a loop".to_owned(),
        ConditionKind::Loop => format!(" in a loop over {text}"),
        ConditionKind::Case => format!(" in the case {text}"),
        ConditionKind::Catch if condition.text.is_empty() => " after an error".to_owned(),
        ConditionKind::Catch => format!(" after {text} is caught"),
        ConditionKind::Finally => " at the end, whatever happens".to_owned(),
        ConditionKind::Closure => " in a nested function".to_owned(),
    }
}

fn effect_words(effect: Effect) -> &'static str {
    match effect {
        Effect::FileRead => "reads files",
        Effect::FileWrite => "writes files",
        Effect::Network => "uses the network",
        Effect::Database => "uses a database",
        Effect::Process => "runs a process",
        Effect::Log => "writes to the log",
        Effect::Clock => "reads the clock",
        Effect::Random => "draws random numbers",
        Effect::Environment => "uses the environment",
        Effect::Lock => "takes a lock",
        Effect::Spawn => "starts a task",
    }
}

fn literal_words(kind: LiteralKind) -> &'static str {
    match kind {
        LiteralKind::Status => "the status",
        LiteralKind::Method => "the method",
        LiteralKind::Route => "the route",
        LiteralKind::Header => "the header",
        LiteralKind::Option => "the option",
        LiteralKind::Environment => "the environment variable",
        LiteralKind::Sql => "the SQL",
        LiteralKind::Url => "the address",
        LiteralKind::Text => "the text",
        LiteralKind::Number => "the number",
    }
}
