//! An entry on its way to a client: inflated, and deflated again, piece by piece.

use std::io::{self, Read, Write};
use std::sync::Arc;

use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use crate::explore::deflated::{Deflated, Deflation};
use crate::explore::members::{EntryBytes, Member, PIECE_BYTES, Pieces};

/// An entry that is read while the client takes it. Beside a piece of the archive it holds one of its own.
pub(crate) struct EntryPieces {
    entry: EntryBytes<Pieces>,
    /// What the manifest says of it; the manifest says nothing of itself.
    sha256: Option<String>,
    digest: Sha256,
    encoder: Option<Encoder>,
    is_over: bool,
}

/// Deflates, and gathers what it made for the next who asks.
struct Encoder {
    gzip: Option<GzEncoder<Vec<u8>>>,
    gathered: Option<Deflation>,
    keep_as: String,
    deflated: Arc<Deflated>,
}

impl EntryPieces {
    /// Begins to read a member; with `deflated` the pieces are deflated, and kept there as `keep_as`.
    pub(crate) fn open(
        archive: Pieces,
        member: &Member,
        sha256: Option<String>,
        deflated: Option<(Arc<Deflated>, String)>,
    ) -> io::Result<Self> {
        let encoder = deflated.map(|(deflated, keep_as)| Encoder {
            gzip: Some(GzEncoder::new(Vec::new(), Compression::fast())),
            gathered: deflated.gather(),
            keep_as,
            deflated,
        });
        Ok(Self { entry: member.open(archive)?, sha256, digest: Sha256::new(), encoder, is_over: false })
    }

    /// Returns whether the last piece was read.
    pub(crate) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Reads the next piece, of at most 1 MB; it blocks.
    ///
    /// An entry that differs from its digest is an error before its last piece, so that no client takes it for whole.
    pub(crate) fn next(&mut self) -> io::Result<Option<Bytes>> {
        while !self.is_over {
            let plain = self.plain()?;
            let piece = match &mut self.encoder {
                None => Bytes::from(plain),
                Some(encoder) => encoder.deflate(&plain, self.is_over)?,
            };
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
        Ok(None)
    }

    fn plain(&mut self) -> io::Result<Vec<u8>> {
        let n_bytes = self.entry.limit().min(PIECE_BYTES);
        let mut plain = vec![0; n_bytes as usize];
        self.entry.read_exact(&mut plain)?;
        self.digest.update(&plain);
        self.is_over = self.entry.limit() == 0;
        if self.is_over
            && let Some(stated) = &self.sha256
        {
            let digest = docpack::Digest(std::mem::take(&mut self.digest).finalize().into());
            if digest.hex() != *stated {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "it differs from its digest in the manifest",
                ));
            }
        }
        Ok(plain)
    }
}

impl Encoder {
    fn deflate(&mut self, plain: &[u8], is_last: bool) -> io::Result<Bytes> {
        let Some(gzip) = &mut self.gzip else { return Ok(Bytes::new()) };
        gzip.write_all(plain)?;
        let mut made = std::mem::take(gzip.get_mut());
        if is_last && let Some(mut gzip) = self.gzip.take() {
            *gzip.get_mut() = made;
            made = gzip.finish()?;
        }
        made.shrink_to_fit();
        let piece = Bytes::from(made);
        self.gathered = self.gathered.take().and_then(|gathered| self.deflated.add(gathered, &piece));
        if is_last && let Some(gathered) = self.gathered.take() {
            self.deflated.keep(&self.keep_as, gathered);
        }
        Ok(piece)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::explore::members::Members;
    use crate::explore::members::tests::{archive, pieces};

    /// 5 MB of lines that differ.
    fn body() -> Vec<u8> {
        (0..250_000).flat_map(|n| format!("{{\"symbol\": {n:7}}}\n").into_bytes()).collect()
    }

    fn open(
        bytes: &Arc<Vec<u8>>,
        sha256: &str,
        deflated: Option<&Arc<Deflated>>,
        n_read: &Arc<AtomicU64>,
    ) -> EntryPieces {
        let mut members = Members::default();
        let member = members.scan_to(pieces(bytes, 0, &Arc::default()), "nodes.json").expect("it is read");
        let deflated = deflated.map(|deflated| (Arc::clone(deflated), sha256.to_owned()));
        let archive = pieces(bytes, 0, n_read);
        EntryPieces::open(archive, &member.expect("it is there"), Some(sha256.to_owned()), deflated)
            .expect("it begins")
    }

    #[test]
    fn a_long_entry_comes_in_short_pieces_and_only_as_they_are_taken() {
        let body = body();
        let bytes = Arc::new(archive(&[("manifest.json", b"{}"), ("nodes.json", &body)]));
        let sha256 = docpack::Digest::of(&body).hex();
        let n_read = Arc::default();
        let mut entry = open(&bytes, &sha256, None, &n_read);
        let mut plain = Vec::new();
        while let Some(piece) = entry.next().expect("it is whole") {
            assert!(piece.len() as u64 <= PIECE_BYTES);
            plain.extend(piece);
        }
        assert!(plain == body && entry.is_over());
    }

    #[test]
    fn what_was_deflated_is_kept_and_is_the_entry() {
        let body = body();
        let bytes = Arc::new(archive(&[("nodes.json", &body)]));
        let (sha256, deflated) = (docpack::Digest::of(&body).hex(), Arc::new(Deflated::default()));
        let mut entry = open(&bytes, &sha256, Some(&deflated), &Arc::default());
        let mut sent = Vec::new();
        while let Some(piece) = entry.next().expect("it is whole") {
            sent.extend(piece);
        }
        let kept = deflated.find(&sha256).expect("it was kept");
        assert_eq!(kept.pieces.concat(), sent);
        let mut text = Vec::new();
        flate2::read::GzDecoder::new(sent.as_slice()).read_to_end(&mut text).expect("it is gzip");
        assert!(text == body);
        // One that is given up in the middle is not kept, and nothing more of it is read.
        let n_read = Arc::default();
        let (other, deflated) =
            (open(&bytes, &sha256, Some(&deflated), &n_read), Arc::new(Deflated::default()));
        drop(other);
        assert!(n_read.load(Ordering::SeqCst) <= PIECE_BYTES && deflated.find(&sha256).is_none());
    }

    #[test]
    fn an_entry_that_differs_from_its_digest_never_ends_well() {
        let body = body();
        let bytes = Arc::new(archive(&[("nodes.json", &body)]));
        for deflated in [None, Some(Arc::new(Deflated::default()))] {
            let mut entry = open(&bytes, &"0".repeat(64), deflated.as_ref(), &Arc::default());
            let mut n_sent = 0;
            let ended = loop {
                match entry.next() {
                    Ok(Some(piece)) => n_sent += piece.len(),
                    ended => break ended,
                }
            };
            assert!(ended.is_err() && n_sent < body.len());
            assert!(deflated.is_none_or(|deflated| deflated.find(&"0".repeat(64)).is_none()));
        }
    }
}
