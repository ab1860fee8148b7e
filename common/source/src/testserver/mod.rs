//! A local server that speaks what this crate uses of GitHub's API and of git over HTTP.
//!
//! For tests, of this crate and of those above it. The API and the downloads listen on ports of
//! their own, as GitHub's do on hosts of their own. Real git answers the git requests.

mod answer;
mod app;
mod git;
mod github;
mod people;
mod tarball;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

pub use answer::{Answer, Request};
pub use app::{
    APP_KEY, GivenToken, ListedDelivery, TestComment, TestInstallation, TestPull, WEBHOOK_SECRET,
    WrittenCheck,
};
pub use github::{Commit, Repository};
pub use people::{CLIENT_ID, CLIENT_SECRET};
pub use tarball::tar_gz;

use crate::config::{SourceConfig, Token};
use crate::sign_in::{GithubPerson, SignInApp};

/// A running server; it stops when it is dropped.
pub struct TestServer {
    api: SocketAddr,
    downloads: SocketAddr,
    state: Arc<Mutex<State>>,
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    repositories: BTreeMap<String, Repository>,
    /// Old name to new name.
    renames: BTreeMap<String, String>,
    git_folders: BTreeMap<String, PathBuf>,
    /// Names of git repositories whose server knows only the first protocol.
    old_servers: BTreeSet<String>,
    /// By path: given out first, one a request.
    scripted: BTreeMap<String, Vec<Answer>>,
    requests: Vec<Request>,
    /// Who is signed in to this GitHub, in whichever browser.
    person: Option<GithubPerson>,
    codes: BTreeMap<String, people::Code>,
    n_codes: u32,
    /// By access token.
    tokens: BTreeMap<String, GithubPerson>,
    /// By refresh token: the access token that it was given with.
    refresh_tokens: BTreeMap<String, String>,
    n_tokens: u32,
    /// Of the next access tokens, in seconds.
    token_lifetime_s: u64,
    downloads: Option<SocketAddr>,
    app: app::AppState,
}

impl TestServer {
    /// Listens on two free ports of the loopback address.
    pub fn start() -> io::Result<Self> {
        let (api, downloads) = (TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?);
        let addresses = (api.local_addr()?, downloads.local_addr()?);
        let state = State { downloads: Some(addresses.1), token_lifetime_s: 8 * 3_600, ..State::default() };
        let state = Arc::new(Mutex::new(state));
        let is_over = Arc::new(AtomicBool::new(false));
        let threads = [api, downloads].map(|listener| {
            let (state, is_over) = (Arc::clone(&state), Arc::clone(&is_over));
            std::thread::spawn(move || accept(&listener, &state, &is_over))
        });
        Ok(Self { api: addresses.0, downloads: addresses.1, state, is_over, threads: threads.into() })
    }

    /// Returns the default configuration with this server in GitHub's place.
    pub fn config(&self) -> SourceConfig {
        SourceConfig {
            github_api_url: self.api_url(),
            github_download_hosts: vec![self.downloads.to_string()],
            insecure_authorities: [self.api.to_string(), self.downloads.to_string()].into(),
            ..SourceConfig::default()
        }
    }

    /// Returns the base address of the API.
    pub fn api_url(&self) -> String {
        format!("http://{}/api", self.api)
    }

    /// Signs somebody in to this GitHub, in the place of whoever was.
    pub fn sign_in(&self, id: u64, login: &str) {
        let (login, avatar_url) = (login.to_owned(), None);
        self.state().person = Some(GithubPerson { id, login, avatar_url, email: None });
    }

    /// Lets access tokens that are given from now on last so many seconds.
    pub fn set_token_lifetime(&self, seconds: u64) {
        self.state().token_lifetime_s = seconds;
    }

    /// Takes back every token that was given for this person, as somebody does who revokes the App.
    pub fn revoke_tokens(&self, login: &str) {
        let mut state = self.state();
        state.tokens.retain(|_, person| person.login != login);
        let State { tokens, refresh_tokens, .. } = &mut *state;
        refresh_tokens.retain(|_, access| tokens.contains_key(access));
    }

    /// Removes a repository from the API.
    pub fn remove(&self, full_name: &str) {
        self.state().repositories.remove(full_name);
    }

    /// Installs the App, or replaces an installation.
    pub fn install(&self, installation: TestInstallation) {
        self.state().app.installations.insert(installation.id, installation);
    }

    /// Changes an installation; does nothing where there is none.
    pub fn change_installation(&self, id: u64, change: impl FnOnce(&mut TestInstallation)) {
        if let Some(found) = self.state().app.installations.get_mut(&id) {
            change(found);
        }
    }

    /// Uninstalls the App.
    pub fn uninstall(&self, id: u64) {
        self.state().app.installations.remove(&id);
    }

    /// Changes a repository; does nothing where there is none.
    pub fn change(&self, full_name: &str, change: impl FnOnce(&mut Repository)) {
        if let Some(found) = self.state().repositories.get_mut(full_name) {
            change(found);
        }
    }

    /// Returns a repository as it is now.
    pub fn repository(&self, full_name: &str) -> Option<Repository> {
        self.state().repositories.get(full_name).cloned()
    }

    /// Returns every token that was given to the App.
    pub fn given_tokens(&self) -> Vec<GivenToken> {
        self.state().app.tokens.clone()
    }

    /// Takes every token of the App back, as if an hour had passed.
    pub fn expire_given_tokens(&self) {
        for given in &mut self.state().app.tokens {
            given.token = format!("{} (expired)", given.token);
        }
    }

    /// Returns every check run that the App wrote.
    pub fn checks(&self) -> Vec<WrittenCheck> {
        self.state().app.checks.clone()
    }

    /// Opens a pull request, or replaces the one of this number.
    pub fn put_pull(&self, pull: TestPull) {
        let mut state = self.state();
        state.app.pulls.retain(|it| (it.repository, it.number) != (pull.repository, pull.number));
        state.app.pulls.push(pull);
    }

    /// Writes a comment on a pull request, as somebody else does, or as the App.
    pub fn comment(&self, repository: u64, pull: u64, body: &str, by_app: bool) {
        self.state().add_comment(repository, pull, body, by_app);
    }

    /// Returns every comment.
    pub fn comments(&self) -> Vec<TestComment> {
        self.state().app.comments.clone()
    }

    /// Says at which commit of a branch another commit left it.
    pub fn set_merge_base(&self, base: &str, commit: &str, left_at: &str) {
        let of = (base.to_owned(), commit.to_owned());
        self.state().app.merge_bases.insert(of, left_at.to_owned());
    }

    /// Gives a code for a manifest, as GitHub does when somebody posts one.
    pub fn give_manifest_code(&self, code: &str, manifest: serde_json::Value) {
        self.state().app.manifests.insert(code.to_owned(), manifest);
    }

    /// Returns every manifest that was posted, with the path that it was posted to.
    pub fn posted_manifests(&self) -> Vec<(String, serde_json::Value)> {
        self.state().app.posted.clone()
    }

    /// Lists a delivery, as GitHub does whether or not it arrived.
    pub fn list_delivery(&self, delivery: ListedDelivery) {
        self.state().app.deliveries.push(delivery);
    }

    /// Returns the numbers of deliveries that GitHub was asked to repeat.
    pub fn redelivered(&self) -> Vec<u64> {
        self.state().app.redelivered.clone()
    }

    /// Sets this server's clock ahead of ours.
    pub fn set_clock_ahead(&self, seconds: i64) {
        self.state().app.skew_s = seconds;
    }

    /// Returns the App that people sign in with here, and come back to this address.
    pub fn app(&self, callback_url: String) -> SignInApp {
        SignInApp {
            web_url: format!("http://{}", self.api),
            client_id: CLIENT_ID.to_owned(),
            client_secret: Token::new(CLIENT_SECRET).expect("it is not blank"),
            callback_url,
        }
    }

    /// Returns the address at which `name` is served as a git repository.
    pub fn git_url(&self, name: &str) -> String {
        format!("http://{}/git/{name}", self.api)
    }

    /// Adds a repository to the API, or replaces it.
    pub fn add(&self, repository: Repository) {
        self.state().repositories.insert(repository.full_name.clone(), repository);
    }

    /// Redirects the API's requests for `old` to `new`, as after a rename.
    pub fn rename(&self, old: &str, new: &str) {
        self.state().renames.insert(old.to_owned(), new.to_owned());
    }

    /// Serves the git repository in `folder` under [`Self::git_url`].
    pub fn add_git(&self, name: &str, folder: &Path) {
        self.state().git_folders.insert(name.to_owned(), folder.to_owned());
    }

    /// Answers for the git repository `name` as servers did before git's protocol version 2.
    pub fn speak_old(&self, name: &str) {
        self.state().old_servers.insert(name.to_owned());
    }

    /// Gives `answers`, one a request and before anything else, to requests for `path`.
    pub fn script(&self, path: &str, answers: Vec<Answer>) {
        self.state().scripted.insert(path.to_owned(), answers);
    }

    /// Returns all requests so far, in the order in which they came.
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        for address in [self.api, self.downloads] {
            // Wakes the thread that waits for a connection.
            drop(TcpStream::connect(address));
        }
        for thread in self.threads.drain(..) {
            // A panic there has shown itself as a failed request already.
            drop(thread.join());
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn accept(listener: &TcpListener, state: &Arc<Mutex<State>>, is_over: &AtomicBool) {
    for stream in listener.incoming() {
        if is_over.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let state = Arc::clone(state);
        // A client that hangs up early is part of many tests.
        std::thread::spawn(move || drop(serve(stream, &state)));
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let mut request = answer::read_request(&stream)?;
    let (answer, git_folder, date) = {
        let mut state = lock(state);
        state.requests.push(request.clone());
        if state.old_servers.iter().any(|name| request.path.starts_with(&format!("/git/{name}/"))) {
            request.git_protocol = None;
        }
        (state.answer(&request), state.git_folder(&request), state.date())
    };
    // Git runs outside the lock: it takes its time.
    let answer = match (answer, git_folder) {
        (Some(answer), _) => answer.header("date", &date),
        (None, Some((folder, action))) => git::answer(&folder, &action, &request)?,
        (None, None) => Answer::status(404),
    };
    answer.write(&stream)
}

impl State {
    fn answer(&mut self, request: &Request) -> Option<Answer> {
        if let Some(answers) = self.scripted.get_mut(&request.path)
            && !answers.is_empty()
        {
            return Some(answers.remove(0));
        }
        if let Some(answer) = self.people_answer(request) {
            return Some(answer);
        }
        if let Some(answer) = self.app_answer(request) {
            return Some(answer);
        }
        if let Some(path) = request.path.strip_prefix("/api/repos/") {
            return Some(self.api_answer(path, request.authorization.as_deref()));
        }
        let path = request.path.strip_prefix("/download/")?;
        Some(self.download_answer(path))
    }

    /// Returns the time here, as the header has it.
    fn date(&self) -> String {
        let skew = Duration::from_secs(self.app.skew_s.unsigned_abs());
        let now = SystemTime::now();
        httpdate::fmt_http_date(if self.app.skew_s < 0 { now - skew } else { now + skew })
    }

    /// Splits `/git/<name>/<action>` at the name of a folder that is served.
    fn git_folder(&self, request: &Request) -> Option<(PathBuf, String)> {
        let path = request.path.strip_prefix("/git/")?;
        self.git_folders.iter().find_map(|(name, folder)| {
            let action = path.strip_prefix(name.as_str())?.strip_prefix('/')?;
            Some((folder.clone(), action.to_owned()))
        })
    }
}
