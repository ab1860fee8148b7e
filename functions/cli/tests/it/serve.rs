//! `doctown serve`: killed in the middle of a job, and started again.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::program::{SMALL, World};
use crate::socket::ask;

/// A server of the world's folder; killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    address: String,
}

impl Server {
    pub(crate) fn start(world: &World) -> Self {
        let mut command = world.command(&["serve", "--port", "0", "--no-embeddings", "--allow-local"]);
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program was built for this test");
        let mut line = String::new();
        let mut said = BufReader::new(child.stderr.take().expect("it is piped"));
        said.read_line(&mut line).expect("it says where it listens");
        let address = line.trim_start_matches("http://").split(' ').next().unwrap_or_default().to_owned();
        assert!(address.starts_with("127.0.0.1:"), "{line}");
        // Nobody may block the server's standard error.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self { child, address }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Vec<u8>) {
        let answer = ask(&self.address, None, method, path, body);
        (answer.status, answer.body)
    }

    pub(crate) fn json(&self, method: &str, path: &str, body: &str) -> Value {
        ask(&self.address, None, method, path, body).json()
    }

    /// Waits for the job's end by asking for the events that follow each other.
    fn finish(&self, job: &str) -> Value {
        let mut after = String::new();
        loop {
            let page = self.json("GET", &format!("/v1/jobs/{job}/events?limit=50{after}"), "");
            if page["is_over"] == true {
                return self.json("GET", &format!("/v1/jobs/{job}"), "");
            }
            if let Some(next) = page["next"].as_str() {
                after = format!("&after={next}");
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_killed_server_goes_on_with_its_job_and_gives_the_pack_of_a_build() {
    let world = World::new();
    let folder = world.write("small", SMALL);
    let order = json!({"repo_url": folder, "options": {"embeddings": false}}).to_string();
    let server = Server::start(&world);
    let job = server.json("POST", "/v1/jobs", &order)["job"]["job_id"].as_str().expect("a job").to_owned();
    // SIGKILL at once: the job has hardly begun.
    drop(server);
    let server = Server::start(&world);
    let over = server.finish(&job);
    assert_eq!(over["phase"], "completed", "{over}");
    assert_eq!(over["repo_url"], Value::Null, "a local path is nobody else's business");
    let (status, pack) = server.ask("GET", over["links"]["download"].as_str().expect("a link"), "");
    assert_eq!(status, 200);
    drop(server);
    // A server keeps the source text only where a job asks for it.
    let built = world.build(&folder, "built.docpack", &["--fresh", "--no-source"]);
    assert!(pack == built, "the pack is that of a build");
}

#[test]
fn the_ledger_is_rebuilt_from_the_store_by_a_command() {
    let world = World::new();
    let folder = world.write("small", SMALL);
    world.build(&folder, "small.docpack", &[]);
    let rebuilt = world.run(&["ledger", "rebuild", "--json"]);
    assert_eq!(rebuilt.code, 0, "{}", rebuilt.stderr);
    let told: Value = serde_json::from_str(&rebuilt.stdout).expect("JSON");
    assert_eq!(told["data"], json!({"n_jobs": 1, "n_docpacks": 1, "n_left_out": 0}));
    let server = Server::start(&world);
    assert_eq!(server.json("GET", "/v1/docpacks", "")["items"].as_array().map(Vec::len), Some(1));
}

#[test]
fn folders_of_this_machine_are_not_read_for_others() {
    let world = World::new();
    let ran = world.run(&["serve", "--host", "0.0.0.0", "--allow-local", "--no-embeddings", "--port", "0"]);
    assert!(ran.code == 2 && ran.stderr.contains("error[local_paths_exposed]"), "{}", ran.stderr);
}

#[test]
fn packs_of_builds_are_listed_at_once_before_and_while_a_server_runs() {
    let world = World::new();
    let names = |server: &Server| -> Vec<String> {
        let listed = server.json("GET", "/v1/docpacks", "");
        let items = listed["items"].as_array().expect("a list").iter();
        items.map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
    };
    world.build(&world.write("before", SMALL), "before.docpack", &[]);
    let server = Server::start(&world);
    assert_eq!(names(&server), ["before"]);
    // The name of a function differs, so the pack does too.
    let other = world.write("meanwhile", "//- /a.py\ndef other():\n    pass\n");
    world.build(&other, "meanwhile.docpack", &[]);
    let is_listed = || names(&server) == ["meanwhile", "before"];
    assert!(becomes_true(is_listed), "{:?}", names(&server));
    let jobs = server.json("GET", "/v1/jobs", "");
    assert_eq!(jobs["items"].as_array().map(Vec::len), Some(2));
    // A second build of the same folder takes the first one's place.
    world.build(&other, "meanwhile.docpack", &["--fresh"]);
    let has_job =
        |pack: &Value| pack["links"]["job"].as_str().is_some_and(|job| server.ask("GET", job, "").0 == 200);
    let packs = || server.json("GET", "/v1/docpacks", "")["items"].as_array().cloned().expect("a list");
    assert!(becomes_true(|| packs().iter().all(has_job)), "{:?}", packs());
    let jobs = server.json("GET", "/v1/jobs", "");
    assert_eq!(jobs["items"].as_array().map(Vec::len), Some(2), "{jobs}");
}

/// Waits for what the server notices in its own time.
fn becomes_true(is_true: impl Fn() -> bool) -> bool {
    let began = std::time::Instant::now();
    while !is_true() {
        if began.elapsed() > std::time::Duration::from_secs(30) {
            return false;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    true
}

/// Waits until so many jobs are listed, and returns them.
fn jobs_of(server: &Server, n: usize) -> Vec<Value> {
    let began = std::time::Instant::now();
    loop {
        let jobs = server.json("GET", "/v1/jobs", "")["items"].as_array().cloned().unwrap_or_default();
        if jobs.len() >= n || began.elapsed() > std::time::Duration::from_secs(30) {
            return jobs;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[test]
fn a_schedule_that_is_due_makes_one_job_whatever_is_restarted() {
    let world = World::new();
    let folder = world.write("small", SMALL);
    // Due once a year, and stored long ago: its last window is past.
    let list = json!({"schema": "doctown.schedules/1", "schedules": [{
        "name": "yearly", "cron": "0 0 1 1 *", "repos": [folder], "since": "2001-01-01T00:00:00.000Z",
        "options": {"embeddings": false},
    }]});
    std::fs::write(world.path("schedules.json"), list.to_string()).expect("files can be written");
    let set = world.run(&["schedule", "set", "schedules.json"]);
    assert_eq!(set.code, 0, "{}", set.stderr);
    assert!(world.run(&["schedule", "show"]).stdout.contains("yearly"));
    let server = Server::start(&world);
    let jobs = jobs_of(&server, 1);
    assert_eq!(jobs.len(), 1);
    let job = jobs[0]["job_id"].as_str().expect("an id").to_owned();
    assert_eq!(server.finish(&job)["phase"], "completed");
    let busy = world.run(&["schedule", "tick"]);
    assert!(busy.code == 1 && busy.stderr.contains("a running `doctown serve`"), "{}", busy.stderr);
    drop(server);
    let server = Server::start(&world);
    // The first tick is over once the server has answered for a while.
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(jobs_of(&server, 1).len(), 1);
    drop(server);
    let tick = world.run(&["schedule", "tick"]);
    assert_eq!(tick.code, 0, "{}", tick.stderr);
    assert!(!tick.stdout.contains("yearly"), "the window is done: {}", tick.stdout);
}
