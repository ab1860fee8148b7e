//! The answer's JSON Schema, written by hand because the order of properties is meant.
//!
//! A model fills properties in the order that the schema names them: the id first, so that what
//! follows is about that id. A map sorted by name would change that order.

/// Writes the schema of `{"answers": [{"id": …, "summary": …}]}` with ids closed to these handles.
pub(super) fn answers(handles: &[&str]) -> String {
    let ids: Vec<String> = handles.iter().map(|handle| format!("\"{handle}\"")).collect();
    format!(
        concat!(
            r#"{{"type":"object","properties":{{"answers":{{"type":"array","items":{{"type":"object","#,
            r#""properties":{{"id":{{"type":"string","enum":[{}]}},"summary":{{"type":"string"}}}},"#,
            r#""required":["id","summary"],"additionalProperties":false}}}}}},"#,
            r#""required":["answers"],"additionalProperties":false}}"#
        ),
        ids.join(",")
    )
}
