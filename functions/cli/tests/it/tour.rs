//! `doctown tour`: an introduction to the code in a pack.

use crate::program::World;

const FIXTURE: &str = "//- /README.md
# Mail

Mail sorts letters into boxes.
//- /mail/__init__.py
\"\"\"Sorts letters.\"\"\"
//- /mail/boxes.py
class Full(Exception):
    \"\"\"Raised when no letter fits any more.\"\"\"


class Box:
    \"\"\"Holds letters until someone reads them.\"\"\"

    def put(self, letter):
        \"\"\"Keeps a letter.\"\"\"
        check(self)
        self.letters.append(letter)


def check(box):
    if len(box.letters) > 9:
        raise Full()
//- /mail/__main__.py
from mail.boxes import Box


def main():
    box = Box()
    sort(box)


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
fn a_tour_introduces_the_code_of_a_pack() {
    let world = built(&[]);
    let shown = world.run(&["tour", "mail.docpack"]);
    assert_eq!((shown.code, shown.stderr.as_str()), (0, ""));
    for wanted in [
        "“Mail sorts letters into boxes.” (README.md:3)",
        "mail/__main__.py:11      calls `Box.put` “Keeps a letter.”",
        "Raised in `check` if `len(box.letters) > 9`",
        "“Sorts what came today.”",
        "`Full` extends `Exception`. “Raised when no letter fits any more.” (mail/boxes.py:1)",
    ] {
        assert!(shown.stdout.contains(wanted), "`{wanted}` is not in\n{}", shown.stdout);
    }
    let verified = world.run(&["verify", "mail.docpack"]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);
}

#[test]
fn a_tour_is_markdown_or_json_too() {
    let world = built(&[]);
    let markdown = world.run(&["tour", "mail.docpack", "--markdown"]);
    assert!(markdown.stdout.contains("## What it is\n"), "{}", markdown.stdout);
    let json = world.run(&["tour", "mail.docpack", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    assert_eq!(json["data"]["sections"][0]["topic"], "purpose");
    assert_eq!(json["data"]["sections"][0]["items"][0]["quote"]["line"], 3);
}

#[test]
fn a_pack_without_source_text_has_the_same_tour() {
    let shown = |more: &[&str]| built(more).run(&["tour", "mail.docpack", "--json"]).stdout;
    assert_eq!(shown(&["--no-source"]), shown(&[]));
}
