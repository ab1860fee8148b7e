//! Reads `payloads.txt`; the tests of the command line read it through this file too.

/// What a repository says, and what a model that obeys would write.
pub(crate) struct Payload {
    pub(crate) text: String,
    pub(crate) obeyed: String,
}

pub(crate) fn payloads() -> Vec<Payload> {
    let lines =
        include_str!("payloads.txt").lines().filter(|line| !line.starts_with("# ") && !line.is_empty());
    let read = |text: &str| unescaped(&text.replace("\\n", "\n"));
    let payloads: Vec<Payload> = lines
        .map(|line| {
            let (text, obeyed) = line.split_once(" ==> ").expect("a line has two halves");
            Payload { text: read(text), obeyed: read(obeyed) }
        })
        .collect();
    assert_eq!(payloads.len(), 50);
    payloads
}

fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (hex, rest) = part.split_once('}').expect("an escape is closed");
        out.extend(u32::from_str_radix(hex, 16).ok().and_then(char::from_u32));
        out.push_str(rest);
    }
    out
}
