//! A cursor over canonical JSON bytes that skips and cuts without building values.
//!
//! It never recurses, and it checks as it goes what canonical form asks of structure: no white space,
//! no key twice or out of order where keys are read one by one, no depth past [`MAX_DEPTH`].

/// Records nest five deep; what a later version adds, or an options object, may go this deep.
pub(crate) const MAX_DEPTH: usize = 64;

/// The bytes are not canonical JSON, or not of the shape asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {at}")]
pub(crate) struct ScanError {
    pub(crate) what: &'static str,
    pub(crate) at: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn error<T>(&self, what: &'static str) -> Result<T, ScanError> {
        Err(ScanError { what, at: self.at })
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Steps over `byte`, which must come next.
    pub(crate) fn expect(&mut self, byte: u8) -> Result<(), ScanError> {
        if self.peek() != Some(byte) {
            return self.error("unexpected byte or white space");
        }
        self.at += 1;
        Ok(())
    }

    /// Checks that nothing follows.
    pub(crate) fn finish(&self) -> Result<(), ScanError> {
        if self.at == self.bytes.len() { Ok(()) } else { self.error("bytes after the value") }
    }

    /// Steps to the next element of the open array, or over its end.
    pub(crate) fn next_element(&mut self, n_read: usize) -> Result<bool, ScanError> {
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(false);
        }
        if n_read > 0 {
            self.expect(b',')?;
        }
        Ok(true)
    }

    /// Reads the next key of the open object without its quotes, or steps over the object's end.
    pub(crate) fn next_key(&mut self, previous: Option<&[u8]>) -> Result<Option<&'a [u8]>, ScanError> {
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(None);
        }
        if previous.is_some() {
            self.expect(b',')?;
        }
        let quoted = self.string()?;
        let key = quoted.get(1..quoted.len() - 1).unwrap_or_default();
        // Escaped keys are compared as written; no record of the format has one.
        if previous.is_some_and(|previous| previous >= key && previous.is_ascii() && key.is_ascii()) {
            return self.error("keys not in ascending order");
        }
        self.expect(b':')?;
        Ok(Some(key))
    }

    /// Steps over a string and returns it with its quotes.
    fn string(&mut self) -> Result<&'a [u8], ScanError> {
        let start = self.at;
        self.expect(b'"')?;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(0x20..) => self.at += 1,
                _ => return self.error("unfinished string or bare control character"),
            }
        }
        self.at += 1;
        Ok(&self.bytes[start..self.at])
    }

    fn word(&mut self) -> Result<(), ScanError> {
        let start = self.at;
        while let Some(b'0'..=b'9' | b'a'..=b'z' | b'+' | b'-' | b'.') = self.peek() {
            self.at += 1;
        }
        if self.at == start { self.error("a value is missing") } else { Ok(()) }
    }

    /// Steps over one whole value and returns its bytes.
    pub(crate) fn value(&mut self) -> Result<&'a [u8], ScanError> {
        let start = self.at;
        // One bit per open bracket: set for an object.
        let mut open: u64 = 0;
        let mut depth = 0;
        loop {
            let bracket = self.peek();
            match bracket {
                Some(b'"') => drop(self.string()?),
                Some(b'{' | b'[') => {
                    if depth == MAX_DEPTH {
                        return self.error("nested deeper than 64 levels");
                    }
                    depth += 1;
                    open = open << 1 | u64::from(bracket == Some(b'{'));
                    self.at += 1;
                    if self.peek() != Some(if open & 1 == 1 { b'}' } else { b']' }) {
                        if open & 1 == 1 {
                            self.string()?;
                            self.expect(b':')?;
                        }
                        continue;
                    }
                }
                _ => self.word()?,
            }
            // A value has ended: step over closing brackets, then to the next sibling.
            while depth > 0 && self.peek() == Some(if open & 1 == 1 { b'}' } else { b']' }) {
                self.at += 1;
                depth -= 1;
                open >>= 1;
            }
            if depth == 0 {
                return Ok(&self.bytes[start..self.at]);
            }
            self.expect(b',')?;
            if open & 1 == 1 {
                self.string()?;
                self.expect(b':')?;
            }
        }
    }
}
