//! Builds with vectors; they need the model, which `scripts/setup-model` brings.

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
        let ran = world.run(&["build", "small", "--threads", threads]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert_eq!(world.run(&["verify", "small.docpack"]).code, 0);
        packs.push(std::fs::read(world.path("small.docpack")).expect("the pack was written"));
        let again = world.run(&["build", "small", "--threads", threads]);
        assert!(again.stderr.contains("from the cache"), "{}", again.stderr);
        packs.push(std::fs::read(world.path("small.docpack")).expect("the pack was written"));
    }
    assert!(packs.windows(2).all(|pair| pair[0] == pair[1]));
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
