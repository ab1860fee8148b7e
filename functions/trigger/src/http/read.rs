//! How the parts of a request are read: bodies, parameters, conditions.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, header};
use docpack::Digest;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::codes;
use crate::failure::{Answered, Failure};

/// The largest request is a template and a style guide of 64 kB each, as JSON.
pub(crate) const MAX_BODY_BYTES: usize = 256_000;

/// Reads a JSON body; an empty one only where there is a default.
pub(crate) async fn json<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
    default: Option<fn() -> T>,
) -> Answered<T> {
    let bytes = to_bytes(body, MAX_BODY_BYTES)
        .await
        .map_err(|_| Failure::new(codes::BODY_TOO_LARGE, format!("the limit is {MAX_BODY_BYTES} bytes")))?;
    if let (true, Some(default)) = (bytes.is_empty(), default) {
        return Ok(default());
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") && !kind.ends_with("+json") {
        return Err(Failure::new(codes::UNSUPPORTED_MEDIA_TYPE, format!("the body is `{kind}`")));
    }
    parse(&bytes)
}

/// Tells text that is no JSON from JSON that is not what is expected.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Answered<T> {
    // A list of the fields' values would be taken for the fields.
    let is_list = bytes.trim_ascii_start().starts_with(b"[");
    if is_list && serde_json::from_slice::<IgnoredAny>(bytes).is_ok() {
        return Err(Failure::field(codes::INVALID_FIELD, "", "expected an object"));
    }
    serde_json::from_slice(bytes).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => {
            Failure::field(codes::INVALID_FIELD, pointer(&error.to_string()), error.to_string())
        }
        _ => Failure::new(codes::INVALID_REQUEST, format!("the body is no JSON: {error}")),
    })
}

/// The field that a message names first; the whole body where it names none.
fn pointer(message: &str) -> String {
    match message.split('`').nth(1) {
        Some(field) if !field.contains(' ') => format!("/{field}"),
        _ => String::new(),
    }
}

/// The parameters of a query.
pub(crate) struct Query(BTreeMap<String, String>);

impl Query {
    /// Reads the query; a parameter that comes twice is refused.
    pub(crate) fn of(raw: Option<&str>) -> Answered<Self> {
        let mut values = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(raw.unwrap_or_default().as_bytes()) {
            if values.insert(name.clone().into_owned(), value.into_owned()).is_some() {
                return Err(Failure::field(codes::INVALID_PARAMETER, name, "it is given twice"));
            }
        }
        Ok(Self(values))
    }

    /// Reads a text of 1 to `max_chars` characters.
    pub(crate) fn text(&self, name: &str, max_chars: usize) -> Answered<Option<&str>> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        if value.is_empty() || value.chars().count() > max_chars || value.contains('\0') {
            let detail = format!("expected 1 to {max_chars} characters");
            return Err(Failure::field(codes::INVALID_PARAMETER, name, detail));
        }
        Ok(Some(value))
    }

    /// Reads a number of a range.
    pub(crate) fn count(&self, name: &str, max: u32, default: u32) -> Answered<u32> {
        let Some(value) = self.0.get(name) else { return Ok(default) };
        let number =
            value.parse().ok().filter(|number| (1..=max).contains(number) && !value.starts_with('+'));
        number.ok_or_else(|| {
            Failure::field(codes::INVALID_PARAMETER, name, format!("expected a number from 1 to {max}"))
        })
    }

    /// Reads one word, as the type knows them.
    pub(crate) fn word<T: DeserializeOwned>(&self, name: &str) -> Answered<Option<T>> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let word = serde_json::from_value(serde_json::Value::String(value.clone()));
        word.map(Some).map_err(|error| Failure::field(codes::INVALID_PARAMETER, name, error.to_string()))
    }

    /// Reads words separated by commas; empty where there are none.
    pub(crate) fn words<T>(
        &self,
        name: &str,
        max_chars: usize,
        read: impl Fn(&str) -> Option<T>,
    ) -> Answered<Vec<T>> {
        let text = self.text(name, max_chars)?.unwrap_or_default();
        let words = text.split(',').filter(|word| !word.is_empty());
        words
            .map(|word| {
                let unknown = || {
                    Failure::field(codes::INVALID_PARAMETER, name, format!("`{word}` is none of its words"))
                };
                read(word).ok_or_else(unknown)
            })
            .collect()
    }

    /// Reads a cursor.
    pub(crate) fn cursor<T: FromStr>(&self, name: &str) -> Answered<Option<T>> {
        let Some(text) = self.text(name, 512)? else { return Ok(None) };
        let cursor = text.parse().map(Some);
        cursor.map_err(|_| Failure::field(codes::INVALID_CURSOR, name, "it is no cursor of this list"))
    }
}

/// Reads a docpack's id from a path, with or without its algorithm.
pub(crate) fn docpack_id(text: &str) -> Answered<Digest> {
    let hex = text.strip_prefix("sha256:").unwrap_or(text);
    format!("sha256:{hex}").parse().map_err(|_| {
        let shown: String = text.chars().take(80).collect();
        Failure::new(codes::NO_SUCH_DOCPACK, format!("docpack `{shown}` does not exist"))
    })
}

/// Tells whether the client has what this ETag names.
pub(crate) fn has_it(headers: &HeaderMap, etag: &str) -> bool {
    let given = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    given
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_or_refused_by_name() {
        let query = Query::of(Some("limit=5&q=a%20b&empty=")).expect("it is one");
        assert_eq!(query.count("limit", 100, 20).expect("a number"), 5);
        assert_eq!(query.count("other", 100, 20).expect("the default"), 20);
        assert_eq!(query.text("q", 10).expect("a text"), Some("a b"));
        for (refused, name) in [
            (query.count("limit", 4, 2).err(), "limit"),
            (query.text("empty", 10).err(), "empty"),
            (query.text("q", 2).err(), "q"),
            (Query::of(Some("a=1&a=2")).err(), "a"),
        ] {
            let failure = refused.expect("it is refused");
            assert_eq!((failure.code, failure.errors[0].pointer.as_str()), ("invalid_parameter", name));
        }
    }

    #[test]
    fn etags_are_compared_one_by_one() {
        let mut headers = HeaderMap::new();
        assert!(!has_it(&headers, "\"a\""));
        headers.insert(header::IF_NONE_MATCH, "\"b\", W/\"a\"".parse().expect("a header"));
        assert!(has_it(&headers, "\"a\"") && !has_it(&headers, "\"c\""));
    }
}
