//! The smallest answer that a schema allows, for servers without a closure.

use serde::Deserialize;
use serde_json::Value;

use crate::testserver::Question;

const SENTENCE: &str = "Adds what it is given.";
const ID_MEMBER: &str = "id";
const ID_PREFIX: &str = "sym_";

/// Answers a question by its schema, or with a sentence.
///
/// A list whose items have an `id` gets one item for each value that the schema allows there, or else for
/// each symbol id that the question names.
pub(super) fn answer(question: &Question) -> String {
    let schema = question.schema.as_deref().and_then(|schema| serde_json::from_str(schema).ok());
    let ids = symbol_ids(&question.user);
    schema.map_or_else(|| SENTENCE.to_owned(), |schema: Form| schema.sample(&ids))
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

impl Form {
    fn sample(&self, ids: &[Value]) -> String {
        if let Some(value) = self.r#const.as_ref().or(self.values.as_ref().and_then(|values| values.first()))
        {
            return value.to_string();
        }
        match self.kind() {
            "object" => self.object(ids, None),
            "array" => format!("[{}]", self.list(ids).join(",")),
            "integer" | "number" => "0".to_owned(),
            "boolean" => "false".to_owned(),
            "null" => "null".to_owned(),
            _ => Value::from(SENTENCE).to_string(),
        }
    }

    fn object(&self, ids: &[Value], own_id: Option<&Value>) -> String {
        let member = |(name, form): &(String, Self)| {
            let own_id = own_id.filter(|_| name == ID_MEMBER).map(Value::to_string);
            format!("{}:{}", Value::from(name.as_str()), own_id.unwrap_or_else(|| form.sample(ids)))
        };
        format!("{{{}}}", self.properties.iter().map(member).collect::<Vec<_>>().join(","))
    }

    fn list(&self, ids: &[Value]) -> Vec<String> {
        let Some(items) = &self.items else { return Vec::new() };
        let id = items.properties.iter().find(|(name, _)| name == ID_MEMBER).map(|(_, form)| form);
        match id.map(|form| form.values.as_deref().unwrap_or(ids)).filter(|ids| !ids.is_empty()) {
            Some(ids) => ids.iter().map(|id| items.object(&[], Some(id))).collect(),
            None => (0..self.min_items.unwrap_or(1)).map(|_| items.sample(ids)).collect(),
        }
    }

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
