//! The explorer as one file: the website's `dist/export.html` with a pack put into it.

use std::fmt;
use std::io::{self, Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use preview::{Words, escaped, head, with_head};

/// The page as it was when the program was compiled.
const EMBEDDED: Option<&[u8]> = include!(concat!(env!("OUT_DIR"), "/page.rs"));
const NAME_MARK: &str = "@DOCPACK_NAME@";
const PACK_MARK: &str = "@DOCPACK@";
/// Longest text that V8 makes a string of. The page reads the pack as one, and other engines take more.
const MAX_TEXT_CHARS: u64 = (1 << 29) - 24;
/// Largest pack that fits into a page.
pub const MAX_PACK_BYTES: u64 = MAX_TEXT_CHARS / 4 * 3;
/// Encoded at once: a multiple of three, so that pieces join without padding.
const PIECE_BYTES: usize = 3 << 16;

/// A page without its pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What stands before the name, between name and pack, and behind the pack.
    parts: [String; 3],
}

/// Why a page was not written.
#[derive(Debug)]
pub enum PageError {
    /// The pack cannot be read.
    Pack(io::Error),
    /// What was read cannot be written.
    Output(io::Error),
}

impl Page {
    /// Returns the page that the program was compiled with, if it was.
    pub fn embedded() -> Option<Self> {
        Self::parse(std::str::from_utf8(EMBEDDED?).ok()?)
    }

    /// Finds the places of name and pack; `None` where there is not one of each, in this order.
    pub fn parse(template: &str) -> Option<Self> {
        let (head, rest) = template.split_once(NAME_MARK)?;
        let (middle, tail) = rest.split_once(PACK_MARK)?;
        let has_mark = |part: &&str| part.contains(NAME_MARK) || part.contains(PACK_MARK);
        let parts = [head, middle, tail];
        (!parts.iter().any(has_mark)).then(|| Self { parts: parts.map(str::to_owned) })
    }

    /// Puts a title and a description into the page, for search engines and for chats that it is sent to.
    pub fn about(mut self, words: &Words) -> Self {
        if let Some(begun) = with_head(&self.parts[0], &head(words, None)) {
            self.parts[0] = begun;
        }
        self
    }

    /// Writes the page with a pack's bytes, piece by piece, and returns how many it has.
    pub fn write(&self, name: &str, pack: &mut impl Read, out: &mut impl Write) -> Result<u64, PageError> {
        let [head, middle, tail] = &self.parts;
        let mut n_written = 0;
        let mut put = |text: &str| {
            n_written += text.len() as u64;
            out.write_all(text.as_bytes()).map_err(PageError::Output)
        };
        put(head)?;
        put(&escaped(name))?;
        put(middle)?;
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        loop {
            piece.clear();
            pack.by_ref().take(PIECE_BYTES as u64).read_to_end(&mut piece).map_err(PageError::Pack)?;
            if piece.is_empty() {
                break;
            }
            put(&STANDARD.encode(&piece))?;
        }
        put(tail)?;
        Ok(n_written)
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pack(error) | Self::Output(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PageError {}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "<p data-name=\"@DOCPACK_NAME@\">@DOCPACK@</p>\n";

    /// Gives its bytes in pieces of a size that fits nothing.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(1_001);
            self.0.read(&mut buffer[..length])
        }
    }

    fn written(name: &str, pack: &[u8]) -> String {
        let mut out = Vec::new();
        let page = Page::parse(TEMPLATE).expect("it has both marks");
        let n_written = page.write(name, &mut Slow(pack), &mut out).expect("memory takes it");
        assert_eq!(n_written, out.len() as u64);
        String::from_utf8(out).expect("a page is text")
    }

    #[test]
    fn pieces_join_to_the_base64_of_the_whole() {
        for length in [0, 1, 2, 3, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES + 2] {
            let pack: Vec<u8> = (0..length).map(|n| (n * 31) as u8).collect();
            let expected = format!("<p data-name=\"a.docpack\">{}</p>\n", STANDARD.encode(&pack));
            assert!(written("a.docpack", &pack) == expected, "{length} bytes");
        }
    }

    #[test]
    fn a_name_stays_within_its_attribute_and_stands_for_no_mark() {
        let page = written("\"><script>&'@DOCPACK@$&", b"x");
        assert_eq!(page, "<p data-name=\"&quot;&gt;&lt;script&gt;&amp;&#39;@DOCPACK@$&amp;\">eA==</p>\n");
    }

    #[test]
    fn a_page_is_titled_after_its_pack() {
        let page = Page::parse("<title>Doctown</title><p data-name=\"@DOCPACK_NAME@\">@DOCPACK@</p>");
        let words = Words { title: "a @DOCPACK@ <b>".to_owned(), description: "c".to_owned() };
        let mut out = Vec::new();
        let page = page.expect("it has both marks").about(&words);
        page.write("a.docpack", &mut [1, 2, 3].as_slice(), &mut out).expect("memory takes it");
        let text = String::from_utf8(out).expect("a page is text");
        assert!(text.starts_with("<title>a @DOCPACK@ &lt;b&gt; · Doctown</title>"), "{text}");
        assert!(text.ends_with("<p data-name=\"a.docpack\">AQID</p>"), "{text}");
    }

    #[test]
    fn a_template_has_each_mark_once_and_in_order() {
        for template in [
            "",
            "@DOCPACK_NAME@",
            "@DOCPACK@",
            "@DOCPACK@ @DOCPACK_NAME@",
            "@DOCPACK_NAME@ @DOCPACK@ @DOCPACK@",
            "@DOCPACK_NAME@ @DOCPACK@ @DOCPACK_NAME@",
            "@DOCPACK_NAME@ @DOCPACK_NAME@ @DOCPACK@",
        ] {
            assert_eq!(Page::parse(template), None, "{template}");
        }
    }

    #[test]
    fn the_largest_pack_is_one_string_and_one_byte_more_is_not() {
        let n_chars = |n_bytes: u64| n_bytes.div_ceil(3) * 4;
        assert!(n_chars(MAX_PACK_BYTES) <= MAX_TEXT_CHARS);
        assert!(n_chars(MAX_PACK_BYTES + 1) > MAX_TEXT_CHARS);
    }
}
