//! Secrets that the environment only names: each is read from AWS Secrets Manager when a process starts.
//!
//! Whoever may read a function's configuration sees the reference, not the secret.

use std::collections::BTreeMap;

use aws_sdk_secretsmanager::Client;
use serde_json::Value;

use crate::aws;
use crate::config::SecretReference;
use crate::host::StartError;

/// Reads the secrets by the SDK's own credentials, on a runtime of its own.
pub(crate) fn read_blocking(
    references: &[SecretReference],
) -> Result<Vec<(&'static str, String)>, StartError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| StartError::new("no_runtime", error.to_string()))?;
    runtime.block_on(async {
        let client = Client::new(&aws::sdk_config().await);
        read(&client, references).await
    })
}

/// Reads the secrets; one that several variables name is asked for once.
pub(crate) async fn read(
    client: &Client,
    references: &[SecretReference],
) -> Result<Vec<(&'static str, String)>, StartError> {
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    let mut values = Vec::new();
    for reference in references {
        let SecretReference { name, variable, value } = reference;
        let (id, field) =
            value.split_once('#').map_or((value.as_str(), None), |(id, field)| (id, Some(field)));
        let unreadable = |reason: String| {
            StartError::new(
                "secret_unreadable",
                format!("secret `{id}` of `{name}` cannot be used: {reason}"),
            )
            .with_help("the process needs the right `secretsmanager:GetSecretValue` on it")
        };
        if !texts.contains_key(id) {
            let answer = client.get_secret_value().secret_id(id).send().await;
            let answer = answer.map_err(|error| unreadable(aws::reason(&error)))?;
            let text = answer.secret_string.ok_or_else(|| unreadable("it holds no text".to_owned()))?;
            texts.insert(id, text);
        }
        let text = texts.get(id).map_or("", String::as_str);
        let text = match field {
            None => Some(text.to_owned()),
            Some(field) => serde_json::from_str::<Value>(text)
                .ok()
                .and_then(|json| json.get(field)?.as_str().map(str::to_owned)),
        };
        let missing =
            || unreadable(format!("it is no JSON with the text field `{}`", field.unwrap_or_default()));
        values.push((*variable, text.ok_or_else(missing)?));
    }
    Ok(values)
}
