//! JSON Schemas (2020-12) of the entries, generated from the records.
//!
//! `x-layer` on an entry, a member or a field says which layer it belongs to; where it is absent, the
//! one outside it holds. They are kept under `schemas/`, and a test fails when those are stale.
//! [`entry_table`] is kept beside them: the order of entries and the layers of their members, for readers in other
//! languages.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use crate::entries;
use crate::layers::{BYTES, BYTES_LAYER, EntryLayers, LAYERS, MemberLayers};
use crate::records::{
    Bodies, Clusters, EmbeddingsIndex, Graph, Insights, Layout, Manifest, Nodes, Overviews, Quality,
    SourceIndex, SourceMap, Tour,
};

/// Generates every schema: the entry it describes, and the schema.
pub fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        schema::<Manifest>(entries::MANIFEST),
        schema::<Layout>(entries::LAYOUT),
        schema::<Quality>(entries::QUALITY),
        schema::<Clusters>(entries::CLUSTERS),
        schema::<Overviews>(entries::OVERVIEWS),
        schema::<SourceMap>(entries::SOURCE_MAP),
        schema::<Nodes>(entries::NODES),
        schema::<Graph>(entries::GRAPH),
        schema::<Bodies>(entries::BODIES),
        schema::<Insights>(entries::INSIGHTS),
        schema::<EmbeddingsIndex>(entries::EMBEDDINGS_INDEX),
        schema::<Tour>(entries::TOUR),
        schema::<SourceIndex>(entries::SOURCE_INDEX),
    ]
}

/// Generates the table of entries: which a pack must have, which go on in parts, and, in the archive's order, the
/// layer of each and of its members.
pub fn entry_table() -> Value {
    let bytes = BYTES.map(|entry| EntryLayers { entry, layer: BYTES_LAYER, members: &[] });
    let mut layers: Vec<&EntryLayers> = LAYERS.iter().chain(&bytes).collect();
    layers.sort_by_key(|layers| entries::place(layers.entry));
    let layers: Vec<Value> = layers.into_iter().map(entry_row).collect();
    json!({
        "required": entries::REQUIRED,
        "divisible": entries::DIVISIBLE,
        "bytes": BYTES,
        "layers": layers,
    })
}

fn entry_row(layers: &EntryLayers) -> Value {
    let members: Vec<Value> = layers.members.iter().map(member_row).collect();
    json!({ "entry": layers.entry, "layer": layers.layer.as_str(), "members": members })
}

fn member_row(rule: &MemberLayers) -> Value {
    let fields: Map<String, Value> =
        rule.fields.iter().map(|(field, layer)| ((*field).to_owned(), layer.as_str().into())).collect();
    let elements = rule
        .elements
        .map(|(field, value, layer)| json!({ "field": field, "value": value, "layer": layer.as_str() }));
    json!({
        "member": rule.member,
        "layer": rule.layer.as_str(),
        "identity": rule.identity,
        "fields": fields,
        "elements": elements,
    })
}

fn schema<T: JsonSchema>(entry: &'static str) -> (&'static str, Value) {
    let generator: SchemaGenerator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    name_layers(entry, &mut schema);
    (entry, schema.to_value())
}

/// Writes the table of layers into a schema.
fn name_layers(entry: &str, schema: &mut Schema) {
    let Some(layers) = LAYERS.iter().find(|layers| layers.entry == entry) else { return };
    schema.insert("x-layer".to_owned(), layers.layer.as_str().into());
    for rule in layers.members {
        let Some(member) = property(schema.as_object_mut(), rule.member) else { continue };
        member.insert("x-layer".to_owned(), rule.layer.as_str().into());
        if let Some((field, value, layer)) = rule.elements {
            member.insert("x-layer-of-elements".to_owned(), json!({ field: { value: layer.as_str() } }));
        }
        let record = record_of(member);
        name_fields(schema, record.as_deref(), rule);
    }
}

fn name_fields(schema: &mut Schema, record: Option<&str>, rule: &MemberLayers) {
    let record = record.and_then(|record| schema.pointer_mut(record)).and_then(Value::as_object_mut);
    let Some(record) = record else { return };
    for (field, layer) in rule.fields {
        if let Some(field) = property(Some(record), field) {
            field.insert("x-layer".to_owned(), layer.as_str().into());
        }
    }
}

fn property<'s>(
    schema: Option<&'s mut Map<String, Value>>,
    name: &str,
) -> Option<&'s mut Map<String, Value>> {
    schema?.get_mut("properties")?.get_mut(name)?.as_object_mut()
}

/// Finds the definition that a member, or each of its elements, refers to.
fn record_of(member: &Map<String, Value>) -> Option<String> {
    let reference = member.get("$ref").or_else(|| member.get("items")?.get("$ref"))?;
    reference.as_str()?.strip_prefix('#').map(str::to_owned)
}
