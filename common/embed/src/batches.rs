//! Which texts go through the network together.

/// Padded tokens of one batch on a GPU: 64 texts of full length fill one, whose attention scores take
/// 200 MB of its memory.
pub(crate) const GPU_TOKEN_BUDGET: usize = 16_384;

/// Groups texts of the given lengths, longest first, so that rows times longest stays within the budget.
///
/// A text longer than the budget goes alone. Each index appears once; equal lengths keep their order.
pub(crate) fn by_token_budget(lengths: &[usize], budget: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&text| std::cmp::Reverse(lengths[text]));
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for text in order {
        match batches.last_mut() {
            Some(batch) if lengths[batch[0]] * (batch.len() + 1) <= budget => batch.push(text),
            _ => batches.push(vec![text]),
        }
    }
    batches
}

/// Puts every text into a batch of its own, in order.
pub(crate) fn one_by_one(n_texts: usize) -> Vec<Vec<usize>> {
    (0..n_texts).map(|text| vec![text]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_stays_within_its_budget() {
        assert_eq!(by_token_budget(&[2, 5, 3, 2, 9], 8), [vec![4], vec![1], vec![2, 0], vec![3]]);
    }

    #[test]
    fn no_text_makes_no_batch() {
        assert!(by_token_budget(&[], 8).is_empty());
    }
}
