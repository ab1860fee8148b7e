//! A pack as one page.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::program::{Ran, SMALL, World};

/// The places of name and pack in the website's page.
const TEMPLATE: &str = "<title>Doctown</title><script data-name=\"@DOCPACK_NAME@\">@DOCPACK@</script>\n";

/// A world with `small.docpack` and a template.
fn world() -> (World, Vec<u8>) {
    let world = World::new();
    let small = world.write("small", SMALL);
    let pack = world.build(&small, "small.docpack", &[]);
    std::fs::write(world.path("page.html"), TEMPLATE).expect("files can be written");
    (world, pack)
}

fn export(world: &World, more: &[&str]) -> Ran {
    let mut arguments = vec!["export", "--html", "small.docpack"];
    arguments.extend(more);
    world.run(&arguments)
}

fn files(world: &World) -> BTreeSet<String> {
    let entries = std::fs::read_dir(world.path("")).expect("a folder");
    entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
}

/// What stands in the page's place for the pack.
fn pack_in(page: &str) -> Vec<u8> {
    let behind_name = page.split_once("data-name=\"").expect("a name").1;
    let text = behind_name.split_once('>').expect("the tag ends").1;
    STANDARD.decode(text.split_once("</script>").expect("the element ends").0).expect("the pack is base64")
}

#[test]
fn the_page_holds_the_pack_and_is_the_same_each_time() {
    let (world, pack) = world();
    let ran = export(&world, &["--template", "page.html"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "small.html\n"), "{}", ran.stderr);
    let page = std::fs::read_to_string(world.path("small.html")).expect("the page is there");
    assert!(page.starts_with("<title>small · Doctown</title>"), "{page:.100}");
    assert!(
        page.contains("<meta name=\"description\" content=\"") && !page.contains("og:image"),
        "{page:.600}"
    );
    assert!(page.contains("<script data-name=\"small.docpack\">") && !page.contains('@'), "{page:.600}");
    assert!(pack_in(&page) == pack, "the page's base64 is the pack");

    let told = export(&world, &["--template", "page.html", "-o", "again.html", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).expect("JSON");
    let manifest = world.run(&["inspect", "small.docpack", "manifest", "--json"]).stdout;
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let expected = serde_json::json!({
        "path": "again.html", "size_bytes": page.len(), "docpack_id": manifest["data"]["docpack_id"],
    });
    assert_eq!(told["data"], expected);
    let again = std::fs::read_to_string(world.path("again.html")).expect("the page is there");
    let piped = export(&world, &["--template", "page.html", "-o", "-"]);
    assert!(again == page && piped.stdout == page && piped.stderr.is_empty(), "{}", piped.stderr);
    assert!(files(&world).iter().all(|name| !name.ends_with(".part")), "{:?}", files(&world));
}

#[test]
fn the_page_of_the_program_is_used_or_its_lack_is_told_with_what_mends_it() {
    let (world, pack) = world();
    let ran = export(&world, &[]);
    if ran.code != 0 {
        assert_eq!(ran.code, 1);
        assert!(
            ran.stderr.contains("error[page_not_built]: ") && ran.stderr.contains("`scripts/website`"),
            "{}",
            ran.stderr
        );
        return;
    }
    let page = std::fs::read_to_string(world.path("small.html")).expect("the page is there");
    assert!(page.starts_with("<!doctype html>") && page.contains("default-src 'none'"), "{page:.200}");
    assert!(!page.contains("@DOCPACK"), "both marks are replaced");
    assert!(pack_in(&page) == pack, "the page's base64 is the pack");
}

#[test]
fn what_cannot_be_exported_is_refused_and_leaves_nothing() {
    let (world, mut pack) = world();
    let middle = pack.len() / 2;
    pack[middle] ^= 0x40;
    std::fs::write(world.path("bad.docpack"), &pack).expect("files can be written");
    std::fs::write(world.path("twice.html"), TEMPLATE.repeat(2)).expect("files can be written");
    // Nothing of it is on the disk: only its length is looked at.
    let large = std::fs::File::create(world.path("large.docpack")).expect("files can be made");
    large.set_len(402_653_169).expect("a file may have holes");
    let refused: &[(&[&str], i32, &str)] = &[
        (&["nothing.docpack", "--template", "page.html"], 3, "pack_unreadable"),
        (&["small", "--template", "page.html"], 3, "pack_unreadable"),
        (&["bad.docpack", "--template", "page.html"], 7, "verification_failed"),
        (&["small/README.md", "--template", "page.html"], 7, "verification_failed"),
        (&["large.docpack", "--template", "page.html"], 3, "page_too_large"),
        (&["small.docpack", "--template", "page.html", "-o", "small"], 2, "output_unusable"),
        (&["small.docpack", "--template", "page.html", "-o", "no/such/folder/x.html"], 2, "output_unusable"),
        (&["small.docpack", "--template", "page.html", "-o", "small.docpack"], 2, "output_unusable"),
        (&["small.docpack", "--template", "page.html", "-o", "-", "--json"], 2, "output_unusable"),
        (&["small.docpack", "--template", "twice.html"], 2, "template_unusable"),
        (&["small.docpack", "--template", "nothing.html"], 2, "template_unusable"),
        (&["small.docpack", "--template", "bad.docpack"], 2, "template_unusable"),
    ];
    let before = files(&world);
    for (arguments, exit, code) in refused {
        let ran = world.run(&[&["export", "--html"], *arguments].concat());
        assert_eq!(ran.code, *exit, "{arguments:?}: {}", ran.stderr);
        let forms = [format!("error[{code}]: "), format!("\"code\":\"{code}\"")];
        assert!(forms.iter().any(|form| ran.stderr.contains(form)), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("help") && ran.stdout.is_empty(), "{arguments:?}: {}", ran.stderr);
    }
    assert_eq!(files(&world), before);
    assert!(std::fs::read(world.path("small.docpack")).is_ok_and(|pack| !pack.is_empty()));
    assert_eq!(world.run(&["export", "small.docpack"]).code, 2, "a form must be named");
}

#[test]
fn a_page_that_is_there_is_replaced_as_a_pack_is() {
    let (world, pack) = world();
    std::fs::write(world.path("small.html"), "an older page").expect("files can be written");
    assert_eq!(export(&world, &["--template", "page.html"]).code, 0);
    let page = std::fs::read_to_string(world.path("small.html")).expect("the page is there");
    assert!(pack_in(&page) == pack);
}
