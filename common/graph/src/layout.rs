//! A place on the map for every cluster and symbol.

use std::collections::BTreeMap;
use std::f64::consts::{PI, TAU};

use model::assembly::{ClusterPosition, Layout, SymbolPosition};

use crate::clusters::Grouping;
use crate::metrics::{Metrics, is_reference};
use crate::repository::Repository;
use crate::round::to_6_decimals;

/// Room between two disks, as a share of their radii.
const SPACING: f64 = 1.08;
/// Margin around the map.
const MARGIN: f64 = 0.02;
/// Pairs of clusters looked at while the disks settle: about half a second of one core.
const MAX_PAIR_STEPS: usize = 60_000_000;
/// Rounds that settle the disks; more moved nothing that a reader would see.
const ROUNDS: std::ops::RangeInclusive<usize> = 20..=300;
/// How far tied disks move towards each other in a round, and all towards the middle.
const PULL: f64 = 0.15;
const GRAVITY: f64 = 0.02;
/// The part of a disk's radius that symbols keep to.
const FILLED: f64 = 0.9;
/// The angle of sunflower seeds: no two points of the spiral line up.
const GOLDEN_ANGLE: f64 = PI * (3.0 - 2.236_067_977_499_79);

/// Places clusters as disks that do not overlap, tied ones near, and symbols within their disk.
pub(crate) fn layout(repository: &Repository<'_>, metrics: &Metrics, grouping: &Grouping) -> Layout {
    let disks = settle(grouping, &cluster_ties(repository, grouping));
    let mut symbols: Vec<SymbolPosition> = Vec::with_capacity(repository.len());
    for (nodes, disk) in grouping.members.iter().zip(&disks) {
        symbols.extend(symbol_positions(repository, metrics, nodes, disk));
    }
    symbols.sort_by_key(|position| position.id);
    let clusters = grouping.cluster_ids.iter().zip(&disks).map(|(&cluster_id, disk)| ClusterPosition {
        cluster_id,
        x: to_6_decimals(disk.x),
        y: to_6_decimals(disk.y),
        radius: to_6_decimals(disk.radius),
    });
    Layout { clusters: clusters.collect(), symbols }
}

#[derive(Clone, Copy)]
struct Disk {
    x: f64,
    y: f64,
    radius: f64,
}

/// References between groups, from 0 for none to 1 for two that refer to nothing else.
fn cluster_ties(repository: &Repository<'_>, grouping: &Grouping) -> Vec<(usize, usize, f64)> {
    let mut counts: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    let mut totals = vec![0.0_f64; grouping.members.len()];
    for link in repository.links.iter().filter(|link| is_reference(link.kind)) {
        let (a, b) = (grouping.group_of[link.source as usize], grouping.group_of[link.target as usize]);
        if a != b {
            *counts.entry((a.min(b), a.max(b))).or_default() += 1.0;
            totals[a as usize] += 1.0;
            totals[b as usize] += 1.0;
        }
    }
    let tie = |((a, b), count): ((u32, u32), f64)| {
        let (a, b) = (a as usize, b as usize);
        (a, b, count / (totals[a] * totals[b]).sqrt())
    };
    counts.into_iter().map(tie).collect()
}

/// Lets disks of the groups' sizes find their places, then fits them into the unit square.
fn settle(grouping: &Grouping, ties: &[(usize, usize, f64)]) -> Vec<Disk> {
    let total: usize = grouping.members.iter().map(Vec::len).sum();
    let mut disks: Vec<Disk> = grouping
        .members
        .iter()
        .enumerate()
        .map(|(rank, nodes)| {
            let distance = ((rank as f64 + 0.5) / grouping.members.len() as f64 * total as f64).sqrt();
            let angle = rank as f64 * GOLDEN_ANGLE;
            Disk { x: distance * angle.cos(), y: distance * angle.sin(), radius: (nodes.len() as f64).sqrt() }
        })
        .collect();
    let n_pairs = disks.len() * disks.len() / 2 + 1;
    let n_rounds = (MAX_PAIR_STEPS / n_pairs).clamp(*ROUNDS.start(), *ROUNDS.end());
    for round in 0..n_rounds {
        // The last third only makes room.
        if round * 3 < n_rounds * 2 {
            pull_together(&mut disks, ties);
        }
        push_apart(&mut disks);
    }
    spread_until_clear(&mut disks);
    fit(&mut disks);
    disks
}

fn pull_together(disks: &mut [Disk], ties: &[(usize, usize, f64)]) {
    for &(a, b, tie) in ties {
        let (dx, dy) = (disks[b].x - disks[a].x, disks[b].y - disks[a].y);
        let distance = dx.hypot(dy);
        let gap = distance - SPACING * (disks[a].radius + disks[b].radius);
        if gap <= 0.0 {
            continue;
        }
        let step = PULL * tie * gap / distance;
        // The lighter of the two goes the longer way.
        let (mass_a, mass_b) = (disks[a].radius * disks[a].radius, disks[b].radius * disks[b].radius);
        let share = mass_b / (mass_a + mass_b);
        disks[a].x += dx * step * share;
        disks[a].y += dy * step * share;
        disks[b].x -= dx * step * (1.0 - share);
        disks[b].y -= dy * step * (1.0 - share);
    }
    for disk in disks {
        disk.x *= 1.0 - GRAVITY;
        disk.y *= 1.0 - GRAVITY;
    }
}

fn push_apart(disks: &mut [Disk]) {
    for a in 0..disks.len() {
        for b in a + 1..disks.len() {
            let (mut dx, mut dy) = (disks[b].x - disks[a].x, disks[b].y - disks[a].y);
            let wanted = SPACING * (disks[a].radius + disks[b].radius);
            if dx * dx + dy * dy >= wanted * wanted {
                continue;
            }
            let mut distance = dx.hypot(dy);
            if distance < 1e-6 {
                // Two in one place part in a direction of their own.
                let angle = (a + b) as f64 * GOLDEN_ANGLE;
                (dx, dy, distance) = (angle.cos(), angle.sin(), 1.0);
            }
            let step = 0.5 * (wanted - distance).max(0.0) / distance;
            disks[a].x -= dx * step;
            disks[a].y -= dy * step;
            disks[b].x += dx * step;
            disks[b].y += dy * step;
        }
    }
}

/// Scales the distances, not the disks, until no two overlap: whatever the rounds left, this ends it.
fn spread_until_clear(disks: &mut [Disk]) {
    let mut scale = 1.0_f64;
    for a in 0..disks.len() {
        for b in a + 1..disks.len() {
            let distance = (disks[b].x - disks[a].x).hypot(disks[b].y - disks[a].y).max(1e-9);
            scale = scale.max(1.02 * (disks[a].radius + disks[b].radius) / distance);
        }
    }
    disks.iter_mut().for_each(|disk| {
        disk.x *= scale;
        disk.y *= scale;
    });
}

fn fit(disks: &mut [Disk]) {
    let low =
        |of: fn(&Disk) -> f64| disks.iter().map(|disk| of(disk) - disk.radius).fold(f64::INFINITY, f64::min);
    let high = |of: fn(&Disk) -> f64| {
        disks.iter().map(|disk| of(disk) + disk.radius).fold(f64::NEG_INFINITY, f64::max)
    };
    let (left, right, bottom, top) = (low(|it| it.x), high(|it| it.x), low(|it| it.y), high(|it| it.y));
    let scale = (1.0 - 2.0 * MARGIN) / (right - left).max(top - bottom).max(1e-9);
    for disk in disks {
        disk.x = 0.5 + (disk.x - (left + right) / 2.0) * scale;
        disk.y = 0.5 + (disk.y - (bottom + top) / 2.0) * scale;
        disk.radius *= scale;
    }
}

/// Central symbols in the middle, and each file a sector around it.
fn symbol_positions(
    repository: &Repository<'_>,
    metrics: &Metrics,
    nodes: &[u32],
    disk: &Disk,
) -> Vec<SymbolPosition> {
    let direction = file_directions(repository, nodes);
    let mut order = nodes.to_vec();
    let centrality = |node: u32| metrics.centrality[node as usize];
    order.sort_by(|&a, &b| centrality(b).total_cmp(&centrality(a)).then(a.cmp(&b)));
    let mut positions = Vec::with_capacity(nodes.len());
    let (mut ring, mut placed) = (0_usize, 0_usize);
    while placed < order.len() {
        // Rings 0, 1, 2 hold 1, 6, 12 seats: as dense as a honeycomb.
        let n_seats = (6 * ring).max(1).min(order.len() - placed);
        let mut seated = order[placed..placed + n_seats].to_vec();
        seated.sort_by(|a, b| direction[a].total_cmp(&direction[b]).then(a.cmp(b)));
        let n_rings = rings_for(order.len());
        let distance =
            if n_rings == 1 { 0.0 } else { FILLED * disk.radius * ring as f64 / (n_rings - 1) as f64 };
        for (seat, &node) in seated.iter().enumerate() {
            let angle = TAU * (seat as f64 + 0.5 * (ring % 2) as f64) / n_seats as f64;
            positions.push(SymbolPosition {
                id: repository.id(node),
                x: to_6_decimals(disk.x + distance * angle.cos()),
                y: to_6_decimals(disk.y + distance * angle.sin()),
            });
        }
        placed += n_seats;
        ring += 1;
    }
    positions
}

/// Rings that `n_symbols` fill: the smallest `r` with `1 + 3 r (r - 1) >= n`.
fn rings_for(n_symbols: usize) -> usize {
    let mut n_rings = 1;
    while 1 + 3 * n_rings * (n_rings - 1) < n_symbols {
        n_rings += 1;
    }
    n_rings
}

/// A direction per symbol: files take sectors as large as they are, in path order.
fn file_directions(repository: &Repository<'_>, nodes: &[u32]) -> BTreeMap<u32, f64> {
    let mut by_place = nodes.to_vec();
    by_place.sort_by_key(|&node| (repository.node(node).file, repository.symbol(node).byte_range, node));
    let n_nodes = by_place.len().max(1) as f64;
    by_place.into_iter().enumerate().map(|(place, node)| (node, TAU * place as f64 / n_nodes)).collect()
}
