//! Where in a pack a link leads.

use std::borrow::Cow;

use docpack::SymbolId;

/// Longer paths are in no pack.
const MAX_PATH_BYTES: usize = 4_096;
/// The longest name that the website gives to a chapter.
const MAX_CHAPTER_BYTES: usize = 80;

/// A place in a pack, as the explorer's links name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// The pack as a whole.
    Pack,
    /// A chapter of the guide, by its key.
    Chapter(String),
    Symbol(SymbolId),
    /// A file, by its path.
    File(String),
}

impl Place {
    /// Reads the parameters of a link; the explorer's other parameters change nothing about what is shown.
    pub fn of_query<'q>(pairs: impl Iterator<Item = (Cow<'q, str>, Cow<'q, str>)>) -> Self {
        let (mut chapter, mut symbol, mut file) = (None, None, None);
        for (name, value) in pairs {
            match &*name {
                "symbol" => symbol = value.parse().ok(),
                "file" => file = Some(value).filter(|path| is_path(path)),
                "chapter" => chapter = Some(value).filter(|key| is_chapter(key)),
                _ => {}
            }
        }
        let file = || file.map(|path| Self::File(path.into_owned()));
        let chapter = || chapter.map(|key| Self::Chapter(key.into_owned()));
        symbol.map(Self::Symbol).or_else(file).or_else(chapter).unwrap_or(Self::Pack)
    }

    /// Gives the parameter that leads to the place.
    pub fn parameter(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Pack => None,
            Self::Chapter(key) => Some(("chapter", key.clone())),
            Self::Symbol(id) => Some(("symbol", id.to_string())),
            Self::File(path) => Some(("file", path.clone())),
        }
    }
}

fn is_path(path: &str) -> bool {
    !path.is_empty() && path.len() <= MAX_PATH_BYTES
}

fn is_chapter(key: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    (1..=MAX_CHAPTER_BYTES).contains(&key.len()) && key.bytes().all(is_plain)
}
