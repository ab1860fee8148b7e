//! One changed byte anywhere is noticed, or it is a bit of gzip's header that means nothing.

use docpack::{ReadLimits, read, verify};
use proptest::prelude::*;

use crate::sample::{pack, small};
use crate::unpacked::{gzip, tar_of};

/// Small limits, so that a size that a changed byte makes huge costs nothing.
fn limits() -> ReadLimits {
    ReadLimits {
        manifest_bytes: 100_000,
        entry_bytes: 100_000,
        embeddings_bytes: 100_000,
        ..ReadLimits::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_byte_of_the_tar_is_noticed(place: prop::sample::Index, mask in 1..=255_u8) {
        let (original, _) = pack(&small());
        let mut tar = tar_of(&original);
        let at = place.index(tar.len());
        tar[at] ^= mask;
        let changed = gzip(&tar);
        if verify(changed.as_slice(), &limits()).is_empty() {
            // The last byte of a checksum field may be a blank or a zero.
            prop_assert!(read(changed.as_slice(), &limits()).unwrap() == read(original.as_slice(), &limits()).unwrap());
            prop_assert!((148..156).contains(&(at % 512)), "a change at {at} went unnoticed");
        }
    }

    #[test]
    fn a_changed_byte_of_the_file_is_noticed(place: prop::sample::Index, mask in 1..=255_u8) {
        let (original, _) = pack(&small());
        let mut changed = original.clone();
        let at = place.index(changed.len());
        changed[at] ^= mask;
        if verify(changed.as_slice(), &limits()).is_empty() {
            prop_assert!(read(changed.as_slice(), &limits()).unwrap() == read(original.as_slice(), &limits()).unwrap());
        }
    }
}
