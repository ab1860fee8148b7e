//! The smallest answer that a schema allows, for servers without a closure.

use serde::Deserialize;
use serde_json::Value;

use crate::testserver::Question;

const SENTENCE: &str = "Adds what it is given.";

/// Answers a question by its schema, or with a sentence.
///
/// A list whose items name one of several values, as ids do, gets one item for each value.
pub(super) fn answer(question: &Question) -> String {
    let schema = question.schema.as_deref().and_then(|schema| serde_json::from_str(schema).ok());
    schema.map_or_else(|| SENTENCE.to_owned(), |schema: Form| schema.sample(None))
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
    fn sample(&self, id: Option<&Value>) -> String {
        if let Some(value) = self.r#const.as_ref().or(self.values.as_ref().and_then(|values| values.first()))
        {
            return id.filter(|_| self.r#const.is_none()).unwrap_or(value).to_string();
        }
        match self.kind() {
            "object" => {
                let members = self.properties.iter();
                let members =
                    members.map(|(name, form)| format!("{}:{}", Value::from(name.as_str()), form.sample(id)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
            "array" => format!("[{}]", self.list().join(",")),
            "integer" | "number" => "0".to_owned(),
            "boolean" => "false".to_owned(),
            "null" => "null".to_owned(),
            _ => Value::from(SENTENCE).to_string(),
        }
    }

    fn list(&self) -> Vec<String> {
        let Some(items) = &self.items else { return Vec::new() };
        let ids =
            items.properties.iter().find_map(|(_, form)| form.values.as_ref()).filter(|ids| ids.len() > 1);
        match ids {
            Some(ids) => ids.iter().map(|id| items.sample(Some(id))).collect(),
            None => (0..self.min_items.unwrap_or(1)).map(|_| items.sample(None)).collect(),
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
