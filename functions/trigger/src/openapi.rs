//! The OpenAPI 3.1 document: the table of operations, with the schemas of what goes over the wire.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, Paths};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, HeaderBuilder, InfoBuilder, LicenseBuilder, ObjectBuilder,
    OpenApiBuilder, Ref, RefOr, Required, ResponseBuilder, ResponsesBuilder,
    request_body::RequestBodyBuilder,
    schema,
    security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    tag::TagBuilder,
};

use crate::caller::COOKIE;
use crate::contract::{Answer, Auth, Kind, Op, Operation, Param, Place, Verb};
use crate::wire::Problem;

const PROBLEM: &str = "application/problem+json";

/// Writes the document.
pub fn document() -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    generator.subschema_for::<Problem>();
    let mut paths = Paths::new();
    for op in Op::ALL {
        let operation = op.operation();
        let method = match operation.verb {
            Verb::Get => HttpMethod::Get,
            Verb::Post => HttpMethod::Post,
            Verb::Delete => HttpMethod::Delete,
        };
        paths.add_path_operation(operation.path, vec![method], described(&operation, &mut generator));
    }
    let info = InfoBuilder::new()
        .title("Doctown")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Makes a docpack of a git repository, tells how far it is, and reads docpacks."))
        .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
        .build();
    let tags = [
        ("jobs", "What is to be made, and how far it is."),
        ("docpacks", "What was made."),
        ("sharing", "Who besides its owner may read a docpack."),
        ("account", "Whose account it is, and how it is reached."),
        ("billing", "What an account pays for."),
        ("process", "The server itself."),
    ];
    let tags = tags.map(|(name, doc)| TagBuilder::new().name(name).description(Some(doc)).build());
    let api = OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .tags(Some(tags))
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE))))
                .security_scheme("key", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)))
                .build(),
        ))
        .build();
    let mut document = serde_json::to_value(api).expect("a document is plain data");
    document["components"]["schemas"] = Value::Object(generator.take_definitions(true));
    document
}

fn described(operation: &Operation, generator: &mut SchemaGenerator) -> utoipa::openapi::path::Operation {
    let mut builder = OperationBuilder::new()
        .operation_id(Some(operation.id))
        .tag(operation.tag)
        .summary(Some(operation.summary))
        .description((!operation.description.is_empty()).then_some(operation.description));
    for param in &operation.params {
        builder = builder.parameter(parameter(param));
    }
    for schemes in security(operation) {
        builder = builder.security(schemes);
    }
    if let Some((body, required)) = operation.body {
        let content = ContentBuilder::new().schema(Some(reference(body(generator)))).build();
        let required = if required { Required::True } else { Required::False };
        let body = RequestBodyBuilder::new().content("application/json", content).required(Some(required));
        builder = builder.request_body(Some(body.build()));
    }
    let mut responses = ResponsesBuilder::new();
    for answer in &operation.answers {
        responses = responses.response(answer.status.to_string(), success(answer, generator));
    }
    for (status, words) in problems(operation) {
        if operation.answers.iter().all(|answer| answer.status != status) {
            let doc = format!("Refused: {}.", words.join(", "));
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            let problem = ResponseBuilder::new().description(doc).content(PROBLEM, content).build();
            responses = responses.response(status.to_string(), problem);
        }
    }
    builder.responses(responses.build()).build()
}

/// Says how a caller shows who it is, on a server with accounts.
fn security(operation: &Operation) -> Vec<SecurityRequirement> {
    let scopes: Vec<&str> = operation.scope.iter().map(|scope| scope.as_str()).collect();
    let session = || SecurityRequirement::new("session", [] as [&str; 0]);
    let key = || SecurityRequirement::new("key", scopes.clone());
    match operation.auth {
        Auth::Open => vec![],
        Auth::Optional => vec![SecurityRequirement::default(), session(), key()],
        Auth::Account => vec![session(), key()],
        Auth::Session => vec![session()],
        Auth::Key => vec![key()],
    }
}

/// Groups the codes by status.
fn problems(operation: &Operation) -> BTreeMap<u16, Vec<String>> {
    let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for code in &operation.problems {
        by_status.entry(code.status).or_default().push(format!("`{}`", code.word));
    }
    by_status
}

fn success(answer: &Answer, generator: &mut SchemaGenerator) -> utoipa::openapi::Response {
    let mut builder = ResponseBuilder::new().description(answer.doc);
    for body in &answer.bodies {
        let schema = match body.schema {
            Some(schema) => reference(schema(generator)),
            None => RefOr::T(ObjectBuilder::new().schema_type(schema::SchemaType::AnyValue).build().into()),
        };
        builder = builder.content(body.media_type, ContentBuilder::new().schema(Some(schema)).build());
    }
    for (name, doc) in answer.headers {
        builder = builder.header(*name, HeaderBuilder::new().description(Some(*doc)).build());
    }
    builder.build()
}

/// Takes over a reference to a registered schema; a plain type has no reference.
fn reference(schema: Schema) -> RefOr<schema::Schema> {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(path) => RefOr::Ref(Ref::new(path)),
        None => RefOr::T(ObjectBuilder::new().schema_type(schema::Type::String).build().into()),
    }
}

fn parameter(param: &Param) -> utoipa::openapi::path::Parameter {
    let place = match param.place {
        Place::Path => ParameterIn::Path,
        Place::Query => ParameterIn::Query,
        Place::Header => ParameterIn::Header,
    };
    let required = if param.required { Required::True } else { Required::False };
    ParameterBuilder::new()
        .name(param.name)
        .parameter_in(place)
        .required(required)
        .description(Some(param.doc))
        .schema(Some(kind_schema(param.kind)))
        .build()
}

fn kind_schema(kind: Kind) -> schema::Schema {
    let text = ObjectBuilder::new().schema_type(schema::Type::String);
    let built = match kind {
        Kind::Text { max_chars } => text.min_length(Some(1)).max_length(Some(max_chars as usize)),
        Kind::Pattern(pattern) => text.pattern(Some(pattern)),
        Kind::Words(words) => text.enum_values(Some(words.iter().copied())),
        Kind::Count { min, max, default } => ObjectBuilder::new()
            .schema_type(schema::Type::Integer)
            .minimum(Some(min))
            .maximum(Some(max))
            .default(Some(json!(default))),
    };
    built.build().into()
}

/// Returns the document as it is committed and served.
pub fn text() -> String {
    let sorted: Map<String, Value> = match document() {
        Value::Object(document) => document,
        _ => Map::new(),
    };
    serde_json::to_string_pretty(&sorted).expect("a document is plain data") + "\n"
}
