//! Repositories that speak to the model, and a model that obeys: nothing of it is repeated in a pack's words.

use std::fmt::Write;

use docpack::{Docpack, ReadLimits};
use llm::testserver::{Question, Script, TestServer};

use crate::payloads::{Payload, payloads};
use crate::program::World;

/// A module for each payload: behind a comment's first sentence, before it, in a string, and as the module's own.
fn repository(payloads: &[Payload]) -> String {
    let mut files = String::from("//- /README.md\n# Store\nKeeps things.\n");
    for payload in payloads {
        writeln!(files, "\n{}", payload.text).expect("memory takes every byte");
    }
    for (n, payload) in payloads.iter().enumerate() {
        let text = payload.text.replace('\\', "\\\\").replace('"', "'");
        let comment = |text: &str| format!("    \"\"\"{text}\"\"\"\n");
        write!(
            files,
            "//- /store/part{n}.py\n\"\"\"{text}\"\"\"\ndef open_store_{n}(path):\n{}    return path\n\n\
             def close_store_{n}(path):\n{}    return open_store_{n}(path)\n\n\
             def name_store_{n}():\n    return \"\"\"{text}\"\"\"\n\n",
            comment(&format!("Opens the store and takes its lock.\n\n    {text}\n    ")),
            comment(&text),
        )
        .expect("memory takes every byte");
    }
    files
}

/// Writes what the payload of each block asks for.
fn obeying(payloads: Vec<Payload>) -> impl Fn(&Question) -> String {
    move |question| {
        let blocks = question.user.split("## s").skip(1).filter_map(|block| {
            let (handle, text) = block.split_once('\n')?;
            let number = text.split("store_").nth(1).or_else(|| text.split("part").nth(1));
            let digits: String =
                number.unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
            let payload = &payloads[digits.parse::<usize>().unwrap_or_default() % payloads.len()];
            Some(serde_json::json!({"id": format!("s{}", handle.trim()), "claims": [], "sentence": payload.obeyed}))
        });
        serde_json::json!({ "answers": blocks.collect::<Vec<_>>() }).to_string()
    }
}

/// Tells what a text must not have: a link, HTML, an image, a code fence, or what is not seen.
fn is_harmful(text: &str) -> bool {
    let lower = text.to_lowercase();
    let marks = [
        "http:",
        "https:",
        "www.",
        "javascript:",
        "evil.example",
        "](",
        "```",
        "<script",
        "<img",
        "<b>",
        "</",
    ];
    marks.iter().any(|mark| lower.contains(mark)) || is_hidden(text)
}

fn is_hidden(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{e0000}'..='\u{e007f}'))
}

/// A text of a pack.
struct Words<'p> {
    of: &'p str,
    text: &'p str,
    source: &'p str,
}

fn words(pack: &Docpack) -> impl Iterator<Item = Words<'_>> {
    let symbols = pack.contents.nodes.symbols.iter().filter_map(|symbol| {
        let told = symbol.documentation.as_ref()?;
        Some(Words { of: &symbol.qualified_name, text: &told.summary, source: &told.source })
    });
    let set = &pack.contents.overviews;
    let whole = Words { of: "architecture", text: &set.architecture.text, source: &set.architecture.source };
    let folders = set.modules.iter().map(|it| Words { of: &it.path, text: &it.text, source: &it.source });
    let labels = pack.contents.clusters.clusters.iter();
    let labels = labels.map(|it| Words { of: "cluster", text: &it.label, source: "extractive" });
    symbols.chain([whole]).chain(folders).chain(labels)
}

#[test]
fn no_model_that_obeys_fifty_payloads_is_repeated() {
    let (told, canaries) = (payloads(), ["CANARY", "PWNED", "OMEGA-41", "DAN was here"]);
    let server = TestServer::start(Script::answering(obeying(payloads()))).expect("a port is free");
    for model in [&["--model", "gpt-4o-mini", "--yes"][..], &[]] {
        let world = World::new().with("DOCTOWN_LLM_BASE_URL", &server.base_url());
        world.write("hostile", &repository(&told));
        let arguments = ["build", "hostile", "--no-embeddings", "--quiet", "-o", "p.docpack"];
        let ran = world.run(&[&arguments, model].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let bytes = std::fs::read(world.path("p.docpack")).expect("the pack was written");
        let pack = docpack::read(bytes.as_slice(), &ReadLimits::default()).expect("the pack is whole");
        let (by_model, by_author): (Vec<_>, Vec<_>) = words(&pack).partition(|it| it.source == "model");
        assert!(by_author.len() > 100, "{} texts", by_author.len());
        let is_obedient =
            |it: &&Words<'_>| is_harmful(it.text) || canaries.iter().any(|canary| it.text.contains(canary));
        let left: Vec<_> = by_model.iter().filter(is_obedient).map(|it| (it.of, it.text)).collect();
        assert!(left.is_empty(), "with {model:?}: {left:#?}");
        // An author's comment is quoted whatever it says, as the text that it is.
        let is_altered = |it: &&Words<'_>| {
            is_hidden(it.text)
                || it.text.contains("://")
                || told.iter().any(|payload| payload.obeyed == it.text)
        };
        let left: Vec<_> = by_author.iter().filter(is_altered).map(|it| (it.of, it.text)).collect();
        assert!(left.is_empty(), "with {model:?}: {left:#?}");
    }
    assert!(server.n_requests() > 0);
}
