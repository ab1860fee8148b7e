//! What a reply is remembered by.

use super::{Request, TEMPLATE_VERSION};

/// The settings of a model that change what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampling {
    pub model: String,
    pub temperature: f64,
    pub top_p: f64,
    pub seed: Option<i64>,
}

/// Returns the text whose digest names a cached reply: model, parameters, template version, prompt.
///
/// Fields are preceded by their length, so that no two different requests give the same text.
/// Tenant and endpoint are the caller's to add.
pub fn digest_material(request: &Request, sampling: &Sampling) -> String {
    let seed = sampling.seed.map_or("none".to_owned(), |seed| seed.to_string());
    let fields = [
        sampling.model.clone(),
        format!("{:?}", sampling.temperature),
        format!("{:?}", sampling.top_p),
        seed,
        request.max_output_tokens.to_string(),
        TEMPLATE_VERSION.to_string(),
        request.system.clone(),
        request.user.clone(),
        request.schema.clone(),
    ];
    fields.iter().map(|field| format!("{}:{field}\n", field.len())).collect()
}
