//! `source_index.json` and `source/0000.txt`, …: the text of the files that were read.

use crate::entries::{self, MAX_SOURCE_PARTS, SOURCE_PART_BYTES};
use crate::records::{Redaction, SourceIndex, SourceText};

/// With the text before it in its part, a longer text would be more than a reader takes by default.
pub const MAX_TEXT_BYTES: usize = 127_000_000;

/// The texts are not what the format allows.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what the variants and their fields mean")]
pub enum SourceTextsError {
    #[error("`{file_path}` has {size_bytes} bytes, a text has at most {MAX_TEXT_BYTES}")]
    TooLarge { file_path: String, size_bytes: usize },
    #[error("the texts need more than {MAX_SOURCE_PARTS} parts")]
    TooManyParts,
    #[error("the text of `{file_path}` follows that of `{previous}`, paths must ascend")]
    Order { file_path: String, previous: String },
    #[error("`source_index.json` places `{file_path}` where the texts before it do not end")]
    Place { file_path: String },
    #[error("`source_index.json` places `{file_path}` outside `{part}` or within a character")]
    Outside { file_path: String, part: String },
    #[error("`{part}` is not UTF-8")]
    NotUtf8 { part: String },
    #[error("`{part}` holds text that `source_index.json` does not list")]
    Unlisted { part: String },
    #[error("a redaction of `{file_path}` is empty, out of order or outside the file")]
    Redaction { file_path: String },
}

/// The text of each file, one behind the other in path order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceTexts {
    index: SourceIndex,
    parts: Vec<String>,
}

impl SourceTexts {
    /// Appends a file's text, in which secrets are replaced; paths must ascend.
    pub fn push(
        &mut self,
        file_path: String,
        text: &str,
        redactions: Vec<Redaction>,
    ) -> Result<(), SourceTextsError> {
        let place = self.next_place();
        if place.0 >= MAX_SOURCE_PARTS {
            return Err(SourceTextsError::TooManyParts);
        }
        if text.len() > MAX_TEXT_BYTES {
            return Err(SourceTextsError::TooLarge { file_path, size_bytes: text.len() });
        }
        let (part, offset) = (place.0 as u32, place.1 as u32);
        let indexed = SourceText { file_path, part, offset, bytes: text.len() as u32, redactions };
        check_order(self.index.files.last(), &indexed)?;
        check_redactions(&indexed)?;
        if place.0 == self.parts.len() {
            self.parts.push(String::new());
        }
        if let Some(last) = self.parts.last_mut() {
            last.push_str(text);
        }
        self.index.files.push(indexed);
        Ok(())
    }

    /// Lists the files in path order.
    pub fn files(&self) -> &[SourceText] {
        &self.index.files
    }

    /// Returns the text of one file; `None` where the pack has none of it.
    pub fn get(&self, file_path: &str) -> Option<&str> {
        let file = self.index.find(file_path)?;
        file.within(self.parts.get(file.part as usize)?)
    }

    /// Returns `source_index.json`.
    pub fn index(&self) -> &SourceIndex {
        &self.index
    }

    /// Lists the contents of `source/0000.txt` and so on.
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// Reads the entries and checks one against the other; every byte of a part must belong to a file.
    pub(crate) fn from_entries(index: SourceIndex, parts: Vec<Vec<u8>>) -> Result<Self, SourceTextsError> {
        let mut texts = Self::default();
        let n_parts = parts.len();
        for (number, bytes) in parts.into_iter().enumerate() {
            let not_utf8 = |_| SourceTextsError::NotUtf8 { part: entries::source_part_path(number) };
            texts.parts.push(String::from_utf8(bytes).map_err(not_utf8)?);
        }
        // Where the next text of each part begins; none before its first.
        let mut ends: Vec<Option<u64>> = vec![None; n_parts];
        let mut previous = None;
        for file in &index.files {
            check_order(previous.replace(file), file)?;
            check_redactions(file)?;
            let number = file.part as usize;
            let (Some(part), Some(end)) = (texts.parts.get(number), ends.get_mut(number)) else {
                return Err(SourceTextsError::Place { file_path: file.file_path.clone() });
            };
            if end.unwrap_or_default() != u64::from(file.offset) {
                return Err(SourceTextsError::Place { file_path: file.file_path.clone() });
            }
            if file.within(part).is_none() {
                let file_path = file.file_path.clone();
                return Err(SourceTextsError::Outside { file_path, part: file.entry() });
            }
            *end = Some(u64::from(file.offset) + u64::from(file.bytes));
        }
        let has_more = |(part, end): (&String, &Option<u64>)| Some(part.len() as u64) != *end;
        if let Some(number) = texts.parts.iter().zip(&ends).position(has_more) {
            return Err(SourceTextsError::Unlisted { part: entries::source_part_path(number) });
        }
        texts.index = index;
        Ok(texts)
    }

    /// Tells whether each text lies in the part in which the writer puts it.
    pub(crate) fn is_divided_by_size(&self) -> bool {
        let mut part = 0;
        let mut size_bytes = 0;
        self.index.files.iter().all(|file| {
            if size_bytes >= SOURCE_PART_BYTES as u64 {
                part += 1;
                size_bytes = 0;
            }
            size_bytes += u64::from(file.bytes);
            file.part == part
        })
    }

    /// Returns the part and the offset of the next text: a part ends behind the file that fills it.
    fn next_place(&self) -> (usize, usize) {
        match self.parts.last() {
            None => (0, 0),
            Some(last) if last.len() >= SOURCE_PART_BYTES => (self.parts.len(), 0),
            Some(last) => (self.parts.len() - 1, last.len()),
        }
    }
}

impl SourceIndex {
    /// Finds a file by its path.
    pub fn find(&self, file_path: &str) -> Option<&SourceText> {
        let at = self.files.binary_search_by(|file| file.file_path.as_str().cmp(file_path)).ok()?;
        self.files.get(at)
    }
}

impl SourceText {
    /// Names the entry that holds the text.
    pub fn entry(&self) -> String {
        entries::source_part_path(self.part as usize)
    }

    /// Cuts the text out of its entry; `None` where it is outside, or not whole characters.
    pub fn within<'p>(&self, part: &'p str) -> Option<&'p str> {
        let start = self.offset as usize;
        part.get(start..start.checked_add(self.bytes as usize)?)
    }
}

fn check_order(previous: Option<&SourceText>, file: &SourceText) -> Result<(), SourceTextsError> {
    match previous {
        Some(previous) if previous.file_path >= file.file_path => Err(SourceTextsError::Order {
            file_path: file.file_path.clone(),
            previous: previous.file_path.clone(),
        }),
        _ => Ok(()),
    }
}

fn check_redactions(file: &SourceText) -> Result<(), SourceTextsError> {
    let mut end = 0;
    for redaction in &file.redactions {
        if redaction.start < end || redaction.start >= redaction.end || redaction.end > file.bytes {
            return Err(SourceTextsError::Redaction { file_path: file.file_path.clone() });
        }
        end = redaction.end;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redaction(start: u32, end: u32) -> Redaction {
        Redaction { start, end, rule: "token".to_owned() }
    }

    fn three() -> SourceTexts {
        let mut texts = SourceTexts::default();
        texts.push("a.rs".to_owned(), &"x".repeat(SOURCE_PART_BYTES - 1), Vec::new()).unwrap();
        texts.push("b.rs".to_owned(), "caf\u{e9} ****", vec![redaction(6, 10)]).unwrap();
        texts.push("c.rs".to_owned(), "fn c() {}", Vec::new()).unwrap();
        texts
    }

    fn read(index: SourceIndex, parts: &[&str]) -> Result<SourceTexts, SourceTextsError> {
        SourceTexts::from_entries(index, parts.iter().map(|part| part.as_bytes().to_vec()).collect())
    }

    #[test]
    fn part_ends_behind_the_file_that_fills_it() {
        let texts = three();
        let places: Vec<_> = texts.files().iter().map(|file| (file.part, file.offset)).collect();
        assert_eq!(places, [(0, 0), (0, SOURCE_PART_BYTES as u32 - 1), (1, 0)]);
        assert_eq!(texts.get("b.rs"), Some("caf\u{e9} ****"));
        assert_eq!(texts.get("d.rs"), None);
        assert!(texts.is_divided_by_size());
    }

    #[test]
    fn texts_come_back_from_their_entries() {
        let texts = three();
        let parts: Vec<&str> = texts.parts().iter().map(String::as_str).collect();
        assert_eq!(read(texts.index().clone(), &parts), Ok(texts.clone()));
    }

    #[test]
    fn paths_ascend_and_redactions_lie_in_their_file() {
        let mut texts = three();
        for path in ["c.rs", "b.rs"] {
            let error = texts.push(path.to_owned(), "", Vec::new()).unwrap_err();
            assert!(matches!(error, SourceTextsError::Order { .. }));
        }
        for (start, end) in [(0, 3), (1, 1), (2, 1)] {
            let error = texts.push("d.rs".to_owned(), "**", vec![redaction(start, end)]).unwrap_err();
            assert!(matches!(error, SourceTextsError::Redaction { .. }), "{start}..{end}");
        }
        let overlapping = vec![redaction(0, 2), redaction(1, 2)];
        assert!(texts.push("d.rs".to_owned(), "**", overlapping).is_err());
        assert_eq!(texts, three(), "a text that is refused leaves no trace");
    }

    #[test]
    fn index_that_does_not_fit_the_parts_is_refused() {
        let index = |part: u32, offset: u32, bytes: u32| SourceIndex {
            files: vec![SourceText {
                file_path: "a.rs".to_owned(),
                part,
                offset,
                bytes,
                redactions: Vec::new(),
            }],
        };
        assert!(read(index(0, 0, 3), &["caf"]).is_ok());
        assert!(matches!(read(index(0, 0, 4), &["caf\u{e9}"]), Err(SourceTextsError::Outside { .. })));
        assert!(matches!(read(index(0, 0, 9), &["caf"]), Err(SourceTextsError::Outside { .. })));
        assert!(matches!(read(index(0, 0, u32::MAX), &["caf"]), Err(SourceTextsError::Outside { .. })));
        assert!(matches!(read(index(0, 1, 2), &["caf"]), Err(SourceTextsError::Place { .. })));
        assert!(matches!(read(index(1, 0, 3), &["caf"]), Err(SourceTextsError::Place { .. })));
        assert!(matches!(read(index(0, 0, 2), &["caf"]), Err(SourceTextsError::Unlisted { .. })));
        assert!(matches!(read(index(0, 0, 3), &["caf", ""]), Err(SourceTextsError::Unlisted { .. })));
        let not_utf8 = SourceTexts::from_entries(index(0, 0, 1), vec![vec![0xff]]);
        assert!(matches!(not_utf8, Err(SourceTextsError::NotUtf8 { .. })));
    }
}
