//! `doctown view`: one pack behind a socket.

use std::io::{BufRead, BufReader};
#[cfg(target_os = "linux")]
use std::path::Path;
use std::process::{Child, Command, Stdio};
#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};

use crate::program::{SMALL, World};
use crate::socket::{Answer, ask};

/// A program that shows a pack; killed when it is dropped.
struct Viewing {
    child: Child,
    url: String,
    address: String,
}

impl Viewing {
    fn start(mut command: Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program was built");
        let mut url = String::new();
        let mut said = BufReader::new(child.stdout.take().expect("it is piped"));
        said.read_line(&mut url).expect("it says where it listens");
        let url = url.trim_end().to_owned();
        let address = url.trim_start_matches("http://").trim_end_matches("/view").to_owned();
        assert!(address.starts_with("127.0.0.1:"), "{url}");
        Self { child, url, address }
    }

    fn ask(&self, method: &str, path: &str) -> Answer {
        ask(&self.address, None, method, path, "")
    }

    /// Ends it as Ctrl-C does and returns its exit code.
    fn interrupt(mut self) -> Option<i32> {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|sent| sent.success()));
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Viewing {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A world with `small.docpack` and a website of one page.
fn world() -> (World, Vec<u8>) {
    let world = World::new();
    let small = world.write("small", SMALL);
    let pack = world.build(&small, "small.docpack", &[]);
    world.write("site", "//- /200.html\n<h1>Explorer</h1><script>start()</script>\n//- /_app/a.js\nstart\n");
    (world, pack)
}

fn command(world: &World, pack: &str, more: &[&str]) -> Command {
    let mut arguments = vec!["view", pack, "--site", "site"];
    arguments.extend(more);
    let mut command = world.command(&arguments);
    command.env("DOCTOWN_HOME", world.path("untouched"));
    command
}

#[test]
fn a_pack_is_shown_to_this_machine_alone_and_nothing_is_left() {
    let (world, pack) = world();
    let viewing = Viewing::start(command(&world, "small.docpack", &["--no-open"]));
    let page = viewing.ask("GET", "/view");
    assert_eq!((page.status, page.body.starts_with(b"<h1>Explorer")), (200, true));
    let policy = page.header("content-security-policy");
    for part in ["default-src 'none'", "connect-src 'self'", "style-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part) && !policy.contains("unsafe-inline"), "{policy}");
    }
    assert_eq!(viewing.ask("GET", "/_app/a.js").body, b"start\n");

    let file = viewing.ask("GET", "/view/pack.docpack");
    assert_eq!((file.status, file.header("content-type")), (200, "application/vnd.docpack"));
    assert_eq!(file.header("content-disposition"), "attachment; filename*=utf-8''small.docpack");
    assert!(file.body == pack, "the pack is that of the disk");
    let head = viewing.ask("HEAD", "/view/pack.docpack");
    assert_eq!((head.header("content-length"), head.body.len()), (pack.len().to_string().as_str(), 0));

    for path in ["/", "/docs", "/owner/repo"] {
        let elsewhere = viewing.ask("GET", path);
        assert_eq!((elsewhere.status, elsewhere.header("location")), (307, "/view"), "{path}");
    }
    for (method, path, status, code) in [
        ("POST", "/view", 405, "method_not_allowed"),
        ("DELETE", "/view/pack.docpack", 405, "method_not_allowed"),
        ("GET", "/v1/jobs", 404, "not_found"),
        ("GET", "/nothing.js", 404, "not_found"),
        ("GET", "/..%2fsmall.docpack", 404, "not_found"),
    ] {
        let refused = viewing.ask(method, path);
        assert_eq!((refused.status, &refused.json()["code"]), (status, &code.into()), "{method} {path}");
        assert_eq!(refused.header("x-content-type-options"), "nosniff");
    }
    for path in ["/view", "/view/pack.docpack", "/"] {
        let refused = ask(&viewing.address, Some("evil.example"), "GET", path, "");
        assert_eq!((refused.status, &refused.json()["code"]), (421, &"misdirected_request".into()), "{path}");
    }
    assert_eq!(viewing.interrupt(), Some(0));
    assert!(!world.path("untouched").exists());
}

#[test]
fn a_pack_that_is_replaced_stays_and_one_that_is_written_into_is_refused() {
    let (world, pack) = world();
    let viewing = Viewing::start(command(&world, "small.docpack", &["--no-open"]));
    std::fs::write(world.path("new"), "another file").expect("files can be written");
    std::fs::rename(world.path("new"), world.path("small.docpack")).expect("files can be renamed");
    assert!(viewing.ask("GET", "/view/pack.docpack").body == pack);
    std::fs::write(world.path("small.docpack"), &pack).expect("files can be written");

    let viewing = Viewing::start(command(&world, "small.docpack", &["--no-open"]));
    std::fs::write(world.path("small.docpack"), &pack[1..]).expect("files can be written");
    let refused = viewing.ask("GET", "/view/pack.docpack");
    assert_eq!((refused.status, &refused.json()["code"]), (409, &"pack_changed".into()));
}

#[test]
fn what_cannot_be_shown_is_refused_before_anything_listens() {
    let (world, mut pack) = world();
    let middle = pack.len() / 2;
    pack[middle] ^= 0x40;
    std::fs::write(world.path("bad.docpack"), &pack).expect("files can be written");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let taken = listener.local_addr().expect("it listens").port().to_string();
    for (arguments, exit, code) in [
        (["view", "nothing.docpack", "--site", "site"].as_slice(), 3, "pack_unreadable"),
        (&["view", "bad.docpack", "--site", "site"], 7, "verification_failed"),
        (&["view", "small/README.md", "--site", "site"], 7, "verification_failed"),
        (&["view", "small.docpack", "--site", "small"], 1, "site_not_built"),
        (&["view", "small.docpack", "--site", "site", "--port", &taken], 1, "port_unavailable"),
    ] {
        let ran = world.run(arguments);
        assert_eq!(ran.code, exit, "{arguments:?}: {}", ran.stderr);
        assert!(
            ran.stderr.contains(&format!("error[{code}]: ")) && ran.stderr.contains("help: "),
            "{}",
            ran.stderr
        );
        assert!(ran.stdout.is_empty(), "{arguments:?}: {}", ran.stdout);
    }
}

/// Puts a program first in the path that writes down what it is told to open.
#[cfg(target_os = "linux")]
fn with_opener(world: &World, command: &mut Command) {
    use std::os::unix::fs::PermissionsExt;
    let folder = world.path("programs");
    std::fs::create_dir_all(&folder).expect("folders can be made");
    let opener = folder.join("xdg-open");
    let script = format!("#!/bin/sh\necho \"$1\" >> '{}'\n", world.path("opened").display());
    std::fs::write(&opener, script).expect("files can be written");
    std::fs::set_permissions(&opener, PermissionsExt::from_mode(0o755)).expect("it is ours");
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", folder.display()));
    for name in ["CI", "DISPLAY", "WAYLAND_DISPLAY"] {
        command.env_remove(name);
    }
}

/// What hangs fails the test instead of hanging it.
#[cfg(target_os = "linux")]
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for a line of a file that another process writes.
#[cfg(target_os = "linux")]
fn wait_for(file: &Path) -> String {
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        match std::fs::read_to_string(file) {
            Ok(text) if text.ends_with('\n') => return text,
            _ => std::thread::yield_now(),
        }
    }
    panic!("nobody wrote `{}`", file.display());
}

#[cfg(target_os = "linux")]
#[test]
fn a_browser_is_opened_where_somebody_sits() {
    let (world, _) = world();
    for (more, variables) in [
        (["--no-open"].as_slice(), [("DISPLAY", ":0")].as_slice()),
        (&[], &[("DISPLAY", ":0"), ("CI", "true")]),
        (&[], &[]),
    ] {
        let mut command = command(&world, "small.docpack", more);
        with_opener(&world, &mut command);
        let viewing = Viewing::start({
            command.envs(variables.iter().copied());
            command
        });
        assert_eq!(viewing.ask("GET", "/view").status, 200);
        assert_eq!(viewing.interrupt(), Some(0));
    }
    let mut command = command(&world, "small.docpack", &[]);
    with_opener(&world, &mut command);
    command.env("DISPLAY", ":0");
    let viewing = Viewing::start(command);
    // The only line is the last server's: none of those before had anything opened.
    assert_eq!(wait_for(&world.path("opened")).trim_end(), viewing.url);
}
