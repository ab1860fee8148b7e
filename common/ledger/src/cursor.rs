//! Places in a list that is ordered by time and id.

use std::fmt;
use std::str::FromStr;

/// The last item of a page: the next one begins after it, whatever was added meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub created_at: u64,
    pub id: String,
}

/// The text is no cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor of this list")]
pub struct CursorError;

impl fmt::Display for Cursor {
    /// Hex, so that nobody reads more into it than a place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(f, &format!("{}.{}", self.created_at, self.id))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let text = read_hex(text)?;
        let (created_at, id) = text.split_once('.').ok_or(CursorError)?;
        let created_at = created_at.parse().map_err(|_| CursorError)?;
        // Databases count to 63 bits.
        if id.is_empty() || id.contains('\0') || i64::try_from(created_at).is_err() {
            return Err(CursorError);
        }
        Ok(Self { created_at, id: id.to_owned() })
    }
}

/// Writes a place in hex.
pub(crate) fn write_hex(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    text.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// Reads what [`write_hex`] wrote.
pub(crate) fn read_hex(text: &str) -> Result<String, CursorError> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return Err(CursorError);
    }
    let pairs = (0..text.len() / 2).map(|idx| u8::from_str_radix(&text[2 * idx..2 * idx + 2], 16));
    let bytes: Vec<u8> = pairs.collect::<Result<_, _>>().map_err(|_| CursorError)?;
    String::from_utf8(bytes).map_err(|_| CursorError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back_and_others_are_refused() {
        let cursor = Cursor { created_at: 1_714_564_800_123, id: "job-0a-1".to_owned() };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in [
            "",
            "x",
            "zz",
            "31",
            "2e61",
            "312e",
            "ü1",
            "31ff",
            "39393939393939393939393939393939393939392e61",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(CursorError), "{text}");
        }
    }
}
