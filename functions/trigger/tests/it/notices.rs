//! What people and programs are told about the ends of jobs.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accounts::{Person, User};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doctown_trigger::Mailer;
use mailin::response::OK;
use mailin::{Action, Handler, Response, SessionBuilder};
use ring::hmac;
use serde_json::{Value, json};

use crate::people::{People, Shown};
use crate::world::World;

/// A request that a receiver got.
#[derive(Debug, Clone)]
struct Posted {
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Posted {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value)
    }

    /// Checks the signature as a receiver does, with the secret as it was shown.
    fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").expect("it has its prefix")).unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let (id, at) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        let signed = format!("{id}.{at}.{}", self.body);
        self.header("webhook-signature").split(' ').any(|signature| {
            let tag = STANDARD.decode(signature.strip_prefix("v1,").unwrap_or_default()).unwrap_or_default();
            hmac::verify(&key, signed.as_bytes(), &tag).is_ok()
        })
    }
}

/// A web server on this machine that answers with the first statuses in turn, and with the last one from then on.
struct Receiver {
    address: SocketAddr,
    posted: Arc<Mutex<Vec<Posted>>>,
}

impl Receiver {
    fn start(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, posted) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<Posted>>>::default());
        let list = Arc::clone(&posted);
        std::thread::spawn(move || {
            for (n, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let request = read(&mut BufReader::new(stream.try_clone().unwrap()));
                list.lock().unwrap().push(request);
                let status = statuses[n.min(statuses.len() - 1)];
                let location = if status == 302 { "location: /elsewhere\r\n" } else { "" };
                write!(
                    stream,
                    "HTTP/1.1 {status} -\r\n{location}content-length: 0\r\nconnection: close\r\n\r\n"
                )
                .unwrap();
            }
        });
        Self { address, posted }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// Waits until so many requests came.
    fn wait_for(&self, n: usize) -> Vec<Posted> {
        wait_until(|| Some(self.posted.lock().unwrap().clone()).filter(|posted| posted.len() >= n))
    }
}

fn read(stream: &mut impl BufRead) -> Posted {
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or("0", |(_, value)| value);
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    Posted { path, headers, body: String::from_utf8(body).unwrap() }
}

fn wait_until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("nothing came for half a minute");
}

fn start(receivers: &[&Receiver], mailer: Option<Mailer>) -> People {
    let mut world = World::new();
    world.receivers = receivers.iter().map(|it| it.address.to_string()).collect();
    world.settings.mailer = mailer;
    People::in_world(world)
}

fn add(people: &People, session: &Shown, url: &str) -> String {
    let answer = people.send("POST", "/v1/me/webhooks", session, &json!({"url": url}));
    assert_eq!(answer.status, 201, "{}", answer.json());
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn messages(people: &People, session: &Shown) -> Vec<Value> {
    let listed = people.send("GET", "/v1/me/messages", session, &Value::Null).json();
    listed["items"].as_array().unwrap().clone()
}

fn order(people: &People, session: &Shown, callback: &str) -> String {
    let body =
        json!({"repo_url": "acme/greetings", "options": {"embeddings": false}, "callback_url": callback});
    let answer = people.send("POST", "/v1/jobs", session, &body);
    assert_eq!(answer.status, 202, "{}", answer.json());
    answer.json()["job"]["job_id"].as_str().unwrap().to_owned()
}

#[test]
fn a_job_s_end_is_posted_once_to_each_webhook_and_to_the_callback() {
    let receiver = Receiver::start(&[200]);
    let people = start(&[&receiver], None);
    let ada = people.person(1);
    let session = people.session(&ada, 0);
    add(&people, &session, &receiver.url("hook"));
    let secret = people.send("POST", "/v1/me/webhook-secret", &session, &Value::Null).json();
    let secret = secret["secret"].as_str().unwrap().to_owned();
    let job = order(&people, &session, &receiver.url("callback"));
    let posted = receiver.wait_for(2);
    let mut paths: Vec<&str> = posted.iter().map(|it| it.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["/callback", "/hook"]);
    for it in &posted {
        assert!(it.is_signed_with(&secret), "{it:?}");
        let body: Value = serde_json::from_str(&it.body).unwrap();
        assert_eq!((&body["type"], &body["data"]["job_id"]), (&json!("job.completed"), &json!(job)));
        assert_eq!(body["id"], it.header("webhook-id"));
        let url = body["data"]["docpack_url"].as_str().unwrap();
        let id = body["data"]["docpack_id"].as_str().unwrap().trim_start_matches("sha256:");
        assert_eq!(url, format!("http://doctown.example/packs/{id}"));
    }
    let list = wait_until(|| {
        Some(messages(&people, &session)).filter(|list| list.iter().all(|it| it["state"] == "delivered"))
    });
    assert_eq!(list.len(), 2);
    // The same job, asked for again, was told already; another secret signs beside the first one.
    let renewed = people.send("POST", "/v1/me/webhook-secret", &session, &Value::Null).json();
    assert!(renewed["previous_until"].is_string(), "{renewed}");
    assert_eq!(order(&people, &session, &receiver.url("callback")), job);
    let id = add(&people, &session, &receiver.url("second"));
    let tried = people.send("POST", &format!("/v1/me/webhooks/{id}/test"), &session, &Value::Null);
    assert_eq!(tried.status, 202);
    let is_ping = |it: &Posted| it.path == "/second" && it.body.contains("\"ping\"");
    let ping = wait_until(|| receiver.wait_for(3).into_iter().find(is_ping));
    let n_told = receiver.wait_for(3).iter().filter(|it| it.path == "/callback").count();
    assert_eq!(n_told, 1);
    for secret in [secret.as_str(), renewed["secret"].as_str().unwrap()] {
        assert!(ping.is_signed_with(secret));
    }
}

#[test]
fn a_webhook_that_fails_is_tried_again_and_one_that_is_gone_is_left_alone() {
    let (failing, moved, gone) =
        (Receiver::start(&[503, 200]), Receiver::start(&[302]), Receiver::start(&[410]));
    let people = start(&[&failing, &moved, &gone], None);
    let session = people.session(&people.person(1), 0);
    for receiver in [&failing, &moved, &gone] {
        add(&people, &session, &receiver.url("hook"));
    }
    people.docpack(&session, "acme/greetings");
    let of = |receiver: &Receiver, state: &str| {
        let url = receiver.url("hook");
        wait_until(|| {
            let list = messages(&people, &session);
            list.into_iter().find(|it| {
                it["target"] == url && it["attempts"] == 1 && it["state"] == state && it["answer"].is_string()
            })
        })
    };
    let waiting = of(&failing, "waiting");
    assert!(waiting["answer"] == "503" && waiting["next_at"].is_string(), "{waiting}");
    assert_eq!(of(&moved, "waiting")["ended_at"], Value::Null);
    assert_eq!(moved.wait_for(1)[0].path, "/hook", "a redirect is not followed");
    assert_eq!(of(&gone, "failed")["answer"], "410");
    let listed = people.send("GET", "/v1/me/webhooks", &session, &Value::Null).json();
    let n_gone = listed["items"].as_array().unwrap().iter().filter(|it| it["gone_at"].is_string()).count();
    assert_eq!(n_gone, 1, "{listed}");
    let again = format!("/v1/me/messages/{}/resend", waiting["id"].as_str().unwrap());
    assert_eq!(people.send("POST", &again, &session, &Value::Null).status, 202);
    assert_eq!(of(&failing, "delivered")["answer"], "200");
    let (first, second) = (&failing.wait_for(2)[0], &failing.wait_for(2)[1]);
    assert_eq!((first.header("webhook-id"), &first.body), (second.header("webhook-id"), &second.body));
}

#[test]
fn messages_go_to_public_addresses_over_https_only() {
    let people = start(&[], None);
    let session = people.session(&people.person(1), 0);
    for url in [
        "http://example.org/hook",
        "https://127.0.0.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/hook",
        "https://name:password@example.org/",
        "ftp://example.org",
        "hook",
    ] {
        let refused = people.send("POST", "/v1/me/webhooks", &session, &json!({"url": url}));
        assert_eq!(refused.problem(), "invalid_field", "{url}");
        let body = json!({"repo_url": "acme/greetings", "callback_url": url});
        assert_eq!(people.send("POST", "/v1/jobs", &session, &body).problem(), "invalid_field", "{url}");
    }
    // A name that leads into this machine is found out when it is connected to.
    let id = add(&people, &session, "https://localhost/hook");
    people.send("POST", &format!("/v1/me/webhooks/{id}/test"), &session, &Value::Null);
    let refused = wait_until(|| messages(&people, &session).into_iter().find(|it| it["state"] == "failed"));
    assert!(refused["answer"].as_str().unwrap().contains("not public"), "{refused}");
    let alone = World::start();
    let body = json!({"repo_url": "acme/greetings", "callback_url": "https://example.org/"});
    assert_eq!(
        alone.post("/v1/jobs", &body).problem(),
        "invalid_field",
        "nothing is signed without accounts"
    );
}

/// Letters that an SMTP server took.
#[derive(Clone, Default)]
struct Letters {
    letters: Arc<Mutex<Vec<String>>>,
    now: Arc<Mutex<Vec<u8>>>,
}

impl Handler for Letters {
    fn data(&mut self, buffer: &[u8]) -> std::io::Result<()> {
        self.now.lock().unwrap().extend_from_slice(buffer);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let letter = std::mem::take(&mut *self.now.lock().unwrap());
        self.letters.lock().unwrap().push(String::from_utf8(letter).unwrap());
        OK
    }
}

/// Takes letters from one program after the other.
fn take_letters(listener: &TcpListener, letters: &Letters) {
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        let mut session =
            SessionBuilder::new("mail.example").build(stream.peer_addr().unwrap().ip(), letters.clone());
        let mut response = session.greeting();
        loop {
            if response.action != Action::NoReply {
                response.write_to(&mut stream).unwrap();
            }
            let mut line = Vec::new();
            if response.action == Action::Close || lines.read_until(b'\n', &mut line).unwrap_or_default() == 0
            {
                break;
            }
            response = session.process(&line);
        }
    }
}

#[test]
fn people_are_told_by_e_mail_about_the_ends_that_they_chose() {
    let letters = Letters::default();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let taken = letters.clone();
    std::thread::spawn(move || take_letters(&listener, &taken));
    let mailer = Mailer::new(&format!("smtp://{address}"), "Doctown <doctown@doctown.example>").unwrap();
    let people = start(&[], Some(mailer));
    let sign_in = |github_id, email: Option<&str>| -> User {
        let login = format!("person-{github_id}");
        let person = Person { github_id, login, avatar_url: None, email: email.map(str::to_owned) };
        people.world.block_on(people.accounts.sign_in(&person, people.now)).unwrap()
    };
    let session = people.session(&sign_in(1, Some("ada@example.org")), 0);
    let nameless = people.session(&sign_in(2, None), 0);
    let wishes = json!({"on_finished": true, "on_failed": true});
    let refused = people.send("POST", "/v1/me/notifications", &nameless, &wishes);
    assert_eq!(refused.problem(), "mail_off");
    let set = people.send("POST", "/v1/me/notifications", &session, &wishes).json();
    assert_eq!((&set["email"], &set["on_failed"]), (&json!("ada@example.org"), &json!(true)));
    people.docpack(&nameless, "acme/greetings");
    people.docpack(&session, "acme/greetings");
    let letter = wait_until(|| letters.letters.lock().unwrap().first().cloned());
    assert!(
        letter.contains("To: ada@example.org\r\n")
            && letter.contains("Subject: greetings: the docpack is ready\r\n"),
        "{letter}"
    );
    assert!(letter.contains("http://doctown.example/packs/"), "{letter}");
    let list =
        wait_until(|| Some(messages(&people, &session)).filter(|list| list[0]["state"] == "delivered"));
    assert_eq!((list.len(), &list[0]["channel"]), (1, &json!("mail")));
    assert_eq!(letters.letters.lock().unwrap().len(), 1);
}
