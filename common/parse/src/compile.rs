//! A language's table with every name looked up once: rules by kind id, fields by field id.

use foldhash::HashMap;

use crate::body::code::Op;
use crate::body::effects::KnownWords;
use crate::body::form::{CompiledForm, Form, MAX_SLOTS, REST};
use crate::table::{
    Bind, Branch, Define, FIRST, LanguageTable, Path, Refer, Rule, SECOND, THIRD, Token, Trivia, Values,
};

/// A name in a table that its grammar does not have, or a grammar that does not load.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TableError {
    #[error("the grammar has no node kind `{0}`")]
    UnknownKind(&'static str),
    #[error("the grammar has no token `{0}`")]
    UnknownToken(&'static str),
    #[error("the grammar has no field `{0}`")]
    UnknownField(&'static str),
    #[error("a form has more than {MAX_SLOTS} entries: {0:?}")]
    TooManySlots(Op),
    #[error("the grammar's version {0} cannot be read by this tree-sitter")]
    Version(usize),
}

/// A field's id; 0 for none.
pub(crate) type Field = u16;

/// Stands for the first child where a field is asked for; no grammar has as many fields.
pub(crate) const FIRST_CHILD: Field = Field::MAX;

/// What the tape keeps of a kind.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Keep {
    pub(crate) on_tape: bool,
    pub(crate) children: bool,
    pub(crate) comment: bool,
    /// How a definition's digest sees it.
    pub(crate) layout: Layout,
}

/// What a kind means to whoever formats code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Layout {
    /// It says something.
    #[default]
    Code,
    /// A comment, a line's end or its continuation.
    LeftOut,
    /// Statements, whose end a token may not show.
    Block,
    /// A comma says nothing right before a bracket that closes.
    Comma,
    Closing,
    /// Except here: `(a,)` is not `(a)`.
    Tuple,
}

impl Layout {
    fn of(name: &str, rule: &Rule) -> Self {
        match name {
            _ if rule.trivia == Trivia::Comment => Self::LeftOut,
            _ if rule.statements => Self::Block,
            "," => Self::Comma,
            ")" | "]" | "}" | ">" => Self::Closing,
            "tuple" | "tuple_expression" | "tuple_pattern" | "tuple_type" => Self::Tuple,
            "line_continuation" => Self::LeftOut,
            name if name.trim().is_empty() => Self::LeftOut,
            _ => Self::Code,
        }
    }
}

/// A [`LanguageTable`], ready for one look-up per node.
pub(crate) struct Table {
    pub(crate) source: &'static LanguageTable,
    pub(crate) words: KnownWords,
    grammar: tree_sitter::Language,
    fields: HashMap<String, Field>,
    names: Vec<String>,
    keeps: Vec<Keep>,
    rules: Vec<KindRule>,
}

/// A [`Rule`] with ids for names.
#[derive(Clone, Copy)]
pub(crate) struct KindRule {
    pub(crate) rule: Rule,
    pub(crate) token: Option<Token>,
    pub(crate) wraps: Field,
    pub(crate) define: DefineFields,
    pub(crate) bind: BindFields,
    pub(crate) refer: Field,
    pub(crate) path: PathFields,
    pub(crate) values: ValueSlot,
    pub(crate) chained_as: Field,
    pub(crate) form: CompiledForm,
    /// Whether the pass has anything to do here at all.
    pub(crate) active: bool,
}

#[derive(Clone, Copy, Default)]
pub(crate) struct DefineFields {
    pub(crate) name: Field,
    pub(crate) body: Field,
    pub(crate) parameters: Field,
    pub(crate) returns: Field,
    pub(crate) generics: Field,
    pub(crate) value: Field,
}

#[derive(Clone, Copy, Default)]
pub(crate) struct BindFields {
    pub(crate) pattern: Field,
    pub(crate) type_name: Field,
    pub(crate) value: Field,
}

#[derive(Clone, Copy)]
pub(crate) enum PathFields {
    Nameless,
    Name,
    Keyword,
    Join(Field, &'static str, Field),
    Suffix(Field, &'static str),
    Through(Field),
}

#[derive(Clone, Copy)]
pub(crate) enum ValueSlot {
    None,
    Any,
    Field(Field),
}

impl KindRule {
    const EMPTY: Self = Self {
        rule: Rule::EMPTY,
        token: None,
        wraps: 0,
        define: DefineFields { name: 0, body: 0, parameters: 0, returns: 0, generics: 0, value: 0 },
        bind: BindFields { pattern: 0, type_name: 0, value: 0 },
        refer: 0,
        path: PathFields::Nameless,
        values: ValueSlot::None,
        chained_as: 0,
        form: CompiledForm::UNKNOWN,
        active: false,
    };

    /// Tells whether a child in this field stands where a callable may be handed over.
    pub(crate) fn hands_over(&self, field: Field) -> bool {
        match self.values {
            ValueSlot::None => false,
            ValueSlot::Any => true,
            ValueSlot::Field(wanted) => wanted == field,
        }
    }
}

impl Table {
    /// Looks every name up; the first one that the grammar does not have is the error.
    pub(crate) fn compile(source: &'static LanguageTable) -> Result<Self, TableError> {
        let grammar = (source.grammar)();
        let version = grammar.abi_version();
        if !(tree_sitter::MIN_COMPATIBLE_LANGUAGE_VERSION..=tree_sitter::LANGUAGE_VERSION).contains(&version)
        {
            return Err(TableError::Version(version));
        }
        let n_kinds = grammar.node_kind_count();
        let mut table = Self {
            source,
            words: KnownWords::of(&source.body),
            fields: field_ids(&grammar),
            names: kind_names(&grammar),
            keeps: vec![Keep::default(); n_kinds],
            rules: vec![KindRule::EMPTY; n_kinds],
            grammar,
        };
        table.keep_named();
        for (name, rule) in source.kinds {
            table.add_kind(name, rule)?;
        }
        for &(name, token) in source.tokens {
            table.add_token(name, token)?;
        }
        Ok(table)
    }

    pub(crate) fn grammar(&self) -> &tree_sitter::Language {
        &self.grammar
    }

    /// Returns what to keep of a kind; error nodes are kept.
    pub(crate) fn keep(&self, kind: u16) -> Keep {
        self.keeps.get(kind as usize).copied().unwrap_or(Keep {
            on_tape: true,
            children: true,
            comment: false,
            layout: Layout::Code,
        })
    }

    /// Returns a kind's rule; kinds without one have the empty rule.
    pub(crate) fn rule(&self, kind: u16) -> &KindRule {
        self.rules.get(kind as usize).unwrap_or(&KindRule::EMPTY)
    }

    /// Tells whether some kind holds tokens that may be code.
    pub(crate) fn splices(&self) -> bool {
        self.source.kinds.iter().any(|(_, rule)| rule.splice.is_some())
    }

    /// Returns a field's id for a hook; 0, which no child has, for a name that the grammar does not know.
    pub(crate) fn field(&self, name: &str) -> Field {
        let found = self.fields.get(name);
        debug_assert!(found.is_some(), "no field `{name}`");
        found.copied().unwrap_or(0)
    }

    /// Tells whether a kind has this name.
    pub(crate) fn is(&self, kind: u16, name: &str) -> bool {
        self.names.get(kind as usize).is_some_and(|known| known == name)
    }

    fn keep_named(&mut self) {
        for kind in 0..self.keeps.len() as u16 {
            let named = self.grammar.node_kind_is_named(kind);
            let layout = Layout::of(&self.names[kind as usize], &Rule::EMPTY);
            self.keeps[kind as usize] = Keep { on_tape: named, children: named, comment: false, layout };
        }
    }

    fn add_kind(&mut self, name: &'static str, rule: &Rule) -> Result<(), TableError> {
        let compiled = self.compile_rule(rule)?;
        let mut found = false;
        for kind in 0..self.rules.len() as u16 {
            if self.grammar.node_kind_is_named(kind) && self.is(kind, name) {
                found = true;
                self.rules[kind as usize] = compiled;
                self.keeps[kind as usize].children = !rule.opaque;
                self.keeps[kind as usize].comment = rule.trivia == Trivia::Comment;
                self.keeps[kind as usize].layout = Layout::of(name, rule);
            }
        }
        if found { Ok(()) } else { Err(TableError::UnknownKind(name)) }
    }

    fn add_token(&mut self, name: &'static str, token: Token) -> Result<(), TableError> {
        let mut found = false;
        for kind in 0..self.rules.len() as u16 {
            if !self.grammar.node_kind_is_named(kind) && self.is(kind, name) {
                found = true;
                self.rules[kind as usize].token = Some(token);
                self.rules[kind as usize].active = token != Token::Word;
                self.keeps[kind as usize].on_tape = true;
            }
        }
        if found { Ok(()) } else { Err(TableError::UnknownToken(name)) }
    }

    fn compile_rule(&self, rule: &Rule) -> Result<KindRule, TableError> {
        let chained_as = match rule.branch {
            Branch::Decision { chained_as } => self.look_up(chained_as)?,
            _ => 0,
        };
        Ok(KindRule {
            rule: *rule,
            token: None,
            wraps: self.look_up(rule.wraps)?,
            define: rule.define.map(|define| self.define_fields(&define)).transpose()?.unwrap_or_default(),
            bind: rule.bind.map(|bind| self.bind_fields(&bind)).transpose()?.unwrap_or_default(),
            refer: rule.refer.map(|Refer { field, .. }| self.look_up(field)).transpose()?.unwrap_or(0),
            path: self.path_fields(rule.path)?,
            values: match rule.values {
                Values::None => ValueSlot::None,
                Values::Any => ValueSlot::Any,
                Values::Field(field) => ValueSlot::Field(self.look_up(field)?),
            },
            chained_as,
            form: self.compile_form(&rule.form)?,
            active: is_active(rule),
        })
    }

    fn compile_form(&self, form: &Form) -> Result<CompiledForm, TableError> {
        let mut compiled = CompiledForm { op: form.op, decide: form.decide, ..CompiledForm::UNKNOWN };
        let mut n_slots = 0;
        for &(field, slot) in form.slots {
            if field == REST {
                compiled.rest = slot;
                continue;
            }
            let place = compiled.slots.get_mut(n_slots).ok_or(TableError::TooManySlots(form.op))?;
            *place = (self.look_up(field)?, slot);
            n_slots += 1;
        }
        Ok(compiled)
    }

    fn define_fields(&self, define: &Define) -> Result<DefineFields, TableError> {
        Ok(DefineFields {
            name: self.look_up(define.name)?,
            body: self.look_up(define.body)?,
            parameters: self.look_up(define.parameters)?,
            returns: self.look_up(define.returns)?,
            generics: self.look_up(define.generics)?,
            value: self.look_up(define.value)?,
        })
    }

    fn bind_fields(&self, bind: &Bind) -> Result<BindFields, TableError> {
        Ok(BindFields {
            pattern: self.look_up(bind.pattern)?,
            type_name: self.look_up(bind.type_name)?,
            value: self.look_up(bind.value)?,
        })
    }

    fn path_fields(&self, path: Path) -> Result<PathFields, TableError> {
        Ok(match path {
            Path::Nameless => PathFields::Nameless,
            Path::Name => PathFields::Name,
            Path::Keyword => PathFields::Keyword,
            Path::Join(left, separator, right) => {
                PathFields::Join(self.look_up(left)?, separator, self.look_up(right)?)
            }
            Path::Suffix(inner, suffix) => PathFields::Suffix(self.look_up(inner)?, suffix),
            Path::Through(inner) => PathFields::Through(self.look_up(inner)?),
        })
    }

    fn look_up(&self, name: &'static str) -> Result<Field, TableError> {
        match name {
            "" => return Ok(0),
            FIRST => return Ok(FIRST_CHILD),
            SECOND => return Ok(FIRST_CHILD - 1),
            THIRD => return Ok(FIRST_CHILD - 2),
            _ => {}
        }
        self.fields.get(name).copied().ok_or(TableError::UnknownField(name))
    }
}

fn is_active(rule: &Rule) -> bool {
    rule.define.is_some()
        || !rule.wraps.is_empty()
        || rule.wraps_only
        || rule.scope.is_some()
        || rule.bind.is_some()
        || rule.refer.is_some()
        || rule.path != Path::Nameless
        || rule.reader.is_some()
        || rule.branch != Branch::None
        || rule.trivia != Trivia::None
        || rule.type_region
        || rule.parameters
        || rule.hook.is_some()
}

fn field_ids(grammar: &tree_sitter::Language) -> HashMap<String, Field> {
    let ids = 1..=grammar.field_count() as u16;
    ids.filter_map(|id| Some((grammar.field_name_for_id(id)?.to_owned(), id))).collect()
}

fn kind_names(grammar: &tree_sitter::Language) -> Vec<String> {
    let kinds = 0..grammar.node_kind_count() as u16;
    kinds.map(|kind| grammar.node_kind_for_id(kind).unwrap_or_default().to_owned()).collect()
}
