//! A server with everything behind it: a store in a folder, a ledger, workers, and a GitHub of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use accounts::Accounts;
use billing::{Billing, BillingSettings, Meter};
use doctown_trigger::{
    App, CALLBACK_PATH, Embedders, LookLimits, Parts, People, PushApp, PushLimits, Settings, prices, serve,
};
use github::{AppKey, WebhookSecrets};
use ledger::Ledger;
use pipeline::port::Ports;
use pipeline::{
    CancelFlag, Coordinator, PinnedEmbedder, Stage, StageError, StageName, Stages, UnitOutput, UnitRun,
    Worker,
};
use runtime::host::Unwatched;
use runtime::host::local::LocalFolders;
use runtime::host::serve::{ServeParams, serve as work};
use runtime::queue::AnyQueue;
use runtime::store::AnyStore;
use runtime::{DirectoryStore, LocalPorts, LocalQueue, SystemClock};
use secrecy::SecretString;
use serde_json::{Value, json};
use source::testserver::{APP_KEY, CLIENT_ID, Repository, TestServer};
use stage_assemble::AssembleStage;
use stage_generate::GenerateStage;
use stage_ingest::{Access, Grants, IngestStage};
use stage_pack::PackStage;
use tokio::sync::oneshot;

use crate::client::{Answer, ask, follow};

pub(crate) const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
/// Seals people's tokens in these tests.
pub(crate) const SECRET_KEYS: &str = "1:QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=";
/// The newest first.
pub(crate) const WEBHOOK_SECRETS: [&str; 2] = ["a new secret", "an old secret"];
const FILES: [(&str, &str); 4] = [
    (
        "src/greet.py",
        "\"\"\"Greets people.\"\"\"\nfrom src.names import full_name\n\n\ndef greet(person):\n    \"\"\"Says hello to a person.\"\"\"\n    return 'Hello, ' + full_name(person)\n",
    ),
    (
        "src/names.py",
        "def full_name(person):\n    \"\"\"Joins first and last name.\"\"\"\n    return person.first + ' ' + person.last\n\n\nclass PersonStore:\n    \"\"\"Keeps people.\"\"\"\n\n    def find_by_name(self, name):\n        return self.people.get(name)\n",
    ),
    ("README.md", "# Greetings\n\nSays hello.\n"),
    ("logo.bin", "\u{0}\u{1}\u{2}"),
];

/// A folder, a GitHub, and a server that can be stopped and started again.
pub(crate) struct World {
    pub(crate) github: TestServer,
    folder: tempfile::TempDir,
    host: tokio::runtime::Runtime,
    running: Option<Running>,
    /// The API that runs, or ran last.
    pub(crate) app: Option<App>,
    pub(crate) settings: Settings,
    /// Whose accounts the server has; `None` for a server of one person.
    pub(crate) accounts: Option<Accounts>,
    /// How people call the server.
    pub(crate) public_host: String,
    /// Addresses on this machine that messages may be posted to.
    pub(crate) receivers: Vec<String>,
    /// While it is set, jobs stay where their files have been read.
    pub(crate) holds_jobs: Arc<AtomicBool>,
    /// Where plans are sold; `None` for a server that sells none.
    pub(crate) stripe: Option<billing::testserver::TestServer>,
}

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: tokio::task::JoinHandle<()>,
    drain: CancelFlag,
    working: Option<tokio::task::JoinHandle<()>>,
}

impl World {
    /// Makes a world with the repository `acme/greetings`, and starts server and workers.
    pub(crate) fn start() -> Self {
        let mut world = Self::new();
        world.go(true);
        world
    }

    pub(crate) fn new() -> Self {
        let github = TestServer::start().expect("loopback ports are free");
        github.add(repository("acme/greetings"));
        let settings = Settings {
            cors_origins: vec!["https://pages.example".to_owned()],
            reads_per_minute: 0,
            writes_per_minute: 0,
            n_trusted_proxies: 0,
            max_streams: 100,
            max_entries: 10,
            entry_wait: Duration::from_secs(10),
            looks: LookLimits::default(),
            time_limit: Duration::from_secs(3_600),
            look_every: Duration::from_millis(20),
            shares_store: false,
            redirect_downloads: false,
            site: None,
            header_timeout: Duration::from_secs(30),
            repository_look_age: Duration::from_secs(24 * 3_600),
            repository_look_every: Duration::from_millis(100),
            readmit_every: Duration::from_millis(200),
            notice_every: Duration::from_millis(100),
            mailer: None,
            pushes: PushLimits {
                every: Duration::from_millis(50),
                look_every: Duration::from_millis(50),
                spacing: Duration::ZERO,
                rest: Duration::ZERO,
                ..PushLimits::default()
            },
            schedules_every: Duration::from_millis(50),
            billing_every: Duration::from_millis(200),
        };
        let host =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Self {
            github,
            folder: tempfile::tempdir().unwrap(),
            host,
            running: None,
            app: None,
            settings,
            accounts: None,
            public_host: "doctown.example".to_owned(),
            receivers: Vec::new(),
            holds_jobs: Arc::default(),
            stripe: None,
        }
    }

    /// Starts the server; without workers jobs stay where they are.
    pub(crate) fn go(&mut self, with_workers: bool) {
        assert!(self.running.is_none());
        let store = self.folder.path().join("store");
        let queue = LocalFolders::of_store(&store).served_queue();
        let ports = Arc::new(LocalPorts {
            store: AnyStore::Directory(DirectoryStore::open(&store).unwrap()),
            queue: AnyQueue::Local(LocalQueue::open(&queue, SystemClock).unwrap()),
            clock: SystemClock,
            observer: None,
        });
        let mut source = self.github.config();
        source.local_paths = false;
        source.insecure_authorities.extend(self.receivers.iter().cloned());
        let address = format!("sqlite://{}", self.ledger_file().display());
        let settings = self.settings.clone();
        let people = self.accounts.clone().map(|accounts| {
            let sign_in = self.github.app(format!("http://{}{CALLBACK_PATH}", self.public_host));
            let keys = SECRET_KEYS.parse().expect("they are keys");
            let grants = Grants::new(accounts.clone(), Some(keys), sign_in.clone());
            let key = AppKey::parse(APP_KEY).expect("it is a key");
            let app = PushApp {
                app: github::App::new(CLIENT_ID, key, source.clone()),
                secrets: WebhookSecrets::new(WEBHOOK_SECRETS),
            };
            let billing = self.stripe.as_ref().map(|stripe| {
                Billing::new(billing_settings(stripe), accounts.clone()).expect("the settings are fine")
            });
            People { grants, accounts, sign_in, app: Some(app), billing }
        });
        let access = match &people {
            Some(people) => {
                let app = people.app.as_ref().map(|it| it.app.clone());
                Access::with_grants(source.clone(), people.grants.clone()).with_app(app)
            }
            None => Access::own(source.clone()),
        };
        source.public_only = people.is_some();
        let (app, listener) = self.host.block_on(async {
            let app = App::new(Parts {
                coordinator: Coordinator::new(Arc::clone(&ports), "api"),
                ledger: Ledger::open(&address).await.unwrap(),
                people,
                source,
                embedders: Embedders::Own(None),
                query_embedder: None,
                writer: None,
                prices: prices(),
                settings,
            });
            (app, tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap())
        });
        self.app = Some(app.clone());
        let address = listener.local_addr().unwrap();
        let drain = CancelFlag::default();
        let holds_jobs = Arc::clone(&self.holds_jobs);
        let working = with_workers.then(|| {
            let stages = AllStages {
                holds_jobs,
                ingest: IngestStage::new(access, 2),
                assemble: AssembleStage::new(None),
                generate: GenerateStage::new(None),
            };
            let worker = Arc::new(Worker::new(ports, stages, "worker"));
            let params = ServeParams {
                n_concurrent: 2,
                look: Duration::ZERO,
                idle: Duration::from_millis(5),
                reap_every: Some(Duration::from_millis(500)),
                drain: drain.clone(),
                grace: Duration::from_secs(20),
                watch: Arc::new(Unwatched),
            };
            self.host.spawn(async move { work(&worker, &params).await })
        });
        let (stop, stopped) = oneshot::channel();
        let stopping = async move {
            let _ = stopped.await;
        };
        let serving = self.host.spawn(async move {
            serve(app, listener, stopping, Duration::from_secs(5)).await.unwrap();
        });
        self.running = Some(Running { address, stop, serving, drain, working });
    }

    /// Stops server and workers; what they left is all that the next ones know.
    pub(crate) fn halt(&mut self) {
        let running = self.running.take().expect("it runs");
        self.app = None;
        running.drain.set();
        let _ = running.stop.send(());
        self.host.block_on(async {
            running.serving.await.unwrap();
            if let Some(working) = running.working {
                working.await.unwrap();
            }
        });
    }

    pub(crate) fn ledger_file(&self) -> std::path::PathBuf {
        self.folder.path().join("ledger.sqlite")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.running.as_ref().expect("it runs").address
    }

    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.host.block_on(work)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        ask(self.address(), "GET", path, &[], b"")
    }

    pub(crate) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        ask(self.address(), "GET", path, headers, b"")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, &[], body)
    }

    pub(crate) fn post_with(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        ask(self.address(), "POST", path, &all, body.to_string().as_bytes())
    }

    /// Asks for a docpack of `acme/greetings` and returns the job's id.
    pub(crate) fn submit(&self) -> String {
        let answer = self.post("/v1/jobs", &order("acme/greetings"));
        assert_eq!(answer.status, 202, "{}", answer.json());
        answer.json()["job"]["job_id"].as_str().unwrap().to_owned()
    }

    /// Follows a job to its end and returns it.
    pub(crate) fn finish(&self, job: &str) -> Value {
        let (status, told) = follow(self.address(), &format!("/v1/jobs/{job}/events"), None, usize::MAX);
        assert_eq!(status, 200);
        assert_eq!(told.last().map(|event| event.kind.as_str()), Some("job.completed.v1"));
        self.get(&format!("/v1/jobs/{job}")).json()
    }

    /// Makes a docpack and returns its path.
    pub(crate) fn docpack(&self) -> String {
        let job = self.finish(&self.submit());
        assert_eq!(job["phase"], "completed", "{job}");
        job["links"]["docpack"].as_str().unwrap().to_owned()
    }
}

fn billing_settings(stripe: &billing::testserver::TestServer) -> BillingSettings {
    BillingSettings {
        url: stripe.url(),
        key: SecretString::from(billing::testserver::KEY),
        webhook_secrets: vec![SecretString::from(billing::testserver::WEBHOOK_SECRET)],
        prices: billing::testserver::PRICES.parse().expect("they are prices"),
        meter: Some(Meter { event_name: "jobs".to_owned(), price: None }),
    }
}

/// A request that needs no model.
pub(crate) fn order(repo_url: &str) -> Value {
    json!({"repo_url": repo_url, "options": {"embeddings": false}})
}

pub(crate) fn repository(name: &str) -> Repository {
    let files: Vec<(&str, &[u8])> = FILES.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    Repository::empty(name).commit(SHA, "2024-05-01T12:00:00Z", &["main", "v1.0"], &files)
}

/// The repository at another commit, which has one more function than the one before.
pub(crate) fn pushed(before: Repository, sha: &str, n: usize) -> Repository {
    let text = format!("def number_{n}():\n    \"\"\"Returns {n}.\"\"\"\n    return {n}\n");
    let mut files: Vec<(&str, &[u8])> = FILES.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    files.push(("src/number.py", text.as_bytes()));
    before.commit(sha, "2024-06-01T12:00:00Z", &["main"], &files)
}

/// Every stage but embed, which needs a model.
struct AllStages {
    holds_jobs: Arc<AtomicBool>,
    ingest: IngestStage,
    assemble: AssembleStage,
    generate: GenerateStage,
}

impl Stages for AllStages {
    fn version(&self, stage: StageName) -> Option<String> {
        (stage != StageName::Embed).then(pipeline::release)
    }

    fn embedder(&self) -> Option<PinnedEmbedder> {
        None
    }

    async fn run<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        match stage {
            StageName::Ingest => self.ingest.run(unit).await,
            StageName::Assemble => {
                while self.holds_jobs.load(Ordering::SeqCst) {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                self.assemble.run(unit).await
            }
            StageName::Generate => self.generate.run(unit).await,
            StageName::Pack => PackStage.run(unit).await,
            StageName::Embed => Err(StageError::reject("model_missing", "there is no model here")),
        }
    }
}
