//! The head of a web page that tells crawlers what it is about. Chats run no script, so it is in the page itself.

use std::fmt::Write as _;

use crate::facts::Words;
use crate::picture::{HEIGHT, WIDTH};

const SITE: &str = "Doctown";

/// Addresses of a page and its picture, in full.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    pub page: &'a str,
    pub picture: &'a str,
}

/// Writes a title and a description for browsers, search engines and chats; a page on a disk has no links.
pub fn head(words: &Words, links: Option<Links<'_>>) -> String {
    let (title, description) = (escaped(&words.title), escaped(&words.description));
    let mut head = format!("<title>{title} · {SITE}</title>");
    let mut meta = |kind: &str, name: &str, content: &str| {
        // Writing to a string does not fail.
        let _ = write!(head, "\n    <meta {kind}=\"{name}\" content=\"{content}\">");
    };
    meta("name", "description", &description);
    meta("property", "og:site_name", SITE);
    meta("property", "og:type", "website");
    meta("property", "og:title", &title);
    meta("property", "og:description", &description);
    if let Some(links) = links {
        meta("property", "og:url", &escaped(links.page));
        meta("property", "og:image", &escaped(links.picture));
        meta("property", "og:image:type", "image/png");
        meta("property", "og:image:width", &WIDTH.to_string());
        meta("property", "og:image:height", &HEIGHT.to_string());
        meta("property", "og:image:alt", &format!("The parts of {title} and what uses what"));
        meta("name", "twitter:card", "summary_large_image");
    }
    head
}

/// Puts a head into a page in the place of its title; `None` for a page without one.
pub fn with_head(page: &str, head: &str) -> Option<String> {
    let (before, rest) = page.split_once("<title>")?;
    let (_, behind) = rest.split_once("</title>")?;
    Some([before, head, behind].concat())
}

/// Writes a text so that it stays within an element or the quotes of an attribute.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        Words { title: "a/b".to_owned(), description: "\"><script>alert('&')</script>".to_owned() }
    }

    #[test]
    fn no_text_of_a_pack_becomes_markup() {
        let head = head(&words(), Some(Links { page: "http://x/?a=1&b=\"", picture: "http://x/p.png" }));
        assert!(!head.contains("<script") && !head.contains("alert('"), "{head}");
        assert!(head.contains("&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;"), "{head}");
        assert!(head.contains("content=\"http://x/?a=1&amp;b=&quot;\""), "{head}");
    }

    #[test]
    fn a_page_on_a_disk_has_no_addresses() {
        let head = head(&words(), None);
        assert!(
            head.contains("og:title") && !head.contains("og:url") && !head.contains("og:image"),
            "{head}"
        );
    }

    #[test]
    fn the_head_takes_the_place_of_the_title() {
        let page = "<head><title>Doctown</title><style></style></head>";
        assert_eq!(
            with_head(page, "<title>x</title>").as_deref(),
            Some("<head><title>x</title><style></style></head>")
        );
        assert_eq!(with_head("<head></head>", "x"), None);
    }
}
