//! The smallest answer that a schema allows, for servers without a closure.

use serde::Deserialize;
use serde_json::Value;

use crate::testserver::Question;

const SENTENCE: &str = "Adds what it is given.";
const ID_MEMBER: &str = "id";
const CLAIMS_MEMBER: &str = "claims";
const ID_PREFIX: &str = "sym_";

/// Answers a question by its schema, or with a sentence.
///
/// A list whose items have an `id` gets one item for each value that the schema allows there, or else for
/// each symbol id that the question names.
pub(super) fn answer(question: &Question) -> String {
    answer_with(question, &|| SENTENCE)
}

/// Answers likewise, with the next sentence for each text.
///
/// `{name}` in it becomes the first name in backticks below the heading of the item's id.
pub(super) fn answer_with<'s>(question: &'s Question, sentence: &'s dyn Fn() -> &'s str) -> String {
    let schema = question.schema.as_deref().and_then(|schema| serde_json::from_str(schema).ok());
    let ids = symbol_ids(&question.user);
    let sampler = Sampler { ids, sentence, prompt: &question.user };
    schema.map_or_else(|| sentence().to_owned(), |schema: Form| sampler.sample(&schema, None))
}

/// Finds the first name in backticks below a heading.
fn name_below<'t>(text: &'t str, heading: &str) -> Option<&'t str> {
    let (_, below) = text.split_once(&format!("## {heading}\n"))?;
    below.split('`').nth(1)
}

/// Claims that a model would copy: the line of a question that shows them, and their kind.
const COPIED: [(&str, &str); 6] = [
    ("Calls: ", "calls"),
    ("Called by: ", "called_by"),
    ("Extends or implements: ", "extends"),
    ("Members: ", "member"),
    ("Depends on folders: ", "depends_on"),
    ("Used by folders: ", "used_by"),
];
/// Claims copied out of one line, and in all.
const MAX_OF_LINE: usize = 2;
const MAX_COPIED: usize = 4;

/// Copies kinds and names out of the lines below a heading.
fn claims_below<'t>(text: &'t str, heading: &str, kinds: &[Value]) -> Vec<(&'static str, &'t str)> {
    let Some((_, below)) = text.split_once(&format!("## {heading}\n")) else { return Vec::new() };
    let block = below.split("\n## ").next().unwrap_or_default();
    let copied =
        COPIED.iter().filter(|(_, kind)| kinds.contains(&Value::from(*kind))).flat_map(|(label, kind)| {
            let line = block.lines().find_map(|line| line.strip_prefix(label)).unwrap_or_default();
            line.split('`').skip(1).step_by(2).take(MAX_OF_LINE).map(move |name| (*kind, name))
        });
    copied.take(MAX_COPIED).collect()
}

fn symbol_ids(text: &str) -> Vec<Value> {
    let is_outside = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    let mut ids: Vec<Value> = Vec::new();
    for word in text.split(is_outside).filter(|word| word.starts_with(ID_PREFIX)) {
        let id = Value::from(word);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// The parts of JSON Schema that strict structured output allows and that matter here.
#[derive(Deserialize)]
struct Form {
    r#type: Option<Value>,
    /// In the order in which it is written, which is the order of the answer.
    #[serde(default, deserialize_with = "in_order")]
    properties: Vec<(String, Form)>,
    items: Option<Box<Form>>,
    #[serde(rename = "enum")]
    values: Option<Vec<Value>>,
    r#const: Option<Value>,
    #[serde(rename = "minItems")]
    min_items: Option<usize>,
}

/// Fills a form.
struct Sampler<'s> {
    ids: Vec<Value>,
    sentence: &'s dyn Fn() -> &'s str,
    prompt: &'s str,
}

impl Sampler<'_> {
    fn sample(&self, form: &Form, own_id: Option<&Value>) -> String {
        if let Some(value) = form.r#const.as_ref().or(form.values.as_ref().and_then(|values| values.first()))
        {
            return value.to_string();
        }
        match form.kind() {
            "object" => self.object(form, own_id),
            "array" => format!("[{}]", self.list(form).join(",")),
            "integer" | "number" => "0".to_owned(),
            "boolean" => "false".to_owned(),
            "null" => "null".to_owned(),
            _ => Value::from(self.text(own_id)).to_string(),
        }
    }

    fn text(&self, own_id: Option<&Value>) -> String {
        let name = own_id.and_then(Value::as_str).and_then(|id| name_below(self.prompt, id));
        (self.sentence)().replace("{name}", name.unwrap_or("it"))
    }

    fn object(&self, form: &Form, own_id: Option<&Value>) -> String {
        let member = |(name, form): &(String, Form)| {
            let value = match own_id {
                Some(id) if name == ID_MEMBER => id.to_string(),
                Some(id) if name == CLAIMS_MEMBER => self.claims(form, id),
                _ => self.sample(form, own_id),
            };
            format!("{}:{value}", Value::from(name.as_str()))
        };
        format!("{{{}}}", form.properties.iter().map(member).collect::<Vec<_>>().join(","))
    }

    /// What the question itself shows of this id, each text that is not copied empty.
    fn claims(&self, form: &Form, id: &Value) -> String {
        let Some(item) = &form.items else { return "[]".to_owned() };
        let kinds = item.properties.iter().find_map(|(_, form)| form.values.as_deref()).unwrap_or_default();
        let claim = |(kind, copied): (&str, &str)| {
            let member = |(name, _): &(String, Form)| {
                let value = match name.as_str() {
                    "kind" => kind,
                    "name" => copied,
                    _ => "",
                };
                format!("{}:{}", Value::from(name.as_str()), Value::from(value))
            };
            format!("{{{}}}", item.properties.iter().map(member).collect::<Vec<_>>().join(","))
        };
        let copied = claims_below(self.prompt, id.as_str().unwrap_or_default(), kinds);
        format!("[{}]", copied.into_iter().map(claim).collect::<Vec<_>>().join(","))
    }

    fn list(&self, form: &Form) -> Vec<String> {
        let Some(items) = &form.items else { return Vec::new() };
        let id = items.properties.iter().find(|(name, _)| name == ID_MEMBER).map(|(_, form)| form);
        let ids = id.map(|form| form.values.as_deref().unwrap_or(&self.ids));
        match ids.filter(|ids| !ids.is_empty()) {
            Some(ids) => ids.iter().map(|id| self.object(items, Some(id))).collect(),
            None => (0..form.min_items.unwrap_or(1)).map(|_| self.sample(items, None)).collect(),
        }
    }
}

impl Form {
    fn kind(&self) -> &str {
        match &self.r#type {
            Some(Value::String(kind)) => kind,
            Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str).unwrap_or("string"),
            _ => "string",
        }
    }
}

fn in_order<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, Form)>, D::Error> {
    struct InOrder;
    impl<'de> serde::de::Visitor<'de> for InOrder {
        type Value = Vec<(String, Form)>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object of schemas")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }
    deserializer.deserialize_map(InOrder)
}
