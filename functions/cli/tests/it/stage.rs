//! One stage alone, on the samples that document its input.

use std::path::Path;

use crate::program::World;

#[test]
fn every_sample_runs_and_gives_the_documented_answer() {
    for stage in ["ingest", "assemble", "generate", "pack"] {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(stage).join("sample.json");
        let world = World::new();
        world.write(
            "tests/sample",
            &format!("//- /greet.py\n{}", include_str!("../../../../tests/sample/greet.py")),
        );
        let ran = world.run(&["stage", stage, "--input", sample.to_str().expect("UTF-8")]);
        assert_eq!(ran.code, 0, "{stage}: {}{}", ran.stdout, ran.stderr);
        let answer: serde_json::Value = serde_json::from_str(&ran.stdout).expect("the answer is JSON");
        assert_eq!(answer["status"], "success", "{stage}");
        assert_eq!(answer["stage"], stage);
    }
}
