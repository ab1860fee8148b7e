//! Extended tar headers, read by their lengths as POSIX says.

/// What an extended header says about the next entry.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct PaxRecords {
    pub(crate) path: Option<Vec<u8>>,
    pub(crate) size_bytes: Option<u64>,
}

/// Parses `<length> <key>=<value>\n` records; `None` when one of them is malformed.
pub(crate) fn parse(mut bytes: &[u8]) -> Option<PaxRecords> {
    let mut records = PaxRecords::default();
    while !bytes.is_empty() {
        let (record, rest) = split_record(bytes)?;
        let equals = record.iter().position(|byte| *byte == b'=')?;
        let (key, value) = (&record[..equals], &record[equals + 1..]);
        match key {
            b"path" => records.path = Some(value.to_vec()),
            b"size" => records.size_bytes = Some(std::str::from_utf8(value).ok()?.parse().ok()?),
            _ => {}
        }
        bytes = rest;
    }
    Some(records)
}

/// Splits off one record, without its length and its newline.
fn split_record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = bytes.iter().take(20).position(|byte| *byte == b' ')?;
    let length: usize = std::str::from_utf8(&bytes[..space]).ok()?.parse().ok()?;
    let record = bytes.get(space + 1..length)?.strip_suffix(b"\n")?;
    Some((record, &bytes[length..]))
}
