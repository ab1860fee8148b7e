//! Builds with vectors, by the table inside the program and by the model, which `scripts/setup-model` brings.

use crate::program::{SMALL, World};

/// The model's folder, where the environment that started the tests has it.
fn model() -> Option<std::path::PathBuf> {
    let home = std::env::var_os("DOCTOWN_HOME").map(std::path::PathBuf::from);
    let home = home.or_else(|| Some(std::path::PathBuf::from(std::env::var_os("HOME")?).join(".doctown")))?;
    let folder = home.join("model");
    folder.is_dir().then_some(folder)
}

fn model_or_notice() -> Option<std::path::PathBuf> {
    let found = model();
    if found.is_none() {
        let notice = "SKIPPED: the model is not set up; run scripts/setup-model";
        std::io::Write::write_all(&mut std::io::stderr(), notice.as_bytes()).expect("stderr is open");
    }
    found
}

#[test]
fn vectors_are_equal_over_threads_and_come_from_the_cache_the_second_time() {
    let Some(model) = model_or_notice() else { return };
    let model = model.to_str().expect("UTF-8").to_owned();
    let mut packs = Vec::new();
    for threads in ["1", "2"] {
        let world = World::new().with("DOCTOWN_MODEL", &model);
        world.write("small", SMALL);
        let ran = world.run(&["build", "small", "--embedder", "minilm", "--threads", threads]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(world.run(&["verify", "small.docpack"]).code, 0);
        packs.push(std::fs::read(world.path("small.docpack")).expect("the pack was written"));
        let again = world.run(&["build", "small", "--embedder", "minilm", "--threads", threads]);
        assert!(again.stderr.contains("from the cache"), "{}", again.stderr);
        packs.push(std::fs::read(world.path("small.docpack")).expect("the pack was written"));
    }
    assert!(packs.windows(2).all(|pair| pair[0] == pair[1]));
}

/// Returns the embedder that the manifest of a finished build names, off what `--json` printed.
fn made_by(stdout: &str) -> String {
    let said: serde_json::Value = serde_json::from_str(stdout).expect("one line of JSON");
    said["data"]["manifest"]["embedding_model"]["name"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_build_needs_no_model_and_its_manifest_names_the_table() {
    let world = World::new();
    world.write("small", SMALL);
    let mut packs = Vec::new();
    for threads in ["1", "2"] {
        let ran = world.run(&["build", "small", "--fresh", "--threads", threads, "--json", "--quiet"]);
        assert_eq!((ran.code, made_by(&ran.stdout).as_str()), (0, "static"), "{}", ran.stderr);
        assert_eq!(ran.stderr, "");
        assert_eq!(world.run(&["verify", "small.docpack"]).code, 0);
        packs.push(std::fs::read(world.path("small.docpack")).expect("the pack was written"));
    }
    assert!(packs[0] == packs[1]);
}

#[test]
fn search_compares_meanings_where_the_table_made_the_vectors() {
    let world = World::new();
    world.write("small", SMALL);
    for (arguments, has_meaning) in
        [(["--embedder", "static"].as_slice(), true), (&["--no-embeddings"], false)]
    {
        let build = [["build", "small", "--fresh", "--quiet"].as_slice(), arguments].concat();
        assert_eq!(world.run(&build).code, 0);
        let ran = world.run(&["search", "small.docpack", "how does one say hello to somebody", "--json"]);
        let found: serde_json::Value = serde_json::from_str(&ran.stdout).expect("one line of JSON");
        let first = &found["data"]["rows"][0];
        assert_eq!(first["similarity"].as_f64().is_some(), has_meaning, "{first}");
    }
}

#[test]
fn an_embedder_that_was_named_is_the_one_that_computes() {
    let Some(model) = model_or_notice() else { return };
    let model = model.to_str().expect("UTF-8").to_owned();
    for (name, made) in [("static", "static"), ("minilm", "all-MiniLM-L6-v2")] {
        let world = World::new().with("DOCTOWN_MODEL", &model);
        world.write("small", SMALL);
        let ran = world.run(&["build", "small", "--embedder", name, "--json"]);
        assert_eq!((ran.code, made_by(&ran.stdout).as_str()), (0, made), "{}", ran.stderr);
    }
}

#[test]
fn a_missing_model_that_was_asked_for_is_an_error() {
    let asked: [(&[&str], &str); 3] = [
        (&["build", "small", "--embedder", "minilm"], "auto"),
        (&["build", "small", "--precision", "fp32"], "auto"),
        (&["build", "small"], "minilm"),
    ];
    for (arguments, setting) in asked {
        let world = World::new().with("DOCTOWN_EMBEDDER", setting);
        world.write("small", SMALL);
        let ran = world.run(arguments);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert!(ran.stderr.contains("error[model_missing]: "), "{}", ran.stderr);
        assert!(ran.stderr.contains("--embedder static"), "{}", ran.stderr);
    }
}

/// Reads "…, 11 from the cache" off the progress that a build told.
fn n_cached(stderr: &str) -> u64 {
    let (before, _) = stderr.rsplit_once(" from the cache").unwrap_or(("0", ""));
    before.rsplit(|c: char| !c.is_ascii_digit()).next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[test]
fn an_edit_computes_what_it_changed_and_nothing_else() {
    let Some(model) = model_or_notice() else { return };
    let model = model.to_str().expect("UTF-8").to_owned();
    let edited = SMALL.replace("Says hello to somebody.", "Says good morning to somebody.");
    let world = World::new().with("DOCTOWN_MODEL", &model);
    world.write("small", SMALL);
    assert_eq!(world.run(&["build", "small", "--embedder", "minilm"]).code, 0);
    let n_all = n_cached(&world.run(&["build", "small", "--embedder", "minilm"]).stderr);
    world.write("small", &edited);
    let ran = world.run(&["build", "small", "--embedder", "minilm"]);
    assert_eq!((ran.code, n_cached(&ran.stderr)), (0, n_all - 1), "{}", ran.stderr);
    let fresh = World::new().with("DOCTOWN_MODEL", &model);
    fresh.write("small", &edited);
    assert_eq!(fresh.run(&["build", "small", "--embedder", "minilm"]).code, 0);
    let read = |world: &World| std::fs::read(world.path("small.docpack")).expect("the pack was written");
    assert!(read(&world) == read(&fresh), "kept vectors are those that would be computed");
}

const QUESTION: [&str; 4] = ["search", "small.docpack", "how is somebody greeted", "--json"];

fn answer(world: &World, more: &[&str]) -> serde_json::Value {
    let ran = world.run(&[&QUESTION, more].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let value: serde_json::Value = serde_json::from_str(&ran.stdout).expect("the answer is JSON");
    value["data"].clone()
}

#[test]
fn search_without_the_model_finds_the_same_and_says_why_nothing_was_compared() {
    let world = World::new();
    let model = world.path("nowhere");
    let world = world.with("DOCTOWN_MODEL", model.to_str().expect("UTF-8"));
    let source = world.write("small", SMALL);
    world.build(&source, "small.docpack", &[]);
    let (found, turned_off) = (answer(&world, &[]), answer(&world, &["--no-rerank"]));
    assert_eq!((&found["reranked"], &found["rerank_absent"]), (&false.into(), &"model_missing".into()));
    assert_eq!(turned_off["rerank_absent"], "turned_off");
    assert!(found["rows"] == turned_off["rows"] && found["rows"][0].is_object());
}

#[test]
fn search_compares_the_best_hits_by_the_model_and_then_needs_it_no_more() {
    let Some(model) = model_or_notice() else { return };
    let world = World::new().with("DOCTOWN_MODEL", model.to_str().expect("UTF-8"));
    let source = world.write("small", SMALL);
    world.build(&source, "small.docpack", &[]);
    let found = answer(&world, &[]);
    assert_eq!((&found["reranked"], &found["rerank_absent"]), (&true.into(), &serde_json::Value::Null));
    let elsewhere = world.path("nowhere");
    let world = world.with("DOCTOWN_MODEL", elsewhere.to_str().expect("UTF-8"));
    assert_eq!(answer(&world, &[]), found, "the vectors were kept");
}

#[test]
fn search_of_a_pack_of_the_model_compares_meanings_by_the_packs_own_vectors() {
    let Some(model) = model_or_notice() else { return };
    let world = World::new().with("DOCTOWN_MODEL", model.to_str().expect("UTF-8"));
    world.write("small", SMALL);
    assert_eq!(world.run(&["build", "small", "--embedder", "minilm", "--quiet"]).code, 0);
    let is_compared = |answer: &serde_json::Value| answer["rows"][0]["similarity"].as_f64().is_some();
    assert!(!is_compared(&answer(&world, &["--no-rerank"])), "the model was not to be asked");
    let found = answer(&world, &[]);
    assert!(is_compared(&found), "{found}");
    assert_eq!((&found["reranked"], &found["rerank_absent"]), (&false.into(), &"same_model".into()));
    let elsewhere = world.path("nowhere");
    let world = world.with("DOCTOWN_MODEL", elsewhere.to_str().expect("UTF-8"));
    assert_eq!(answer(&world, &[]), found, "the vector of the question was kept");
}

#[test]
fn the_embed_sample_runs() {
    let Some(model) = model_or_notice() else { return };
    let world = World::new().with("DOCTOWN_MODEL", model.to_str().expect("UTF-8"));
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../embed/sample.json");
    let ran = world.run(&["stage", "embed", "--input", sample]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).expect("the answer is JSON");
    assert_eq!((answer["status"].as_str(), answer["stats"]["chunks"].as_u64()), (Some("success"), Some(1)));
}
