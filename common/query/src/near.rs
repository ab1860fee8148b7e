//! Names that are close to a mistyped one.

/// More suggestions help nobody.
const MAX_NEAR: usize = 5;
/// Longer names are not compared: their distance would cost more than a suggestion is worth.
const MAX_COMPARED_CHARS: usize = 64;

/// Picks the names closest to `wanted`, closest first; `items` come in the order that breaks ties.
pub(crate) fn near<'n>(wanted: &str, items: impl Iterator<Item = (usize, &'n str)>) -> Vec<usize> {
    let wanted: Vec<char> = wanted.to_lowercase().chars().collect();
    if wanted.is_empty() || wanted.len() > MAX_COMPARED_CHARS {
        return Vec::new();
    }
    let most = (wanted.len() / 3).max(1);
    let mut found: Vec<(usize, usize, &str)> = Vec::new();
    for (at, name) in items {
        if name.len() > MAX_COMPARED_CHARS * 4 || name.chars().count().abs_diff(wanted.len()) > most {
            continue;
        }
        let name_chars: Vec<char> = name.to_lowercase().chars().collect();
        let Some(distance) = distance(&wanted, &name_chars, most) else { continue };
        let is_new = found.iter().all(|(_, _, known)| *known != name);
        if is_new && (found.len() < MAX_NEAR || found.last().is_some_and(|worst| distance < worst.0)) {
            let place = found.partition_point(|(other, _, _)| *other <= distance);
            found.insert(place, (distance, at, name));
            found.truncate(MAX_NEAR);
        }
    }
    found.into_iter().map(|(_, at, _)| at).collect()
}

/// Counts insertions, deletions, replacements and swaps of neighbours, up to `most`.
fn distance(a: &[char], b: &[char], most: usize) -> Option<usize> {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            let is_swap = i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y;
            if is_swap {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        if row.iter().all(|cost| *cost > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|cost| *cost <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_names_come_first_and_far_ones_not_at_all() {
        let names = ["route", "routes", "rotue", "render", "Route", "reset_database"];
        let close = near("roote", names.iter().copied().enumerate());
        assert_eq!(close.iter().map(|at| names[*at]).collect::<Vec<_>>(), ["route", "Route"]);
        assert!(near("xyz", names.iter().copied().enumerate()).is_empty());
    }

    #[test]
    fn swapped_letters_are_one_mistake() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(distance(&chars("rotue"), &chars("route"), 2), Some(1));
        assert_eq!(distance(&chars("route"), &chars("render"), 2), None);
    }
}
