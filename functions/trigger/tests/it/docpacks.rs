//! From an address to a pack that was searched.

use std::time::Duration;

use docpack::{ReadLimits, read, verify};
use serde_json::Value;

use crate::world::{SHA, World};

#[test]
fn a_submitted_repository_becomes_a_pack_that_can_be_listed_read_and_searched() {
    let world = World::start();
    let submitted = world.post("/v1/jobs", &crate::world::order("https://github.com/acme/greetings"));
    assert_eq!(submitted.status, 202, "{}", submitted.json());
    let body = submitted.json();
    assert_eq!(submitted.header("location"), body["links"]["self"]);
    assert_eq!((&body["job"]["name"], &body["estimate"]["basis"]), (&"greetings".into(), &"size".into()));
    let job = world.finish(body["job"]["job_id"].as_str().unwrap());
    assert_eq!((&job["phase"], &job["commit_hash"]), (&"completed".into(), &SHA.into()));
    // Two files of Python; the image is left out, and the README is read for the overview alone.
    assert_eq!(
        (&job["statistics"]["files"], &job["statistics"]["languages"]["python"]["files"]),
        (&2.into(), &2.into())
    );
    assert_eq!(
        job["statistics"]["skipped"]
            .as_object()
            .map(|skipped| skipped.values().filter_map(Value::as_u64).sum()),
        Some(1)
    );
    assert!(job["cost"]["worker_ms"].is_u64() && job["cost"]["total_micro_usd"].is_u64(), "{job}");
    let states: Vec<_> = job["stages"].as_array().unwrap().iter().map(|stage| &stage["state"]).collect();
    assert_eq!(states, ["done", "skipped", "done", "done", "done"]);

    let listed = world.get("/v1/docpacks?name=GREET").json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    let path = listed["items"][0]["links"]["self"].as_str().unwrap();
    let pack = world.get(path).json();
    assert_eq!(
        (&pack["docpack_id"], &pack["manifest"]["docpack_id"]),
        (&job["docpack_id"], &job["docpack_id"])
    );
    assert_eq!(world.get("/v1/docpacks?name=other").json()["items"], serde_json::json!([]));
    assert_eq!(
        world.get("/v1/docpacks?repo_url=acme/greetings&status=completed").json()["items"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );

    let found = world.get(&format!("{path}/search?q=full+name")).json();
    assert_eq!(found["hits"][0]["symbol"]["name"], "full_name", "{found}");
    assert_eq!(
        found["ranking"],
        serde_json::json!({
            "lexical": true,
            "semantic": false,
            "semantic_absent": "pack_without_vectors",
            "reranked": false,
            "rerank_absent": "no_embedder",
        })
    );
    let symbol =
        world.get(&format!("{path}/symbols/{}", found["hits"][0]["symbol"]["id"].as_str().unwrap())).json();
    assert_eq!(symbol["callers"][0]["symbol"]["name"], "greet", "{symbol}");
    assert_eq!(
        symbol["source_url"],
        format!("https://github.com/acme/greetings/blob/{SHA}/src/names.py#L1-L3")
    );
}

#[test]
fn downloads_are_whole_in_ranges_and_known_by_their_tag() {
    let world = World::start();
    let path = world.docpack();
    let whole = world.get(&format!("{path}/download"));
    assert_eq!(whole.status, 200);
    assert_eq!(verify(whole.body.as_slice(), &ReadLimits::default()), []);
    let pack = read(whole.body.as_slice(), &ReadLimits::default()).unwrap();
    let tag = whole.header("etag").to_owned();
    assert_eq!(tag, format!("\"{}\"", pack.manifest.docpack_id));
    assert!(whole.header("content-disposition").contains("greetings.docpack"));

    let middle = whole.body.len() / 2;
    let first = world.get_with(&format!("{path}/download"), &[("range", &format!("bytes=0-{}", middle - 1))]);
    let rest = world
        .get_with(&format!("{path}/download"), &[("range", &format!("bytes={middle}-")), ("if-range", &tag)]);
    assert_eq!((first.status, rest.status), (206, 206));
    assert_eq!(first.header("content-range"), format!("bytes 0-{}/{}", middle - 1, whole.body.len()));
    assert_eq!([first.body, rest.body].concat(), whole.body);
    assert_eq!(world.get_with(&format!("{path}/download"), &[("if-none-match", &tag)]).status, 304);
    let outside = world.get_with(&format!("{path}/download"), &[("range", "bytes=99999999-")]);
    assert_eq!((outside.status, outside.problem().as_str()), (416, "range_not_satisfiable"));
    assert_eq!(outside.header("content-range"), format!("bytes */{}", whole.body.len()));
    let head = crate::client::ask(world.address(), "HEAD", &format!("{path}/download"), &[], b"");
    assert_eq!((head.status, head.header("content-length")), (200, whole.body.len().to_string().as_str()));
    assert_eq!((head.header("etag"), head.header("accept-ranges")), (tag.as_str(), "bytes"));
}

#[test]
fn entries_are_those_of_the_archive_and_deflated_where_wanted() {
    let world = World::start();
    let path = world.docpack();
    let manifest = world.get(&format!("{path}/entries/manifest.json"));
    assert_eq!(manifest.json()["docpack_id"], world.get(&path).json()["docpack_id"]);
    for entry in manifest.json()["entries"].as_array().unwrap() {
        let name = entry["path"].as_str().unwrap();
        let plain = world.get(&format!("{path}/entries/{name}"));
        assert_eq!(docpack::Digest::of(&plain.body).hex(), entry["sha256"].as_str().unwrap(), "{name}");
        let tag = plain.header("etag").to_owned();
        assert_eq!(world.get_with(&format!("{path}/entries/{name}"), &[("if-none-match", &tag)]).status, 304);
        let deflated = world.get_with(&format!("{path}/entries/{name}"), &[("accept-encoding", "gzip, br")]);
        if deflated.header("content-encoding") == "gzip" {
            let mut text = Vec::new();
            std::io::Read::read_to_end(
                &mut flate2::read::GzDecoder::new(deflated.body.as_slice()),
                &mut text,
            )
            .unwrap();
            assert_eq!(text, plain.body, "{name}");
            assert_ne!(deflated.header("etag"), tag);
        } else {
            assert_eq!(deflated.body, plain.body, "{name}");
        }
    }
    let nodes = world.get_with(&format!("{path}/entries/nodes.json"), &[("accept-encoding", "gzip")]);
    assert_eq!(nodes.header("content-encoding"), "gzip");
    for absent in ["nope.json", "../manifest.json", "%2e%2e/manifest.json", "nodes.0001.json"] {
        assert_eq!(world.get(&format!("{path}/entries/{absent}")).status, 404, "{absent}");
    }
}

#[test]
fn heads_of_entries_say_what_their_answers_say() {
    let world = World::start();
    let path = world.docpack();
    for entry in ["manifest.json", "nodes.json", "layout.json"] {
        for encoding in ["identity", "gzip"] {
            let (path, headers) = (format!("{path}/entries/{entry}"), [("accept-encoding", encoding)]);
            let head = crate::client::ask(world.address(), "HEAD", &path, &headers, b"");
            let whole = world.get_with(&path, &headers);
            for name in ["etag", "content-type", "content-encoding", "vary", "cache-control"] {
                assert_eq!(head.header(name), whole.header(name), "{entry} {encoding} {name}");
            }
            // What it deflates to is not known before.
            let is_plain = whole.header("content-encoding").is_empty();
            assert_eq!(head.header("content-length") == whole.header("content-length"), is_plain, "{entry}");
            assert_eq!(whole.header("content-length"), whole.body.len().to_string());
            // The second time it is not read again, and is the same.
            assert_eq!(world.get_with(&path, &headers).body, whole.body);
        }
    }
}

#[test]
fn more_entries_than_are_sent_at_once_are_refused_after_a_while() {
    let mut world = World::new();
    (world.settings.max_entries, world.settings.entry_wait) = (1, Duration::from_millis(20));
    world.go(true);
    let path = world.docpack();
    let (plain, gzip) = ([("accept-encoding", "identity")], [("accept-encoding", "gzip")]);
    assert_eq!(world.get_with(&format!("{path}/entries/nodes.json"), &gzip).status, 200);
    world.halt();
    world.settings.max_entries = 0;
    world.go(true);
    for headers in [plain, gzip] {
        let busy = world.get_with(&format!("{path}/entries/nodes.json"), &headers);
        assert_eq!((busy.status, busy.problem().as_str()), (503, "too_many_entries_sent"));
        assert_eq!(busy.header("retry-after"), "5");
    }
    // Neither what the client has nor what a pack says of itself takes a place.
    assert_eq!(world.get(&path).status, 200);
    assert_eq!(world.get_with(&format!("{path}/entries/nodes.json"), &[("if-none-match", "*")]).status, 304);
}

#[test]
fn filters_narrow_a_search() {
    let world = World::start();
    let path = world.docpack();
    let names = |query: &str| -> Vec<String> {
        let found = world.get(&format!("{path}/search?{query}")).json();
        let hits = found["hits"].as_array().unwrap_or_else(|| panic!("{query}: {found}"));
        hits.iter().map(|hit| hit["name"].as_str().unwrap().to_owned()).collect()
    };
    assert!(names("q=person").len() > 2);
    assert_eq!(names("q=person&kind=class"), ["PersonStore"]);
    assert_eq!(names("q=person&kind=class,function&path=src/greet"), ["greet"]);
    assert_eq!(names("q=greet&kind=function&path=**/gr*.py"), ["greet"]);
    assert_eq!(names("q=person&language=rust"), Vec::<String>::new());
    // The last word may be begun only, and identifiers are found by their parts.
    assert_eq!(names("q=findBy&kind=method")[0], "find_by_name");
    assert_eq!(names("q=by+name&kind=method")[0], "find_by_name");
    assert_eq!(names("q=person&limit=1").len(), 1);
}

#[test]
fn a_name_comes_before_words_and_files_are_found() {
    let world = World::start();
    let path = world.docpack();
    let first = |query: &str| world.get(&format!("{path}/search?q={query}")).json()["hits"][0].clone();
    let name = first("full_name");
    assert_eq!((&name["tier"], &name["symbol"]["name"]), (&"exact".into(), &"full_name".into()), "{name}");
    let file = first("names.py");
    assert_eq!((&file["kind"], &file["path"]), (&"file".into(), &"src/names.py".into()), "{file}");
    assert!(file["symbol"].is_null());
    let words = first("full+name+of+a+person");
    assert_eq!(words["tier"], "words", "{words}");
}

#[test]
fn a_question_is_answered_with_files_and_lines() {
    let world = World::start();
    let path = world.docpack();
    let answer = world.get(&format!("{path}/ask?q=how+is+the+full+name+of+a+person+made")).json();
    assert_eq!(answer["outcome"], "evidence", "{answer}");
    let items = answer["items"].as_array().unwrap();
    let full_name = items.iter().find(|item| item["title"].as_str().unwrap().ends_with("full_name"));
    let full_name = full_name.unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(
        (&full_name["file_path"], &full_name["line"]),
        (&"src/names.py".into(), &1.into()),
        "{full_name}"
    );
    assert!(full_name["steps"].as_array().is_some_and(|steps| !steps.is_empty()), "{full_name}");
    let unknown = world.get(&format!("{path}/ask?q=where+are+kubernetes+clusters+scaled&limit=2")).json();
    assert_eq!(
        (&unknown["outcome"], &unknown["unknown_words"][0]),
        (&"unknown".into(), &"kubernetes".into())
    );
    assert!(unknown["items"].as_array().unwrap().len() <= 2);
}

#[test]
fn a_repository_without_source_code_ends_with_a_code_and_a_browser_text() {
    let world = World::start();
    let files: [(&str, &[u8]); 2] = [("README.md", b"# Styles\n"), ("a.css", b"b { color: red }\n")];
    let styles = source::testserver::Repository::empty("acme/styles");
    world.github.add(styles.commit(SHA, "2024-05-01T12:00:00Z", &["main"], &files));
    let submitted = world.post("/v1/jobs", &crate::world::order("acme/styles")).json();
    let job = world.finish(submitted["job"]["job_id"].as_str().unwrap());
    assert_eq!((&job["phase"], &job["error"]["code"]), (&"failed".into(), &"no_source_code".into()), "{job}");
    let message = job["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("found 1 CSS file and 1 Markdown file; Doctown reads Rust, Python"),
        "{message}"
    );
    let help = job["error"]["help"].as_str().unwrap();
    assert!(!help.contains("--") && !message.contains("--"), "{help}");
    let codes = world.get("/v1/errors").json();
    assert!(codes["items"].as_array().unwrap().iter().any(|row| row["code"] == "no_source_code"));
}

/// The file that the store keeps the one docpack in.
fn stored_docpack(world: &World) -> std::path::PathBuf {
    let mut folders = vec![world.folder().join("store/objects")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "docpack") {
                return path;
            }
        }
    }
    panic!("there is a docpack");
}

/// Flips one bit in the middle of the stored docpack.
fn damage(world: &World) {
    let path = stored_docpack(world);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
}

#[test]
fn a_damaged_docpack_is_not_handed_out() {
    let world = World::start();
    let path = format!("{}/download", world.docpack());
    damage(&world);
    for headers in [&[] as &[_], &[("range", "bytes=0-9")]] {
        let refused = world.get_with(&path, headers);
        assert_eq!((refused.status, refused.problem().as_str()), (500, "docpack_damaged"));
        assert_eq!(refused.header("etag"), "");
    }
}

#[test]
fn a_docpack_that_is_damaged_later_never_arrives_whole() {
    let world = World::start();
    let path = format!("{}/download", world.docpack());
    let whole = world.get(&path);
    assert_eq!(whole.status, 200);
    damage(&world);
    let mut cut = Vec::new();
    let mut reader = crate::client::begin(world.address(), "GET", &path, &[], b"");
    std::io::Read::read_to_end(&mut reader, &mut cut).unwrap();
    assert!(cut.len() < whole.body.len(), "{} bytes came of {}", cut.len(), whole.body.len());
    // It is found damaged from then on.
    assert_eq!(world.get(&path).problem(), "docpack_damaged");
}

#[test]
fn two_docpacks_are_compared_and_unknown_ones_do_not_exist() {
    let world = World::start();
    let path = world.docpack();
    let id = path.rsplit('/').next().unwrap();
    let same = world.get(&format!("{path}/diff/{id}"));
    assert_eq!(same.status, 200, "{}", same.json());
    let same = same.json();
    assert_eq!((&same["api"]["changes"], &same["is_cut"]), (&serde_json::json!([]), &false.into()), "{same}");
    assert_eq!((&same["before"]["docpack_id"], &same["after"]["docpack_id"]), (&id.into(), &id.into()));
    assert!(same["counts"].as_object().unwrap().values().all(|count| *count == 0), "{same}");
    let absent = format!("sha256:{}", "0".repeat(64));
    for path in [format!("{path}/diff/{absent}"), format!("/v1/docpacks/{absent}/diff/{id}")] {
        let answer = world.get(&path);
        assert_eq!((answer.status, &answer.json()["code"]), (404, &"no_such_docpack".into()), "{path}");
    }
    assert_eq!(world.get(&format!("{path}/diff/{id}?limit=0")).status, 400);
}
