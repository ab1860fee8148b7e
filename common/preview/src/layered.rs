//! Boxes in layers: what uses stands above what it uses, and an arrow over several layers has a lane in each.

use crate::chart::Arrow;

/// More change nothing for so few boxes.
const SWEEPS: usize = 8;
/// How wide a passing arrow is.
const LANE: f32 = 26.0;
/// Arrows that meet a box are at least so far apart, where it is wide enough.
const PORT: f32 = 22.0;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Size {
    pub(crate) width: f32,
    pub(crate) height: f32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f32,
    pub(crate) y: f32,
}

/// Where everything is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    /// By box: its upper left corner.
    pub(crate) places: Vec<Point>,
    /// By arrow: from the box that uses to the one that is used.
    pub(crate) routes: Vec<Vec<Point>>,
    pub(crate) size: Size,
}

/// Room around boxes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    /// A layer that would be wider goes on in the next.
    pub(crate) max_width: f32,
    pub(crate) gap_x: f32,
    pub(crate) gap_y: f32,
}

/// What has a place in a layer: a box, or a point where an arrow passes the layer.
struct Cell {
    layer: usize,
    x: f32,
    width: f32,
    above: Vec<usize>,
    below: Vec<usize>,
}

/// Lays boxes out in their order, upper ones first; the same input gives the same layout.
pub(crate) fn layout(boxes: &[Size], arrows: &[Arrow], room: Room) -> Layout {
    let layers = layers_of(boxes, arrows, room);
    let cell = |(size, layer): (&Size, &usize)| Cell {
        layer: *layer,
        x: 0.0,
        width: size.width + room.gap_x,
        above: Vec::new(),
        below: Vec::new(),
    };
    let mut cells: Vec<Cell> = boxes.iter().zip(&layers).map(cell).collect();
    let chains: Vec<Vec<usize>> = arrows.iter().map(|arrow| chain(&mut cells, *arrow)).collect();
    let rows = ordered(&cells);
    for row in &rows {
        pack(&mut cells, row);
    }
    for sweep in 0..SWEEPS {
        straighten(&mut cells, &rows, sweep % 2 == 0);
    }
    let left = cells.iter().map(|it| it.x - it.width / 2.0).fold(f32::MAX, f32::min);
    cells.iter_mut().for_each(|it| it.x -= left);
    placed(boxes, arrows, &cells, &chains, &rows, room)
}

/// Puts each box below all boxes before it that it is joined with, in the first layer with room.
fn layers_of(boxes: &[Size], arrows: &[Arrow], room: Room) -> Vec<usize> {
    let mut layers: Vec<usize> = Vec::with_capacity(boxes.len());
    let mut widths: Vec<f32> = Vec::new();
    for (at, size) in boxes.iter().enumerate() {
        let joined = arrows.iter().filter(|it| it.from.max(it.to) == at);
        let mut layer = joined.map(|it| layers[it.from.min(it.to)] + 1).max().unwrap_or(0);
        let width = size.width + room.gap_x;
        while widths.get(layer).is_some_and(|taken| *taken > 0.0 && taken + width > room.max_width) {
            layer += 1;
        }
        if widths.len() <= layer {
            widths.resize(layer + 1, 0.0);
        }
        widths[layer] += width;
        layers.push(layer);
    }
    layers
}

/// Lists the cells that an arrow passes from top to bottom, a new one for each layer between its ends.
fn chain(cells: &mut Vec<Cell>, arrow: Arrow) -> Vec<usize> {
    let (upper, lower) = (arrow.from.min(arrow.to), arrow.from.max(arrow.to));
    let mut passed = vec![upper];
    for layer in cells[upper].layer + 1..cells[lower].layer {
        passed.push(cells.len());
        cells.push(Cell { layer, x: 0.0, width: LANE, above: Vec::new(), below: Vec::new() });
    }
    passed.push(lower);
    for pair in passed.windows(2) {
        cells[pair[1]].above.push(pair[0]);
        cells[pair[0]].below.push(pair[1]);
    }
    passed
}

/// Orders the cells of each layer so that few arrows cross: by the middle of their neighbours, over and over.
fn ordered(cells: &[Cell]) -> Vec<Vec<usize>> {
    let n_layers = cells.iter().map(|cell| cell.layer + 1).max().unwrap_or(0);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); n_layers];
    for (at, cell) in cells.iter().enumerate() {
        rows[cell.layer].push(at);
    }
    let mut best = (crossings(cells, &rows), rows.clone());
    for sweep in 0..SWEEPS {
        let is_downward = sweep % 2 == 0;
        let layers: Vec<usize> = if is_downward {
            (1..n_layers).collect()
        } else {
            (0..n_layers.saturating_sub(1)).rev().collect()
        };
        for layer in layers {
            let beside = if is_downward { layer - 1 } else { layer + 1 };
            let wanted = wanted_order(cells, &rows[layer], &rows[beside], is_downward);
            rows[layer] = wanted;
        }
        let n_crossings = crossings(cells, &rows);
        if n_crossings < best.0 {
            best = (n_crossings, rows.clone());
        }
    }
    best.1
}

/// Sorts a row by the middle place of each cell's neighbours in the row beside it.
fn wanted_order(cells: &[Cell], row: &[usize], beside: &[usize], is_downward: bool) -> Vec<usize> {
    let middle = |at: usize, own: usize| {
        let neighbours = if is_downward { &cells[at].above } else { &cells[at].below };
        let places: Vec<usize> =
            neighbours.iter().filter_map(|it| beside.iter().position(|other| other == it)).collect();
        // Without neighbours a cell keeps its share of the row.
        match places.len() {
            0 => (own * beside.len()) as f32 / row.len() as f32,
            n => places.iter().sum::<usize>() as f32 / n as f32,
        }
    };
    let mut wanted: Vec<(f32, usize, usize)> =
        row.iter().enumerate().map(|(own, at)| (middle(*at, own), own, *at)).collect();
    wanted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    wanted.into_iter().map(|(_, _, at)| at).collect()
}

fn crossings(cells: &[Cell], rows: &[Vec<usize>]) -> usize {
    let mut n_crossings = 0;
    for pair in rows.windows(2) {
        let lower = |at: &usize| pair[1].iter().position(|other| other == at);
        let ends: Vec<(usize, usize)> = pair[0]
            .iter()
            .enumerate()
            .flat_map(|(place, at)| cells[*at].below.iter().filter_map(lower).map(move |end| (place, end)))
            .collect();
        for (at, a) in ends.iter().enumerate() {
            n_crossings += ends[at + 1..]
                .iter()
                .filter(|b| (a.0 < b.0 && a.1 > b.1) || (a.0 > b.0 && a.1 < b.1))
                .count();
        }
    }
    n_crossings
}

/// Lays the cells of a layer side by side, around the middle.
fn pack(cells: &mut [Cell], row: &[usize]) {
    let mut x = -row.iter().map(|at| cells[*at].width).sum::<f32>() / 2.0;
    for at in row {
        cells[*at].x = x + cells[*at].width / 2.0;
        x += cells[*at].width;
    }
}

/// Moves cells towards the middle of their neighbours, without changing their order.
fn straighten(cells: &mut [Cell], rows: &[Vec<usize>], is_downward: bool) {
    let order: Vec<&Vec<usize>> =
        if is_downward { rows.iter().collect() } else { rows.iter().rev().collect() };
    for row in order {
        let wanted: Vec<f32> = row
            .iter()
            .map(|at| {
                let cell = &cells[*at];
                let neighbours = cell.above.iter().chain(&cell.below);
                let places: Vec<f32> = neighbours.map(|other| cells[*other].x).collect();
                if places.is_empty() { cell.x } else { places.iter().sum::<f32>() / places.len() as f32 }
            })
            .collect();
        spread(cells, row, &wanted);
    }
}

/// Cells that touch, and where their left ends want to be on average.
struct Block {
    n_cells: usize,
    sum: f32,
    width: f32,
}

impl Block {
    fn start(&self) -> f32 {
        self.sum / self.n_cells as f32
    }
}

/// Gives each cell the place it wants, or the nearest that its order leaves: blocks that collide share their mean.
fn spread(cells: &mut [Cell], row: &[usize], wanted: &[f32]) {
    let mut blocks: Vec<Block> = Vec::new();
    for (at, x) in row.iter().zip(wanted) {
        let width = cells[*at].width;
        let mut block = Block { n_cells: 1, sum: x - width / 2.0, width };
        while let Some(before) = blocks.pop_if(|before| before.start() + before.width > block.start()) {
            block = Block {
                n_cells: before.n_cells + block.n_cells,
                sum: before.sum + block.sum - before.width * block.n_cells as f32,
                width: before.width + block.width,
            };
        }
        blocks.push(block);
    }
    let mut rest = row.iter();
    for block in blocks {
        let mut x = block.start();
        for at in rest.by_ref().take(block.n_cells) {
            cells[*at].x = x + cells[*at].width / 2.0;
            x += cells[*at].width;
        }
    }
}

fn placed(
    boxes: &[Size],
    arrows: &[Arrow],
    cells: &[Cell],
    chains: &[Vec<usize>],
    rows: &[Vec<usize>],
    room: Room,
) -> Layout {
    let height = boxes.iter().map(|it| it.height).fold(0.0, f32::max);
    let top = |layer: usize| layer as f32 * (height + room.gap_y);
    let places = (boxes.iter().zip(cells))
        .map(|(size, cell)| Point { x: cell.x - size.width / 2.0, y: top(cell.layer) })
        .collect();
    let ports = ports(boxes, cells, chains);
    let route = |(n, chain): (usize, &Vec<usize>)| {
        let last = chain.len() - 1;
        let mut points = Vec::new();
        for (step, at) in chain.iter().enumerate() {
            let (upper, lower) = (top(cells[*at].layer), top(cells[*at].layer) + height);
            match step {
                0 => points.push(Point { x: ports[n].0, y: lower }),
                step if step == last => points.push(Point { x: ports[n].1, y: upper }),
                _ => points.extend([upper, lower].map(|y| Point { x: cells[*at].x, y })),
            }
        }
        if arrows[n].from > arrows[n].to {
            points.reverse();
        }
        points
    };
    Layout {
        places,
        routes: chains.iter().enumerate().map(route).collect(),
        size: Size {
            width: cells.iter().map(|it| it.x + it.width / 2.0).fold(0.0, f32::max),
            height: top(rows.len()) - room.gap_y,
        },
    }
}

/// Finds where each arrow meets its upper and its lower box: side by side, in the order of where it comes from.
fn ports(boxes: &[Size], cells: &[Cell], chains: &[Vec<usize>]) -> Vec<(f32, f32)> {
    let mut ports = vec![(0.0, 0.0); chains.len()];
    for (at, size) in boxes.iter().enumerate() {
        for is_upper in [true, false] {
            let next = |chain: &[usize]| match (is_upper, chain) {
                (true, [first, next, ..]) if *first == at => Some(*next),
                (false, [.., next, last]) if *last == at => Some(*next),
                _ => None,
            };
            let mut met: Vec<(f32, usize)> =
                chains.iter().enumerate().filter_map(|(n, it)| Some((cells[next(it)?].x, n))).collect();
            met.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let step = PORT.min((size.width - PORT) / met.len().max(1) as f32);
            for (place, (_, n)) in met.iter().enumerate() {
                let x = cells[at].x + (place as f32 - (met.len() - 1) as f32 / 2.0) * step;
                if is_upper { ports[*n].0 = x } else { ports[*n].1 = x }
            }
        }
    }
    ports
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room { max_width: 500.0, gap_x: 20.0, gap_y: 40.0 };

    fn boxes(n: usize) -> Vec<Size> {
        vec![Size { width: 100.0, height: 40.0 }; n]
    }

    fn arrow(from: usize, to: usize) -> Arrow {
        Arrow { from, to, weight: 1 }
    }

    #[test]
    fn a_box_stands_below_those_that_use_it() {
        let layout = layout(&boxes(3), &[arrow(0, 1), arrow(1, 2), arrow(0, 2)], ROOM);
        let tops: Vec<f32> = layout.places.iter().map(|place| place.y).collect();
        assert_eq!(tops, [0.0, 80.0, 160.0]);
        assert_eq!(layout.size.height, 200.0);
    }

    #[test]
    fn an_arrow_over_a_layer_passes_beside_its_boxes() {
        let layout = layout(&boxes(3), &[arrow(0, 1), arrow(1, 2), arrow(0, 2)], ROOM);
        let (middle, lane) = (layout.places[1].x, layout.routes[2][1].x);
        assert!(lane < middle || lane > middle + 100.0, "{lane} is within {middle}");
    }

    #[test]
    fn boxes_of_one_layer_do_not_touch_and_none_is_left_of_the_edge() {
        let layout = layout(&boxes(4), &[arrow(0, 1), arrow(0, 2), arrow(0, 3)], ROOM);
        let mut left: Vec<f32> = layout.places[1..].iter().map(|place| place.x).collect();
        left.sort_by(f32::total_cmp);
        assert!(left.windows(2).all(|pair| pair[1] - pair[0] >= 120.0), "{left:?}");
        assert!(left[0] >= 0.0 && left[2] + 100.0 <= layout.size.width);
    }

    #[test]
    fn a_layer_that_is_too_wide_goes_on_in_the_next() {
        let arrows: Vec<Arrow> = (1..7).map(|to| arrow(0, to)).collect();
        let layout = layout(&boxes(7), &arrows, ROOM);
        let n_at = |y: f32| layout.places.iter().filter(|place| place.y == y).count();
        assert_eq!([n_at(0.0), n_at(80.0), n_at(160.0)], [1, 4, 2]);
    }

    #[test]
    fn an_arrow_against_the_layers_ends_at_the_upper_box() {
        let layout = layout(&boxes(2), &[arrow(1, 0)], ROOM);
        let route = &layout.routes[0];
        assert!(route[0].y > route[1].y, "{route:?}");
    }

    #[test]
    fn arrows_that_need_not_cross_do_not() {
        let arrows = [arrow(0, 3), arrow(1, 2)];
        let layout = layout(&boxes(4), &arrows, ROOM);
        let x = |at: usize| layout.places[at].x;
        assert_eq!(x(0) < x(1), x(3) < x(2));
    }
}
