//! Batches on their way to the embedder.

use doctown_embed::{Batcher, FLUSH_AFTER_MS, MAX_BATCH_CHUNKS, MIN_BATCH_CHUNKS};
use proptest::prelude::*;

#[test]
fn a_full_batch_leaves_at_once() {
    let mut batcher = Batcher::new(MIN_BATCH_CHUNKS);
    let left: Vec<_> = (0..MIN_BATCH_CHUNKS).filter_map(|item| batcher.push(item, 0)).collect();
    assert_eq!(left, [(0..MIN_BATCH_CHUNKS).collect::<Vec<_>>()]);
    assert_eq!(batcher.due_at_ms(), None);
}

#[test]
fn a_small_batch_leaves_when_its_first_item_has_waited() {
    let mut batcher = Batcher::new(MAX_BATCH_CHUNKS);
    assert!(batcher.push("first", 1_000).is_none());
    assert!(batcher.push("second", 1_400).is_none());
    assert_eq!(batcher.due_at_ms(), Some(1_000 + FLUSH_AFTER_MS));
    assert_eq!(batcher.poll(1_000 + FLUSH_AFTER_MS - 1), None);
    assert_eq!(batcher.poll(1_000 + FLUSH_AFTER_MS), Some(vec!["first", "second"]));
    assert_eq!(batcher.poll(u64::MAX), None);
}

proptest! {
    #[test]
    fn every_item_leaves_once_in_order_and_in_time(
        gaps_ms in prop::collection::vec(0..400_u64, 0..600),
        full_at in 0..400_usize,
    ) {
        let mut batcher = Batcher::new(full_at);
        let (mut left, mut now_ms) = (Vec::new(), 0);
        for (item, gap_ms) in gaps_ms.iter().enumerate() {
            now_ms += gap_ms;
            left.extend(batcher.poll(now_ms));
            left.extend(batcher.push(item, now_ms));
            prop_assert!(batcher.due_at_ms().is_none_or(|due_at_ms| due_at_ms > now_ms));
        }
        left.extend(batcher.flush());
        prop_assert!(left.iter().all(|batch| (1..=MAX_BATCH_CHUNKS).contains(&batch.len())));
        prop_assert_eq!(left.concat(), (0..gaps_ms.len()).collect::<Vec<_>>());
    }
}
