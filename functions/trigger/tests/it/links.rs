//! What a link to a pack shows where it is shared, as crawlers ask for it: without a script.

use serde_json::Value;

use crate::client::Answer;
use crate::world::World;

const PAGE: &str =
    "<!doctype html><html><head><title>Doctown</title></head><body><script>start()</script></body></html>";

/// A world with a website of one page, and the path of its docpack in the API.
fn world() -> (World, String) {
    let mut world = World::new();
    let site = world.folder().join("site");
    std::fs::create_dir(&site).unwrap();
    std::fs::write(site.join("200.html"), PAGE).unwrap();
    world.settings.site = Some(site);
    world.go(true);
    let docpack = world.docpack();
    (world, docpack)
}

/// The path of a docpack's page on the website.
fn page_of(docpack: &str) -> String {
    docpack.replace("/v1/docpacks/", "/packs/").replace("sha256:", "")
}

fn text(answer: &Answer) -> String {
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"));
    String::from_utf8(answer.body.clone()).unwrap()
}

/// What a page's head says under a name.
fn told(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("=\"{name}\" content=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

#[test]
fn the_page_of_a_pack_says_what_it_is_about_and_names_its_picture() {
    let (world, docpack) = world();
    let path = page_of(&docpack);
    let page = text(&world.get(&format!("{path}?utm_source=chat")));
    assert!(page.contains("<title>acme/greetings · Doctown</title>"), "{page}");
    assert_eq!(told(&page, "og:title").as_deref(), Some("acme/greetings"));
    let description = told(&page, "og:description").unwrap();
    assert!(description.contains("lines of Python"), "{description}");
    assert_eq!(told(&page, "description"), Some(description));
    assert_eq!(told(&page, "og:url"), Some(format!("http://{}{path}", world.address())));
    assert_eq!(told(&page, "twitter:card").as_deref(), Some("summary_large_image"));
    let picture = told(&page, "og:image").unwrap();
    let path = picture.strip_prefix(&format!("http://{}", world.address())).unwrap();
    assert_eq!(world.get(path).header("content-type"), "image/png");
    // The rest of the page is as it was built, and its script may still run.
    assert!(page.ends_with("</head><body><script>start()</script></body></html>"), "{page}");
    assert!(world.get(&page_of(&docpack)).header("content-security-policy").contains("'sha256-"));
}

#[test]
fn links_to_symbols_and_files_describe_them() {
    let (world, docpack) = world();
    let found = world.get(&format!("{docpack}/search?q=full_name")).json();
    let id = found["hits"][0]["symbol"]["id"].as_str().unwrap();
    let path = page_of(&docpack);
    let symbol = text(&world.get(&format!("{path}?view=symbols&symbol={id}")));
    assert!(
        told(&symbol, "og:title").unwrap().ends_with("full_name (function in acme/greetings)"),
        "{symbol}"
    );
    let description = told(&symbol, "og:description").unwrap();
    assert!(
        description.starts_with("def full_name(person)")
            && description.contains("Joins first and last name."),
        "{description}"
    );
    assert_eq!(told(&symbol, "og:url"), Some(format!("http://{}{path}?symbol={id}", world.address())));

    let file = text(&world.get(&format!("{path}?view=files&file=src%2Fnames.py")));
    assert_eq!(told(&file, "og:title").as_deref(), Some("src/names.py (acme/greetings)"));
    let description = told(&file, "og:description").unwrap();
    assert!(description.contains("full_name") && description.contains("PersonStore"), "{description}");

    // What the pack does not have is described as the pack, and nothing of the link is repeated.
    for unknown in ["symbol=sym_00000000000000000000000000000000", "file=win+a+prize", "chapter=none"] {
        let page = text(&world.get(&format!("{path}?{unknown}")));
        assert_eq!(told(&page, "og:title").as_deref(), Some("acme/greetings"), "{unknown}");
    }
}

#[test]
fn the_address_of_a_repository_shows_its_newest_pack() {
    let (world, _) = world();
    let page = text(&world.get("/acme/greetings"));
    assert_eq!(told(&page, "og:title").as_deref(), Some("acme/greetings"));
    assert_eq!(told(&page, "og:url"), Some(format!("http://{}/acme/greetings", world.address())));
}

#[test]
fn pages_without_a_pack_are_as_they_were_built() {
    let (world, _) = world();
    let absent = format!("/packs/{}", "0".repeat(64));
    for path in ["/", &absent, "/packs/not-an-id", "/acme/other", "/docs/errors", "/jobs/job_1"] {
        assert_eq!(text(&world.get(path)), PAGE, "{path}");
    }
}

#[test]
fn a_picture_is_the_same_each_time_and_known_by_its_tag() {
    let (mut world, docpack) = world();
    let path = format!("{docpack}/preview.png");
    let first = world.get(&path);
    assert_eq!((first.status, first.header("content-type")), (200, "image/png"));
    let number = |at: usize| u32::from_be_bytes(first.body[at..at + 4].try_into().unwrap());
    assert_eq!((number(16), number(20)), (1200, 630));
    assert_eq!(first.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(first.header("cross-origin-resource-policy"), "cross-origin");
    let tag = first.header("etag").to_owned();
    assert_eq!(world.get_with(&path, &[("if-none-match", &tag)]).status, 304);
    // Another process draws the same.
    world.halt();
    world.go(false);
    assert_eq!(world.get(&path).body, first.body);
}

#[test]
fn a_picture_of_no_pack_is_refused_with_a_code() {
    let (world, docpack) = world();
    let absent = world.get(&format!("/v1/docpacks/{}/preview.png", "0".repeat(64)));
    assert_eq!((absent.status, absent.problem().as_str()), (404, "no_such_docpack"));
    let posted = world.post(&format!("{docpack}/preview.png"), &Value::Null);
    assert_eq!((posted.status, posted.problem().as_str()), (405, "method_not_allowed"));
}
