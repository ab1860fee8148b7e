use pipeline::event::payload::IngestFileSkipped;
use pipeline::{BuildRequest, Envelope, Event, Message};
use schemars::schema_for;

fn pretty(schema: &schemars::Schema) -> String {
    serde_json::to_string_pretty(schema).unwrap()
}

#[test]
fn event_payloads_have_these_schemas() {
    let schemas: Vec<String> =
        Event::schemas().iter().map(|(name, schema)| format!("// {name}\n{}", pretty(schema))).collect();
    assert_eq!(schemas.len(), Event::TYPES.len());
    insta::assert_snapshot!("event_payloads", schemas.join("\n"));
}

#[test]
fn messages_and_requests_have_these_schemas() {
    insta::assert_snapshot!("message", pretty(&schema_for!(Message)));
    insta::assert_snapshot!("build_request", pretty(&schema_for!(BuildRequest)));
}

#[test]
fn an_envelope_is_a_cloud_event() {
    let text = r#"{"specversion":"1.0","id":"job-1/ingest/whole/1/0","source":"doctown","subject":"job-1/ingest/whole","time":"2024-02-29T23:59:59.999Z","datacontenttype":"application/json","context":{"repo_url":null,"git_ref":"main","owner":"local"},"meta":{"producer_version":"1","trace_id":"0a","idempotency_key":"k","parent_id":null,"tags":{}},"type":"ingest.file_skipped.v1","data":{"file_path":"a.bin","reason":"binary"}}"#;
    let envelope: Envelope = serde_json::from_str(text).unwrap();
    let skipped = IngestFileSkipped { file_path: "a.bin".to_owned(), reason: "binary".to_owned() };
    assert_eq!(envelope.event, Event::from(skipped));
    assert_eq!(serde_json::to_string(&envelope).unwrap(), text);
}

#[test]
fn requests_with_unknown_options_are_refused() {
    let request: BuildRequest =
        serde_json::from_str(r#"{"source":"x","options":{"embeddings":false}}"#).unwrap();
    assert!(!request.options.embeddings && request.options.limits.max_file_bytes == 1_000_000);
    for text in ["{}", r#"{"source":"x","colour":1}"#, r#"{"source":"x","options":{"embedings":false}}"#] {
        assert!(serde_json::from_str::<BuildRequest>(text).is_err(), "{text}");
    }
}
