//! As much of JSON Schema as the families' schemas use.

use serde_json::Value;

/// Tells whether a value fits a schema, else where it does not.
pub(crate) fn fits(value: &Value, schema: &Value) -> Result<(), String> {
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    if !types.iter().any(|wanted| is_of(value, wanted)) {
        return Err(format!("{value} is none of {types:?}"));
    }
    if let Some(words) = schema["enum"].as_array().filter(|words| !words.contains(value)) {
        return Err(format!("{value} is none of {words:?}"));
    }
    if let Some(elements) = value.as_array() {
        let n = elements.len() as u64;
        if schema["maxItems"].as_u64().is_some_and(|most| n > most) {
            return Err(format!("{n} elements"));
        }
        elements.iter().try_for_each(|element| fits(element, &schema["items"]))?;
    }
    let Some(object) = value.as_object() else { return Ok(()) };
    let names = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    names.clone().try_for_each(|name| object.get(name).map(drop).ok_or(format!("`{name}` is missing")))?;
    object.iter().try_for_each(|(name, member)| match schema["properties"].get(name) {
        Some(schema) => fits(member, schema),
        None => Err(format!("`{name}` is not allowed")),
    })
}

fn is_of(value: &Value, wanted: &str) -> bool {
    match wanted {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        _ => false,
    }
}
