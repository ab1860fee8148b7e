//! `doctown insights`: standing questions about the code in a pack.

use crate::program::World;

/// A program that sorts letters.
pub(crate) const FIXTURE: &str = "//- /README.md
# Mail

Mail sorts letters into boxes.
//- /mail/boxes.py
import os


class Full(Exception):
    \"\"\"Raised when no letter fits any more.\"\"\"


class Box:
    \"\"\"Holds letters until someone reads them.\"\"\"

    def put(self, letter):
        \"\"\"Keeps a letter.\"\"\"
        check(self)
        self.letters.append(letter)


def check(box):
    if len(box.letters) > int(os.environ['MAIL_SIZE']):
        raise Full()
//- /mail/__main__.py
from mail.boxes import Box, Full


def main():
    box = Box()
    try:
        sort(box)
    except Full:
        pass


def sort(box: Box):
    \"\"\"Sorts what came today.\"\"\"
    box.put(1)
    box.put(2)


main()
";

fn built(more: &[&str]) -> World {
    let world = World::new();
    let source = world.write("mail", FIXTURE);
    world.build(&source, "mail.docpack", more);
    world
}

#[test]
fn insights_answer_standing_questions_about_a_pack() {
    let world = built(&[]);
    let shown = world.run(&["insights", "mail.docpack"]);
    assert_eq!((shown.code, shown.stderr.as_str()), (0, ""));
    for wanted in [
        "“Mail sorts letters into boxes.” (README.md:3)",
        "`Full` extends `Exception` and is raised in 1 place.",
        "`check` raises `Full` if `len(box.letters) > int(os.environ['MAIL_SIZE'])`",
        "`main` catches `Full`",
        "The environment variable `MAIL_SIZE` is used in `check`.",
        "`main` catches `Full` and goes on. (mail/__main__.py:8)",
        "Note: There are no tests in the pack",
    ] {
        assert!(shown.stdout.contains(wanted), "`{wanted}` is not in\n{}", shown.stdout);
    }
    let verified = world.run(&["verify", "mail.docpack"]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);
}

#[test]
fn one_question_is_answered_alone_and_as_json() {
    let world = built(&[]);
    let shown = world.run(&["insights", "mail.docpack", "errors", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&shown.stdout).expect("it is JSON");
    let families = json["data"]["families"].as_array().expect("a list");
    assert_eq!((families.len(), families[0]["family"].as_str()), (1, Some("errors")));
    let claim = &families[0]["groups"][0]["claims"][0];
    assert_eq!((claim["id"].as_str(), claim["value"].as_u64()), (Some("errors.type.1"), Some(1)));
    let dashed = world.run(&["insights", "mail.docpack", "data-model"]);
    assert!(dashed.stdout.starts_with("Data model\n"), "{}", dashed.stdout);
}

#[test]
fn an_unknown_question_is_a_wrong_use_that_names_the_known_ones() {
    let world = built(&[]);
    let shown = world.run(&["insights", "mail.docpack", "weather"]);
    assert_eq!(shown.code, 2);
    assert!(shown.stderr.contains("`weather` is no question; known are purpose, flow"), "{}", shown.stderr);
}

#[test]
fn a_pack_without_source_text_has_the_same_insights() {
    let shown = |more: &[&str]| built(more).run(&["insights", "mail.docpack", "--json"]).stdout;
    assert_eq!(shown(&["--no-source"]), shown(&[]));
}
