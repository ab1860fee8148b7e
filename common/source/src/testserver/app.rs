//! A GitHub App and its installations: tokens are given for what was asked and refused for anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::{Value, json};

use super::answer::{Answer, Request};
use super::people::{CLIENT_ID, CLIENT_SECRET};
use super::{Repository, State};

/// The key of the App of the tests, that only these tests use.
pub const APP_KEY: &str = include_str!("app_key.pem");
/// The webhook secret of an App that is made of a manifest.
pub const WEBHOOK_SECRET: &str = "the webhook secret of the tests";
/// Items of a page, so that tests need few to fill one.
const PAGE: usize = 2;

/// Where the App is installed.
#[derive(Debug, Clone, Default)]
pub struct TestInstallation {
    pub id: u64,
    /// GitHub's number of the person or organisation.
    pub account_id: u64,
    pub account_login: String,
    /// Numbers of its repositories.
    pub repositories: BTreeSet<u64>,
    pub may_write_checks: bool,
    pub may_write_pulls: bool,
    pub is_suspended: bool,
}

/// A pull request.
#[derive(Debug, Clone)]
pub struct TestPull {
    pub number: u64,
    /// Number of the repository that it is to be merged into.
    pub repository: u64,
    pub base: String,
    /// Number of the repository that its branch is in: a fork's is another.
    pub head_repository: u64,
    pub head: String,
    pub is_open: bool,
}

/// A comment on a pull request.
#[derive(Debug, Clone)]
pub struct TestComment {
    pub id: u64,
    pub repository: u64,
    pub pull: u64,
    pub body: String,
    /// Whether the App wrote it.
    pub by_app: bool,
    pub n_writes: u32,
}

/// A token that was given to the App.
#[derive(Debug, Clone)]
pub struct GivenToken {
    pub token: String,
    pub installation: u64,
    /// `None` reaches every repository of the installation.
    pub repositories: Option<BTreeSet<u64>>,
    pub permissions: BTreeMap<String, String>,
}

/// A check run as the App wrote it.
#[derive(Debug, Clone)]
pub struct WrittenCheck {
    pub id: u64,
    pub repository: String,
    pub commit: String,
    /// The body of the last request, over those before it.
    pub body: Value,
    pub n_writes: u32,
}

/// A delivery as GitHub lists it.
#[derive(Debug, Clone)]
pub struct ListedDelivery {
    pub id: u64,
    pub guid: String,
    pub delivered_at: String,
    pub status_code: u16,
}

#[derive(Default)]
pub(super) struct AppState {
    pub(super) installations: BTreeMap<u64, TestInstallation>,
    pub(super) tokens: Vec<GivenToken>,
    pub(super) checks: Vec<WrittenCheck>,
    pub(super) pulls: Vec<TestPull>,
    pub(super) comments: Vec<TestComment>,
    pub(super) n_comments: u64,
    /// Where commits left a branch, by branch and commit; the branch's head without it.
    pub(super) merge_bases: BTreeMap<(String, String), String>,
    /// Codes that were given for a manifest, and are good once.
    pub(super) manifests: BTreeMap<String, Value>,
    /// Every manifest that was posted, with the path that it was posted to.
    pub(super) posted: Vec<(String, Value)>,
    pub(super) deliveries: Vec<ListedDelivery>,
    pub(super) redelivered: Vec<u64>,
    /// By how many seconds this server's clock is ahead.
    pub(super) skew_s: i64,
}

fn json_answer(value: &Value) -> Answer {
    Answer::body("application/json; charset=utf-8", value.to_string().into_bytes())
}

fn created(value: &Value) -> Answer {
    Answer::status(201).header("content-type", "application/json").with_body(value.to_string().into_bytes())
}

fn refused(status: u16, message: &str) -> Answer {
    Answer::status(status)
        .header("content-type", "application/json")
        .with_body(json!({"message": message}).to_string().into_bytes())
}

fn now_s(skew_s: i64) -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    now.saturating_add_signed(skew_s)
}

/// Checks a statement as GitHub does: the App's key, its number, and a time around now.
fn is_app(token: &str, skew_s: i64) -> bool {
    let pem: String = APP_KEY.lines().filter(|line| !line.starts_with("-----")).collect();
    let (Ok(der), Some((text, signature))) = (STANDARD.decode(pem), token.rsplit_once('.')) else {
        return false;
    };
    let (Ok(pair), Ok(signature)) = (RsaKeyPair::from_der(&der), URL_SAFE_NO_PAD.decode(signature)) else {
        return false;
    };
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public().as_ref());
    if key.verify(text.as_bytes(), &signature).is_err() {
        return false;
    }
    let claims = text.split_once('.').and_then(|(_, claims)| URL_SAFE_NO_PAD.decode(claims).ok());
    let claims: Value = claims.and_then(|it| serde_json::from_slice(&it).ok()).unwrap_or_default();
    let number = |name: &str| claims[name].as_u64().unwrap_or_default();
    let now = now_s(skew_s);
    claims["iss"] == CLIENT_ID && number("iat") <= now && number("exp") > now && number("exp") <= now + 600
}

/// The items of the page that a query asks for, and where the next one begins.
fn page_of<'a, T>(request: &Request, items: &'a [T]) -> (&'a [T], Option<usize>) {
    let pairs = url::form_urlencoded::parse(request.query.as_bytes());
    let page = pairs.filter(|(name, _)| name == "page").find_map(|(_, value)| value.parse().ok());
    let page: usize = page.unwrap_or(1);
    let start = (page.saturating_sub(1) * PAGE).min(items.len());
    let end = (start + PAGE).min(items.len());
    (&items[start..end], (end < items.len()).then_some(page + 1))
}

fn paged(answer: Answer, request: &Request, next: Option<usize>) -> Answer {
    match next {
        Some(page) => {
            let link = format!("<http://elsewhere.invalid{}?page={page}>; rel=\"next\"", request.path);
            answer.header("link", &link)
        }
        None => answer,
    }
}

impl State {
    /// Answers what has to do with the App; `None` for anything else.
    pub(super) fn app_answer(&mut self, request: &Request) -> Option<Answer> {
        if request.path.ends_with("/settings/apps/new") && request.method == "POST" {
            return Some(self.take_manifest(request));
        }
        let path = request.path.strip_prefix("/api/")?.to_owned();
        let parts: Vec<&str> = path.split('/').collect();
        let token = request.authorization.as_deref().and_then(|it| it.strip_prefix("Bearer "));
        let token = token.unwrap_or_default().to_owned();
        let answer = match parts.as_slice() {
            ["app", ..] if !is_app(&token, self.app.skew_s) => refused(401, "the statement is not the App's"),
            ["app", rest @ ..] => self.of_app(rest, request),
            ["installation", "repositories"] => self.of_installation(&token, request),
            ["app-manifests", code, "conversions"] => self.convert_manifest(code),
            ["repositories", id, "pulls"] => self.list_pulls(id, &token, request),
            ["repositories", id, "compare", range] => self.compare(id, range, &token),
            ["repositories", id, "issues", "comments", comment] => {
                self.change_comment(id, comment, &token, request)
            }
            ["repositories", id, "issues", pull, "comments"] => self.of_pull(id, pull, &token, request),
            ["repositories", id, rest @ ..] => self.by_number(id, rest, &token),
            ["repos", owner, name, "check-runs"] => {
                self.write_check(&format!("{owner}/{name}"), None, &token, request)
            }
            ["repos", owner, name, "check-runs", id] => {
                self.write_check(&format!("{owner}/{name}"), id.parse().ok(), &token, request)
            }
            ["repos", owner, name, "commits", commit, "check-runs"] => {
                self.list_checks(&format!("{owner}/{name}"), commit, &token)
            }
            _ => return None,
        };
        Some(answer)
    }

    fn of_app(&mut self, rest: &[&str], request: &Request) -> Answer {
        match rest {
            [] => json_answer(&json!({"slug": "doctown", "html_url": "https://github.com/apps/doctown"})),
            ["installations"] => {
                let all: Vec<Value> = self.app.installations.values().map(installation).collect();
                let (page, next) = page_of(request, &all);
                paged(json_answer(&json!(page)), request, next)
            }
            ["installations", id] => match self.app.installations.get(&id.parse().unwrap_or(0)) {
                Some(found) => json_answer(&installation(found)),
                None => refused(404, "Not Found"),
            },
            ["installations", id, "access_tokens"] => self.give_token(id.parse().unwrap_or(0), request),
            ["hook", "deliveries"] => {
                let all: Vec<Value> = self.app.deliveries.iter().rev().map(delivery).collect();
                let (page, next) = page_of(request, &all);
                paged(json_answer(&json!(page)), request, next)
            }
            ["hook", "deliveries", id, "attempts"] => {
                self.app.redelivered.push(id.parse().unwrap_or(0));
                Answer::status(202)
            }
            _ => refused(404, "Not Found"),
        }
    }

    fn give_token(&mut self, id: u64, request: &Request) -> Answer {
        let Some(found) = self.app.installations.get(&id) else { return refused(404, "Not Found") };
        if found.is_suspended {
            return refused(403, "This installation has been suspended");
        }
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let permissions: BTreeMap<String, String> =
            serde_json::from_value(asked["permissions"].clone()).unwrap_or_default();
        let is_granted = |(name, level): (&String, &String)| match name.as_str() {
            "contents" | "metadata" => level == "read",
            "checks" => found.may_write_checks,
            "pull_requests" => found.may_write_pulls,
            _ => false,
        };
        if !permissions.iter().all(is_granted) {
            return refused(422, "The permissions requested are not granted to this installation.");
        }
        let repositories: Option<BTreeSet<u64>> =
            serde_json::from_value(asked["repository_ids"].clone()).unwrap_or_default();
        if repositories.as_ref().is_some_and(|ids| !ids.is_subset(&found.repositories)) {
            let message = "There is at least one repository that does not exist or is not accessible to the parent installation.";
            return refused(422, message);
        }
        let token = format!("ghs_{}", self.app.tokens.len());
        self.app.tokens.push(GivenToken {
            token: token.clone(),
            installation: id,
            repositories,
            permissions,
        });
        created(&json!({"token": token, "expires_at": "2030-01-01T00:00:00Z"}))
    }

    /// Finds what a token of the App is for; `None` for one that was never given or is of an installation that ended.
    pub(super) fn given(&self, token: &str) -> Option<&GivenToken> {
        let given = self.app.tokens.iter().find(|given| given.token == token)?;
        let found = self.app.installations.get(&given.installation)?;
        (!found.is_suspended).then_some(given)
    }

    /// Reports whether a token of the App reaches a repository with a permission.
    pub(super) fn reaches(&self, given: &GivenToken, repository: u64, permission: &str) -> bool {
        let of_installation = self.app.installations.get(&given.installation);
        let is_installed = of_installation.is_some_and(|found| found.repositories.contains(&repository));
        let is_named = given.repositories.as_ref().is_none_or(|ids| ids.contains(&repository));
        let is_granted = permission == "metadata" || given.permissions.contains_key(permission);
        is_installed && is_named && is_granted
    }

    fn of_installation(&self, token: &str, request: &Request) -> Answer {
        let Some(given) = self.given(token) else { return refused(401, "Bad credentials") };
        let reached = |it: &&Repository| self.reaches(given, it.id, "metadata");
        let all: Vec<Value> = self.repositories.values().filter(reached).map(repository).collect();
        let (page, next) = page_of(request, &all);
        paged(json_answer(&json!({"total_count": all.len(), "repositories": page})), request, next)
    }

    fn by_number(&self, id: &str, rest: &[&str], token: &str) -> Answer {
        let given = self.given(token);
        if given.is_none() && !token.is_empty() {
            return refused(401, "Bad credentials");
        }
        let number: u64 = id.parse().unwrap_or(0);
        let may = |permission: &str| given.is_some_and(|given| self.reaches(given, number, permission));
        let found = self.repositories.values().find(|it| it.id == number);
        let Some(found) = found.filter(|it| !it.private || may("metadata")) else {
            return refused(404, "Not Found");
        };
        match rest {
            [] => json_answer(&repository(found)),
            ["commits", name @ ..] if !found.private || may("contents") => {
                let name = name.join("/");
                match found.commits.get(name.strip_prefix("heads/").unwrap_or(&name)) {
                    Some(commit) => json_answer(&json!({"sha": commit.sha})),
                    None => refused(422, "No commit found"),
                }
            }
            _ => refused(404, "Not Found"),
        }
    }

    /// Gives a code for a manifest, and sends the browser back with it.
    fn take_manifest(&mut self, request: &Request) -> Answer {
        let form: BTreeMap<String, String> =
            url::form_urlencoded::parse(&request.body).into_owned().collect();
        let query: BTreeMap<String, String> =
            url::form_urlencoded::parse(request.query.as_bytes()).into_owned().collect();
        let manifest = form.get("manifest").and_then(|text| serde_json::from_str::<Value>(text).ok());
        let Some(manifest) = manifest else { return refused(422, "There is no manifest") };
        let code = format!("manifest-{}", self.app.posted.len());
        let back = url::Url::parse_with_params(
            manifest["redirect_url"].as_str().unwrap_or_default(),
            [("code", &code), ("state", query.get("state").unwrap_or(&String::new()))],
        );
        self.app.posted.push((request.path.clone(), manifest.clone()));
        self.app.manifests.insert(code, manifest);
        back.map_or_else(
            |_| refused(422, "redirect_url is not a URL"),
            |it| Answer::redirect(302, it.as_str()),
        )
    }

    fn convert_manifest(&mut self, code: &str) -> Answer {
        let Some(manifest) = self.app.manifests.remove(code) else { return refused(404, "Not Found") };
        created(&json!({
            "id": 4711,
            "slug": "doctown-test",
            "name": manifest["name"],
            "html_url": "https://github.com/apps/doctown-test",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "webhook_secret": WEBHOOK_SECRET,
            "pem": APP_KEY,
        }))
    }

    /// Finds the repository of a number where a token reaches it with a permission.
    fn reached(&self, id: &str, permission: &str, token: &str) -> Result<u64, Answer> {
        let id: u64 = id.parse().unwrap_or(0);
        let Some(given) = self.given(token) else { return Err(refused(401, "Bad credentials")) };
        match self.reaches(given, id, permission) {
            true => Ok(id),
            false => Err(refused(403, "Resource not accessible by integration")),
        }
    }

    fn list_pulls(&self, id: &str, token: &str, request: &Request) -> Answer {
        let id = match self.reached(id, "pull_requests", token) {
            Ok(id) => id,
            Err(answer) => return answer,
        };
        let query: BTreeMap<String, String> =
            url::form_urlencoded::parse(request.query.as_bytes()).into_owned().collect();
        let wanted = query.get("head").and_then(|head| head.split_once(':')).map(|(_, branch)| branch);
        let listed = |it: &&TestPull| {
            it.repository == id && it.is_open && wanted.is_none_or(|branch| it.head == branch)
        };
        let pulls: Vec<Value> = self
            .app
            .pulls
            .iter()
            .filter(listed)
            .map(|it| {
                json!({
                    "number": it.number,
                    "base": {"ref": it.base, "repo": {"id": it.repository}},
                    "head": {"ref": it.head, "repo": {"id": it.head_repository}},
                })
            })
            .collect();
        json_answer(&json!(pulls))
    }

    fn compare(&self, id: &str, range: &str, token: &str) -> Answer {
        let id = match self.reached(id, "contents", token) {
            Ok(id) => id,
            Err(answer) => return answer,
        };
        let decoded = range.replace("%2F", "/");
        let Some((base, head)) = decoded.split_once("...") else { return refused(404, "Not Found") };
        let found = self.repositories.values().find(|it| it.id == id);
        let at_base = found.and_then(|it| it.commits.get(base)).map(|commit| commit.sha.clone());
        let left_at = self.app.merge_bases.get(&(base.to_owned(), head.to_owned())).cloned();
        match left_at.or(at_base) {
            Some(sha) => json_answer(&json!({"merge_base_commit": {"sha": sha}})),
            None => refused(404, "Not Found"),
        }
    }

    fn of_pull(&mut self, id: &str, pull: &str, token: &str, request: &Request) -> Answer {
        let id = match self.reached(id, "pull_requests", token) {
            Ok(id) => id,
            Err(answer) => return answer,
        };
        let pull: u64 = pull.parse().unwrap_or(0);
        if !self.app.pulls.iter().any(|it| it.repository == id && it.number == pull) {
            return refused(404, "Not Found");
        }
        if request.method == "POST" {
            let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let body = body["body"].as_str().unwrap_or_default().to_owned();
            let added = self.add_comment(id, pull, &body, true);
            return created(&comment(&added));
        }
        let all: Vec<Value> = self
            .app
            .comments
            .iter()
            .filter(|it| it.repository == id && it.pull == pull)
            .map(comment)
            .collect();
        let (page, next) = page_of(request, &all);
        paged(json_answer(&json!(page)), request, next)
    }

    pub(super) fn add_comment(
        &mut self,
        repository: u64,
        pull: u64,
        body: &str,
        by_app: bool,
    ) -> TestComment {
        self.app.n_comments += 1;
        let (id, body) = (self.app.n_comments, body.to_owned());
        let added = TestComment { id, repository, pull, body, by_app, n_writes: 1 };
        self.app.comments.push(added.clone());
        added
    }

    fn change_comment(&mut self, id: &str, number: &str, token: &str, request: &Request) -> Answer {
        let id = match self.reached(id, "pull_requests", token) {
            Ok(id) => id,
            Err(answer) => return answer,
        };
        let number: u64 = number.parse().unwrap_or(0);
        let is_it = |it: &TestComment| it.repository == id && it.id == number;
        if request.method == "DELETE" {
            let n_before = self.app.comments.len();
            self.app.comments.retain(|it| !is_it(it));
            let is_gone = self.app.comments.len() < n_before;
            return if is_gone { Answer::status(204) } else { refused(404, "Not Found") };
        }
        let Some(found) = self.app.comments.iter_mut().find(|it| is_it(it)) else {
            return refused(404, "Not Found");
        };
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        (found.body, found.n_writes) =
            (body["body"].as_str().unwrap_or_default().to_owned(), found.n_writes + 1);
        json_answer(&comment(found))
    }

    fn may_check(&self, full_name: &str, token: &str) -> Result<(), Answer> {
        let Some(given) = self.given(token) else { return Err(refused(401, "Bad credentials")) };
        let Some(found) = self.repositories.get(full_name) else { return Err(refused(404, "Not Found")) };
        match self.reaches(given, found.id, "checks") {
            true => Ok(()),
            false => Err(refused(403, "Resource not accessible by integration")),
        }
    }

    fn list_checks(&self, full_name: &str, commit: &str, token: &str) -> Answer {
        if let Err(answer) = self.may_check(full_name, token) {
            return answer;
        }
        let at = |check: &&WrittenCheck| check.repository == full_name && check.commit == commit;
        let runs: Vec<Value> = self
            .app
            .checks
            .iter()
            .filter(at)
            .map(|check| json!({"id": check.id, "external_id": check.body["external_id"]}))
            .collect();
        json_answer(&json!({"total_count": runs.len(), "check_runs": runs}))
    }

    fn write_check(&mut self, full_name: &str, id: Option<u64>, token: &str, request: &Request) -> Answer {
        if let Err(answer) = self.may_check(full_name, token) {
            return answer;
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        if let Some(id) = id {
            let Some(check) = self.app.checks.iter_mut().find(|check| check.id == id) else {
                return refused(404, "Not Found");
            };
            (check.body, check.n_writes) = (body, check.n_writes + 1);
            return json_answer(&json!({"id": id}));
        }
        let commit = body["head_sha"].as_str().unwrap_or_default().to_owned();
        let id = 900 + self.app.checks.len() as u64;
        let repository = full_name.to_owned();
        self.app.checks.push(WrittenCheck { id, repository, commit, body, n_writes: 1 });
        created(&json!({"id": id}))
    }
}

fn installation(it: &TestInstallation) -> Value {
    let mut permissions = json!({"contents": "read", "metadata": "read"});
    if it.may_write_checks {
        permissions["checks"] = json!("write");
    }
    if it.may_write_pulls {
        permissions["pull_requests"] = json!("write");
    }
    json!({
        "id": it.id,
        "account": {"id": it.account_id, "login": it.account_login},
        "suspended_at": it.is_suspended.then_some("2024-05-01T12:00:00Z"),
        "permissions": permissions,
    })
}

fn comment(it: &TestComment) -> Value {
    let app = it.by_app.then(|| json!({"id": 4711, "client_id": CLIENT_ID, "slug": "doctown-test"}));
    json!({"id": it.id, "body": it.body, "performed_via_github_app": app})
}

fn repository(it: &Repository) -> Value {
    json!({
        "id": it.id,
        "full_name": it.full_name,
        "private": it.private,
        "default_branch": it.default_branch,
        "owner": {"id": it.owner_id},
    })
}

fn delivery(it: &ListedDelivery) -> Value {
    json!({"id": it.id, "guid": it.guid, "delivered_at": it.delivered_at, "status_code": it.status_code})
}
