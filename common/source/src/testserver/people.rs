//! GitHub's sign-in, for people that a test describes: codes work once, for whoever began, within their App.

use std::collections::BTreeMap;

use serde_json::json;

use super::State;
use super::answer::{Answer, Request};
use crate::sign_in::{GithubPerson, challenge};

/// The App of the tests.
pub const CLIENT_ID: &str = "Iv1.test";
pub const CLIENT_SECRET: &str = "the secret of the tests";

/// A code that was given and not used yet.
#[derive(Debug, Clone)]
pub(super) struct Code {
    challenge: String,
    redirect_uri: String,
    person: GithubPerson,
}

fn pairs(text: &[u8]) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

fn json(value: &serde_json::Value) -> Answer {
    Answer::body("application/json", value.to_string().into_bytes())
}

impl State {
    /// Answers what has to do with people; `None` for anything else.
    pub(super) fn people_answer(&mut self, request: &Request) -> Option<Answer> {
        match request.path.as_str() {
            "/login/oauth/authorize" => Some(self.authorize(&pairs(request.query.as_bytes()))),
            "/login/oauth/access_token" => Some(self.exchange(&pairs(&request.body))),
            "/api/user" => {
                let token = request.authorization.as_deref().and_then(|it| it.strip_prefix("Bearer "));
                let person = token.and_then(|token| self.tokens.get(token));
                Some(person.map_or_else(
                    || Answer::status(401),
                    |it| json(&json!({"id": it.id, "login": it.login, "avatar_url": it.avatar_url, "email": it.email})),
                ))
            }
            _ => None,
        }
    }

    /// Whoever is signed in to this GitHub agrees at once.
    fn authorize(&mut self, asked: &BTreeMap<String, String>) -> Answer {
        let get = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let (Some(person), true) = (self.person.clone(), get("client_id") == CLIENT_ID) else {
            return Answer::status(404);
        };
        let code = format!("code-{}", self.n_codes);
        self.n_codes += 1;
        let (challenge, redirect_uri) = (get("code_challenge"), get("redirect_uri"));
        let back = url::Url::parse_with_params(&redirect_uri, [("code", &code), ("state", &get("state"))]);
        self.codes.insert(code, Code { challenge, redirect_uri, person });
        back.map_or_else(|_| Answer::status(400), |back| Answer::redirect(302, back.as_str()))
    }

    fn exchange(&mut self, asked: &BTreeMap<String, String>) -> Answer {
        let get = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
        if (get("client_id"), get("client_secret")) != (CLIENT_ID, CLIENT_SECRET) {
            return json(&json!({"error": "incorrect_client_credentials"}));
        }
        let person = if get("grant_type") == "refresh_token" {
            let access = self.refresh_tokens.remove(get("refresh_token"));
            access.and_then(|access| self.tokens.remove(&access))
        } else {
            let code = self.codes.remove(get("code")).filter(|code| {
                code.challenge == challenge(get("code_verifier")) && code.redirect_uri == get("redirect_uri")
            });
            code.map(|code| code.person)
        };
        let Some(person) = person else { return json(&json!({"error": "bad_verification_code"})) };
        let (access, refresh) = (format!("ghu_{}", self.n_tokens), format!("ghr_{}", self.n_tokens));
        self.n_tokens += 1;
        self.tokens.insert(access.clone(), person);
        self.refresh_tokens.insert(refresh.clone(), access.clone());
        json(&json!({
            "access_token": access,
            "expires_in": self.token_lifetime_s,
            "refresh_token": refresh,
            "token_type": "bearer",
            "scope": "",
        }))
    }
}
