//! Who somebody is at GitHub: the user-to-server flow of a GitHub App, with PKCE.
//!
//! In: what GitHub sent back with a browser. Out: the person's number, name and picture, and tokens that read what the
//! person lets this App read. The caller decides whether to keep them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use crate::config::{SourceConfig, Token};
use crate::failure::SourceError;
use crate::http::{Call, HttpClient, checked};
use crate::limits::SourceLimits;
use crate::spec::authority;

/// A GitHub App that people sign in with.
#[derive(Debug, Clone)]
pub struct SignInApp {
    /// Where people sign in, such as `https://github.com`, without a trailing slash.
    pub web_url: String,
    pub client_id: String,
    pub client_secret: Token,
    /// Where GitHub sends people back to: exactly as the App has it.
    pub callback_url: String,
}

/// Somebody, as GitHub knows them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GithubPerson {
    pub id: u64,
    pub login: String,
    pub avatar_url: Option<String>,
    pub email: Option<String>,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// GitHub's own word: the code or token was used before, is too old, or is another App's.
    #[error("GitHub does not take the code or token: {reason}")]
    Refused { reason: String },
    #[error(transparent)]
    Source(#[from] SourceError),
}

/// What GitHub gives an App to act for a person. Both tokens are secret.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonTokens {
    pub access_token: String,
    /// In seconds; `None` for a token that does not expire.
    pub expires_in_s: Option<u64>,
    /// Works once.
    pub refresh_token: Option<String>,
}

impl std::fmt::Debug for PersonTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonTokens").field("expires_in_s", &self.expires_in_s).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Option<String>,
    expires_in: Option<u64>,
    refresh_token: Option<String>,
    error: Option<String>,
}

impl SignInApp {
    /// Writes the address that a browser is sent to. `verifier` stays here until the browser is back.
    pub fn authorize_url(&self, state: &str, verifier: &str) -> Result<String, SourceError> {
        let mut url = self.url("login/oauth/authorize")?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.callback_url)
            .append_pair("state", state)
            .append_pair("code_challenge", &challenge(verifier))
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Asks GitHub whose a code is. Blocks.
    pub fn person(
        &self,
        code: &str,
        verifier: &str,
        config: &SourceConfig,
        limits: &SourceLimits,
    ) -> Result<(GithubPerson, PersonTokens), SignInError> {
        let http = HttpClient::new(config, limits)?;
        let tokens = self.exchange(
            &http,
            &[("code", code), ("redirect_uri", &self.callback_url), ("code_verifier", verifier)],
        )?;
        let token = Token::new(&tokens.access_token);
        let base = Url::parse(&config.github_api_url).map_err(|_| invalid(&config.github_api_url))?;
        let person = ask(
            &http,
            &Call {
                url: below(&base, "user")?,
                headers: &[("accept", "application/vnd.github+json"), ("x-github-api-version", "2022-11-28")],
                body: None,
                token: token.as_ref(),
                may_follow: &|_| false,
                is_download: false,
            },
        )?;
        Ok((person, tokens))
    }

    /// Exchanges a refresh token for a new pair; the old pair no longer works. Blocks.
    pub fn refresh(
        &self,
        refresh_token: &str,
        config: &SourceConfig,
        limits: &SourceLimits,
    ) -> Result<PersonTokens, SignInError> {
        let http = HttpClient::new(config, limits)?;
        self.exchange(&http, &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)])
    }

    fn exchange(&self, http: &HttpClient, shown: &[(&str, &str)]) -> Result<PersonTokens, SignInError> {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &self.client_id)
            .append_pair("client_secret", self.client_secret.reveal())
            .extend_pairs(shown)
            .finish();
        let answer: TokenAnswer = ask(
            http,
            &Call {
                url: self.url("login/oauth/access_token")?,
                headers: &[
                    ("accept", "application/json"),
                    ("content-type", "application/x-www-form-urlencoded"),
                ],
                body: Some(form.into_bytes()),
                token: None,
                may_follow: &|_| false,
                is_download: false,
            },
        )?;
        let TokenAnswer { access_token, expires_in, refresh_token, error } = answer;
        match access_token.filter(|token| Token::new(token).is_some()) {
            Some(access_token) => Ok(PersonTokens { access_token, expires_in_s: expires_in, refresh_token }),
            None => {
                let reason = error.unwrap_or_else(|| "it gives no token".to_owned());
                Err(SignInError::Refused { reason })
            }
        }
    }

    fn url(&self, path: &str) -> Result<Url, SourceError> {
        below(&Url::parse(&self.web_url).map_err(|_| invalid(&self.web_url))?, path)
    }
}

fn ask<T: serde::de::DeserializeOwned>(http: &HttpClient, call: &Call<'_>) -> Result<T, SourceError> {
    let host = authority(&call.url);
    let refused = |_| SourceError::protocol(&host, "it knows no such address");
    let reply = checked(http.send(call)?, &refused)?;
    serde_json::from_slice(&http.read_short(reply)?).map_err(|error| SourceError::protocol(&host, error))
}

fn below(base: &Url, path: &str) -> Result<Url, SourceError> {
    let mut url = base.clone();
    match url.path_segments_mut() {
        Ok(mut parts) => drop(parts.pop_if_empty().extend(path.split('/'))),
        Err(()) => return Err(invalid(base.as_str())),
    }
    Ok(url)
}

fn invalid(url: &str) -> SourceError {
    SourceError::InvalidUrl { input: url.to_owned(), reason: "the configured address of GitHub is not a URL" }
}

/// Derives what GitHub may see of a verifier: base64url of its SHA-256.
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_challenge_is_that_of_rfc_7636() {
        // Appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(super::challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
