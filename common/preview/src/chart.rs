//! The parts of a repository and what uses what, read from the diagram that the tour writes.

/// A tour's diagram has some 50 lines; a longer text is not drawn.
const MAX_LINES: usize = 1_000;
/// As many as can be read at the size in which chats show a picture.
const MAX_PARTS: usize = 7;
const MAX_ARROWS: usize = 10;

/// Parts, upper ones first, and what they use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Chart {
    pub(crate) parts: Vec<Part>,
    pub(crate) arrows: Vec<Arrow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) label: String,
    pub(crate) is_folder: bool,
}

/// Leads from the part that uses to the one that is used, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arrow {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) weight: u32,
}

impl Chart {
    /// Reads a flowchart and keeps the parts that are joined most; empty where the text is none.
    pub(crate) fn of(diagram: &str) -> Self {
        Self::parsed(diagram).unwrap_or_default().chosen()
    }

    fn parsed(diagram: &str) -> Option<Self> {
        let mut lines = diagram.lines().take(MAX_LINES).map(str::trim);
        lines.next().filter(|first| *first == "flowchart TD")?;
        let (mut names, mut chart) = (Vec::new(), Self::default());
        for line in lines.filter(|line| !line.is_empty()) {
            if let Some((name, part)) = part(line) {
                names.push(name);
                chart.parts.push(part);
            } else {
                let (from, to, weight) = arrow(line)?;
                let place = |name: &str| names.iter().position(|known| *known == name);
                chart.arrows.push(Arrow { from: place(from)?, to: place(to)?, weight });
            }
        }
        Some(chart)
    }

    fn chosen(&self) -> Self {
        let carried = |at: usize| {
            let touching = self.arrows.iter().filter(|it| it.from == at || it.to == at);
            touching.map(|it| u64::from(it.weight)).sum::<u64>()
        };
        let mut kept: Vec<usize> =
            (0..self.parts.len()).filter(|at| is_path(&self.parts[*at].label) && carried(*at) > 0).collect();
        kept.sort_by_key(|at| (std::cmp::Reverse(carried(*at)), *at));
        kept.truncate(MAX_PARTS);
        kept.sort_unstable();
        let place = |at: usize| kept.iter().position(|known| *known == at);
        let between = self.arrows.iter().filter_map(|it| {
            Some(Arrow { from: place(it.from)?, to: place(it.to)?, weight: it.weight })
                .filter(|it| it.from != it.to)
        });
        let arrows = joining(kept.len(), between.collect());
        let parts: Vec<Part> = kept.iter().map(|at| self.parts[*at].clone()).collect();
        Self { parts: shortened(parts), arrows }
    }
}

/// `p0["label"]` is a file, `p0(["label"])` a folder.
fn part(line: &str) -> Option<(&str, Part)> {
    let (name, rest) = line.split_once(['[', '('])?;
    let is_folder = rest.starts_with('[');
    let label = match is_folder {
        true => rest.strip_prefix("[\"")?.strip_suffix("\"])")?,
        false => rest.strip_prefix('"')?.strip_suffix("\"]")?,
    };
    let is_name = name.starts_with('p') && name[1..].bytes().all(|byte| byte.is_ascii_digit());
    is_name.then(|| (name, Part { label: label.to_owned(), is_folder }))
}

/// `p0 -->|12| p1`, where the number says how often.
fn arrow(line: &str) -> Option<(&str, &str, u32)> {
    let (from, rest) = line.split_once(" -->|")?;
    let (weight, to) = rest.split_once("| ")?;
    Some((from, to, weight.parse().ok()?))
}

/// Tells whether a part is a folder or a file, and not several that are named in words.
fn is_path(label: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '@' | '-' | '*');
    !label.is_empty() && label.chars().all(is_plain)
}

/// Keeps the heaviest arrows that join what is not joined yet, then the heaviest of the others.
fn joining(n_parts: usize, mut arrows: Vec<Arrow>) -> Vec<Arrow> {
    arrows.sort_by_key(|it| (std::cmp::Reverse(it.weight), it.from, it.to));
    let mut group: Vec<usize> = (0..n_parts).collect();
    let (mut tree, mut rest) = (Vec::new(), Vec::new());
    for arrow in arrows {
        let (kept, gone) = (group[arrow.from], group[arrow.to]);
        if kept == gone {
            rest.push(arrow);
            continue;
        }
        group.iter_mut().filter(|own| **own == gone).for_each(|own| *own = kept);
        tree.push(arrow);
    }
    tree.extend(rest);
    tree.truncate(MAX_ARROWS);
    tree
}

/// Names parts within the folder that they share: `app.py` of `src/flask/app.py`.
fn shortened(mut parts: Vec<Part>) -> Vec<Part> {
    let Some((first, rest)) = parts.split_first() else { return parts };
    let folder = |label: &str| label.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
    let mut n_shared = folder(&first.label);
    let is_shared = |n: usize| {
        let shared = &first.label[..n];
        rest.iter().all(|part| part.label.len() > n && part.label.starts_with(shared))
    };
    while n_shared > 0 && !is_shared(n_shared) {
        n_shared = folder(&first.label[..n_shared]);
    }
    for part in &mut parts {
        // A star alone names nothing: the files directly in the shared folder keep its name.
        let is_star = &part.label[n_shared..] == "*";
        let start = if is_star { folder(&part.label[..n_shared]) } else { n_shared };
        part.label = part.label[start..].trim_end_matches('/').to_owned();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(chart: &Chart) -> Vec<&str> {
        chart.parts.iter().map(|part| part.label.as_str()).collect()
    }

    #[test]
    fn parts_are_named_within_the_folder_that_they_share() {
        let chart = Chart::of(
            "flowchart TD\n  p0[\"src/flask/app.py\"]\n  p1([\"src/flask/json/\"])\n  p2([\"smaller parts of src\"])\n  p0 -->|9| p1\n  p0 -->|3| p2\n",
        );
        assert_eq!(labels(&chart), ["app.py", "json"]);
        assert_eq!(chart.arrows, [Arrow { from: 0, to: 1, weight: 9 }]);
        assert!(!chart.parts[0].is_folder && chart.parts[1].is_folder);
    }

    #[test]
    fn the_files_directly_in_a_folder_are_named_with_it() {
        let chart = Chart::of("flowchart TD\n  p0([\"src/a/\"])\n  p1([\"src/*\"])\n  p0 -->|1| p1\n");
        assert_eq!(labels(&chart), ["a", "src/*"]);
    }

    #[test]
    fn a_label_that_is_a_whole_folder_shared_by_the_others_keeps_its_name() {
        let chart = Chart::of("flowchart TD\n  p0([\"a/\"])\n  p1([\"a/b/\"])\n  p0 -->|1| p1\n");
        assert_eq!(labels(&chart), ["a", "a/b"]);
    }

    #[test]
    fn the_parts_that_are_joined_most_are_kept_and_joined() {
        let mut text = String::from("flowchart TD\n");
        for at in 0..20 {
            text.push_str(&format!("  p{at}[\"f{at}\"]\n"));
        }
        for at in 1..20 {
            text.push_str(&format!("  p0 -->|{at}| p{at}\n"));
        }
        let chart = Chart::of(&text);
        assert_eq!(labels(&chart), ["f0", "f14", "f15", "f16", "f17", "f18", "f19"]);
        assert_eq!(chart.arrows.len(), 6);
    }

    #[test]
    fn a_text_that_is_no_flowchart_is_not_drawn() {
        for text in ["", "classDiagram\n", "flowchart TD\n  p0 -->|1| p1\n", "flowchart TD\n  p[\"\"\n"] {
            assert_eq!(Chart::of(text), Chart::default(), "{text}");
        }
    }
}
