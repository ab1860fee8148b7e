//! Nearest symbols by cosine, and the `related` edges drawn from them.

use std::collections::BTreeSet;

use docpack::{EdgeKind, Evidence};
use model::assembly::NeighbourSearch;
use model::resolution::Edge;
use ndarray::{Array2, ArrayView2, Axis, s};

use crate::repository::Repository;
use crate::round::to_4_decimals;
use crate::vectors::{SymbolVectors, normalise};

/// Symbols closer than this are `related`.
pub const RELATED_FLOOR: f32 = 0.7;
/// `related` edges that leave one symbol.
pub const MAX_RELATED_EDGES: usize = 5;
/// Every pair is compared up to here, which takes about two seconds of one core; at 42,000 (Django's sdist) it took a
/// quarter of the whole build.
pub const MAX_EXACT_VECTORS: usize = 20_000;

/// Neighbours kept per symbol: the related ones, those that may not be shown, and enough for clusters.
const MAX_NEIGHBOURS: usize = 16;
/// Nothing farther is a neighbour; below it MiniLM's code vectors share little but being code.
const NEIGHBOUR_FLOOR: f32 = 0.4;
/// Rows per block of the product: two blocks and their product stay in a core's second-level cache.
const BLOCK_ROWS: usize = 256;
/// Vectors that the centres of cells are drawn from.
const MAX_CELL_SAMPLE: usize = 20_000;
/// Passes that settle the centres; more moved the recall by less than a thousandth.
const CELL_PASSES: usize = 6;
/// Each cell is compared with this many nearest cells, itself among them, and with those that it is near to.
const PROBED_CELLS: usize = 16;
/// Half of what rounding to 4 decimals can add.
const ROUNDING_SLACK: f32 = 0.000_06;

/// Up to [`MAX_NEIGHBOURS`] nearest vectors per vector, nearest first, ties by position.
pub(crate) struct Neighbours {
    pub(crate) search: NeighbourSearch,
    lists: Vec<Vec<(f32, u32)>>,
}

impl Neighbours {
    /// Searches among all rows, or within cells above [`MAX_EXACT_VECTORS`].
    pub(crate) fn find(vectors: &SymbolVectors) -> Self {
        if vectors.is_empty() {
            return Self { search: NeighbourSearch::None, lists: Vec::new() };
        }
        if vectors.len() <= MAX_EXACT_VECTORS {
            return Self { search: NeighbourSearch::Exact, lists: search_all(vectors.rows.view()) };
        }
        Self { search: NeighbourSearch::Cells, lists: search_cells(vectors.rows.view()) }
    }

    /// Rows near `row` with their similarity, nearest first.
    pub(crate) fn of(&self, row: u32) -> &[(f32, u32)] {
        self.lists.get(row as usize).map_or(&[], Vec::as_slice)
    }
}

/// Keeps the nearest of what it is offered.
struct Nearest {
    found: Vec<(f32, u32)>,
    /// Nothing below it can still enter.
    floor: f32,
}

impl Nearest {
    fn new() -> Self {
        Self { found: Vec::with_capacity(MAX_NEIGHBOURS), floor: NEIGHBOUR_FLOOR - ROUNDING_SLACK }
    }

    fn offer(&mut self, similarity: f32, row: u32) {
        let similarity = to_4_decimals(similarity);
        if similarity < NEIGHBOUR_FLOOR {
            return;
        }
        let place = self.found.partition_point(|&(other, at)| (other, row) > (similarity, at));
        if place >= MAX_NEIGHBOURS {
            return;
        }
        self.found.truncate(MAX_NEIGHBOURS - 1);
        self.found.insert(place, (similarity, row));
        if self.found.len() == MAX_NEIGHBOURS {
            self.floor = self.found[MAX_NEIGHBOURS - 1].0 - ROUNDING_SLACK;
        }
    }
}

/// Compares every pair once, block by block; both sides of a pair see the same number.
fn search_all(rows: ArrayView2<'_, f32>) -> Vec<Vec<(f32, u32)>> {
    let n_rows = rows.nrows();
    let mut nearest: Vec<Nearest> = (0..n_rows).map(|_| Nearest::new()).collect();
    for top in (0..n_rows).step_by(BLOCK_ROWS) {
        let upper = rows.slice(s![top..(top + BLOCK_ROWS).min(n_rows), ..]);
        for left in (top..n_rows).step_by(BLOCK_ROWS) {
            let lower = rows.slice(s![left..(left + BLOCK_ROWS).min(n_rows), ..]);
            let product = upper.dot(&lower.t());
            for (i, similarities) in product.outer_iter().enumerate() {
                offer_row(&mut nearest, top + i, left, similarities.as_slice().unwrap_or_default());
            }
        }
    }
    nearest.into_iter().map(|one| one.found).collect()
}

/// Offers `row` and each of the rows from `left` on to each other, those before `row` left out.
fn offer_row(nearest: &mut [Nearest], row: usize, left: usize, similarities: &[f32]) {
    let skipped = (row + 1).saturating_sub(left);
    for (offset, &similarity) in similarities.iter().enumerate().skip(skipped) {
        let other = left + offset;
        if similarity >= nearest[row].floor {
            nearest[row].offer(similarity, other as u32);
        }
        if similarity >= nearest[other].floor {
            nearest[other].offer(similarity, row as u32);
        }
    }
}

/// Compares the rows of each cell with those of the cells around it; two cells are compared once, for both sides.
fn search_cells(rows: ArrayView2<'_, f32>) -> Vec<Vec<(f32, u32)>> {
    let centres = cell_centres(rows);
    let cells = Cells::new(rows, &nearest_centres(rows, centres.view()), centres.nrows());
    let around = centres.dot(&centres.t());
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for cell in 0..centres.nrows() {
        let mut order: Vec<usize> = (0..centres.nrows()).collect();
        order.sort_by(|&a, &b| around[[cell, b]].total_cmp(&around[[cell, a]]).then(a.cmp(&b)));
        pairs.extend(order.iter().take(PROBED_CELLS).map(|&other| (cell.min(other), cell.max(other))));
    }
    let mut nearest: Vec<Nearest> = (0..rows.nrows()).map(|_| Nearest::new()).collect();
    for (cell, other) in pairs {
        cells.compare(cell, other, &mut nearest);
    }
    nearest.into_iter().map(|one| one.found).collect()
}

/// The rows by cell. Cells are compared with many others, so each is copied together once.
struct Cells {
    /// The positions of all rows, cell by cell, ascending within one.
    members: Vec<usize>,
    /// Where each cell begins in `members`, and the end.
    starts: Vec<usize>,
    /// The rows in the order of `members`.
    rows: Array2<f32>,
}

impl Cells {
    fn new(rows: ArrayView2<'_, f32>, cell_of: &[usize], n_cells: usize) -> Self {
        let mut members: Vec<usize> = (0..cell_of.len()).collect();
        members.sort_by_key(|&row| cell_of[row]);
        let starts = (0..=n_cells).map(|cell| members.partition_point(|&row| cell_of[row] < cell)).collect();
        let rows = rows.select(Axis(0), &members);
        Self { members, starts, rows }
    }

    /// Offers the rows of two cells to each other.
    fn compare(&self, cell: usize, other: usize, nearest: &mut [Nearest]) {
        let (own, others) =
            (self.starts[cell]..self.starts[cell + 1], self.starts[other]..self.starts[other + 1]);
        let columns = self.rows.slice(s![others.clone(), ..]);
        for top in own.clone().step_by(BLOCK_ROWS) {
            let block = top..(top + BLOCK_ROWS).min(own.end);
            let product = self.rows.slice(s![block.clone(), ..]).dot(&columns.t());
            for (place, similarities) in block.zip(product.outer_iter()) {
                // Within a cell each pair stands in the product twice.
                let n_skipped = if cell == other { place - own.start + 1 } else { 0 };
                let row = self.members[place];
                for (&other, &similarity) in
                    self.members[others.clone()].iter().zip(similarities).skip(n_skipped)
                {
                    if similarity >= nearest[row].floor {
                        nearest[row].offer(similarity, other as u32);
                    }
                    if similarity >= nearest[other].floor {
                        nearest[other].offer(similarity, row as u32);
                    }
                }
            }
        }
    }
}

/// Centres of about `sqrt(n)` cells, settled on an even sample of the rows.
fn cell_centres(rows: ArrayView2<'_, f32>) -> Array2<f32> {
    let n_rows = rows.nrows();
    let n_cells = ((n_rows as f64).sqrt().ceil() as usize).max(1);
    let stride = n_rows.div_ceil(MAX_CELL_SAMPLE);
    let picked: Vec<usize> = (0..n_rows).step_by(stride).collect();
    let sample = rows.select(Axis(0), &picked);
    // Rows are in the order of symbol ids, which are hashes: an even stride is a fair draw.
    let first: Vec<usize> = (0..n_cells).map(|cell| cell * picked.len() / n_cells).collect();
    let mut centres = sample.select(Axis(0), &first);
    for _ in 0..CELL_PASSES {
        let mut sums = Array2::<f32>::zeros(centres.dim());
        for (row, cell) in nearest_centres(sample.view(), centres.view()).into_iter().enumerate() {
            let mut sum = sums.row_mut(cell);
            sum += &sample.row(row);
        }
        for (mut centre, mut sum) in centres.outer_iter_mut().zip(sums.outer_iter_mut()) {
            // A cell that nothing is nearest to keeps its centre.
            if sum.as_slice_mut().is_some_and(normalise) {
                centre.assign(&sum);
            }
        }
    }
    centres
}

/// The most similar centre of each row, ties to the first.
fn nearest_centres(rows: ArrayView2<'_, f32>, centres: ArrayView2<'_, f32>) -> Vec<usize> {
    let mut nearest = Vec::with_capacity(rows.nrows());
    for block in rows.axis_chunks_iter(Axis(0), BLOCK_ROWS) {
        for similarities in block.dot(&centres.t()).outer_iter() {
            let best = similarities
                .iter()
                .map(|&similarity| to_4_decimals(similarity))
                .enumerate()
                .fold((0, f32::NEG_INFINITY), |best, it| if it.1 > best.1 { it } else { best });
            nearest.push(best.0);
        }
    }
    nearest
}

/// Draws the `related` edges, by source, then falling weight, then target.
///
/// Left out are pairs of which one encloses the other, tests beside code that is none, and all but
/// the nearest namesake: five `fmt` or `__init__` tell nobody anything.
pub(crate) fn related_edges(
    repository: &Repository<'_>,
    vectors: &SymbolVectors,
    neighbours: &Neighbours,
) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (row, &source) in (0_u32..).zip(&vectors.nodes) {
        let mut has_namesake = false;
        let mut n_drawn = 0;
        for &(similarity, other) in neighbours.of(row) {
            let target = vectors.nodes[other as usize];
            if similarity <= RELATED_FLOOR || n_drawn == MAX_RELATED_EDGES {
                break;
            }
            let is_namesake = repository.symbol(source).name == repository.symbol(target).name;
            if !may_relate(repository, source, target) || is_namesake && has_namesake {
                continue;
            }
            has_namesake |= is_namesake;
            n_drawn += 1;
            edges.push(related_edge(repository, source, target, similarity));
        }
    }
    edges
}

fn may_relate(repository: &Repository<'_>, source: u32, target: u32) -> bool {
    let is_beside_test = !repository.node(source).is_support && repository.node(target).is_support;
    let is_overload = repository.node(source).parent == repository.node(target).parent
        && repository.symbol(source).name == repository.symbol(target).name;
    !is_beside_test
        && !is_overload
        && !repository.ancestors(source).any(|at| at == target)
        && !repository.ancestors(target).any(|at| at == source)
}

fn related_edge(repository: &Repository<'_>, source: u32, target: u32, similarity: f32) -> Edge {
    // Through text, so that 0.8123_f32 becomes 0.8123 and not its nearest f32.
    let weight = (f64::from(similarity) * 10_000.0).round() / 10_000.0;
    Edge {
        source: repository.id(source),
        target: repository.id(target),
        kind: EdgeKind::Related,
        confidence: weight,
        evidence: Evidence::Similarity,
        weight: Some(weight),
        sites: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use rand_xoshiro::Xoshiro256Plus;
    use rand_xoshiro::rand_core::{RngCore, SeedableRng};

    use super::*;

    /// Points around 40 centres, so that there is something to be near to.
    fn cloud(n_rows: usize, dimensions: usize) -> Array2<f32> {
        let mut random = Xoshiro256Plus::seed_from_u64(7);
        let mut draw = move || (random.next_u64() >> 40) as f32 / (1_u64 << 24) as f32 - 0.5;
        let centres = Array2::from_shape_fn((40, dimensions), |_| draw());
        let mut rows = Array2::from_shape_fn((n_rows, dimensions), |(row, column)| {
            centres[[row % 40, column]] + 0.7 * draw()
        });
        rows.outer_iter_mut().for_each(|mut row| {
            normalise(row.as_slice_mut().expect("rows are contiguous"));
        });
        rows
    }

    #[test]
    fn blocks_give_what_comparing_every_pair_gives() {
        let rows = cloud(700, 24);
        let found = search_all(rows.view());
        for row in [0, 255, 256, 511, 699] {
            let mut expected: Vec<(f32, u32)> = (0..700)
                .filter(|&other| other != row)
                .map(|other| (to_4_decimals(rows.row(row).dot(&rows.row(other))), other as u32))
                .filter(|&(similarity, _)| similarity >= NEIGHBOUR_FLOOR)
                .collect();
            expected.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            expected.truncate(MAX_NEIGHBOURS);
            let similarities = |list: &[(f32, u32)]| list.iter().map(|it| it.0).collect::<Vec<_>>();
            let differences = similarities(&found[row])
                .iter()
                .zip(similarities(&expected))
                .any(|(a, b)| (a - b).abs() > 0.000_11);
            assert!(!differences, "row {row}");
            assert_eq!(found[row].len(), expected.len(), "row {row}");
        }
    }

    #[test]
    fn cells_find_nine_of_ten_true_neighbours() {
        let rows = cloud(4_000, 24);
        let (exact, within_cells) = (search_all(rows.view()), search_cells(rows.view()));
        let n_true: usize = exact.iter().map(|list| list.len().min(5)).sum();
        let n_found: usize = exact
            .iter()
            .zip(&within_cells)
            .map(|(truth, found)| truth.iter().take(5).filter(|it| found.contains(it)).count())
            .sum();
        assert!(n_found * 10 >= n_true * 9, "{n_found} of {n_true}");
    }

    #[test]
    fn ties_go_to_the_lower_position() {
        let mut nearest = Nearest::new();
        for row in [9, 3, 7, 1] {
            nearest.offer(0.8, row);
        }
        nearest.offer(0.9, 20);
        assert_eq!(nearest.found.iter().map(|it| it.1).collect::<Vec<_>>(), [20, 1, 3, 7, 9]);
    }
}
