import type { Cell } from './layered';

const SWEEPS = 16;
/** A larger drawing is ordered by the sweeps alone. */
const MAX_SWAPPED = 120;

/** Orders the cells of each layer so that few edges cross: by the middle of their neighbours, then by swapping pairs. */
export function reduceCrossings(cells: readonly Cell[]): number[][] {
  const layers: number[][] = [];
  cells.forEach(({ layer }, cell) => (layers[layer] ??= []).push(cell));
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(cells, best);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const isDownward = sweep % 2 === 0;
    const order = isDownward ? layers.keys() : [...layers.keys()].reverse();
    for (const at of order) sortLayer(cells, layers, at, isDownward);
    swapNeighbours(cells, layers);
    const found = crossings(cells, layers);
    if (found >= fewest) continue;
    fewest = found;
    best = layers.map((layer) => [...layer]);
  }
  return best;
}

function sortLayer(cells: readonly Cell[], layers: number[][], at: number, isDownward: boolean): void {
  const beside = layers[isDownward ? at - 1 : at + 1];
  if (!beside) return;
  const place = new Map(beside.map((cell, n) => [cell, n]));
  const own = new Map(layers[at]!.map((cell, n) => [cell, (n / layers[at]!.length) * beside.length]));
  const middle = new Map(
    layers[at]!.map((cell) => {
      const neighbours = isDownward ? cells[cell]!.above : cells[cell]!.below;
      const total = neighbours.reduce((sum, { weight }) => sum + weight, 0);
      const sum = neighbours.reduce((sum, { cell: other, weight }) => sum + place.get(other)! * weight, 0);
      return [cell, total === 0 ? own.get(cell)! : sum / total];
    })
  );
  layers[at]!.sort((a, b) => middle.get(a)! - middle.get(b)! || own.get(a)! - own.get(b)!);
}

function swapNeighbours(cells: readonly Cell[], layers: number[][]): void {
  if (cells.length > MAX_SWAPPED) return;
  layers.forEach((layer, at) => {
    const above = new Map(layers[at - 1]?.map((cell, n) => [cell, n]));
    const below = new Map(layers[at + 1]?.map((cell, n) => [cell, n]));
    for (let n = 0; n + 1 < layer.length; n++) {
      const [left, right] = [layer[n]!, layer[n + 1]!];
      const now = pairCrossings(cells, left, right, above, below);
      if (now > pairCrossings(cells, right, left, above, below)) [layer[n], layer[n + 1]] = [right, left];
    }
  });
}

/** Counts crossings between the edges of two cells that lie side by side. */
function pairCrossings(
  cells: readonly Cell[],
  left: number,
  right: number,
  above: ReadonlyMap<number, number>,
  below: ReadonlyMap<number, number>
): number {
  const between = (a: Cell['above'], b: Cell['above'], place: ReadonlyMap<number, number>) =>
    a.reduce((sum, { cell }) => sum + b.filter(({ cell: other }) => place.get(other)! < place.get(cell)!).length, 0);
  return (
    between(cells[left]!.above, cells[right]!.above, above) + between(cells[left]!.below, cells[right]!.below, below)
  );
}

/** Counts pairs of edges that cross. */
export function crossings(cells: readonly Cell[], layers: readonly number[][]): number {
  let found = 0;
  for (let at = 0; at + 1 < layers.length; at++) {
    const place = new Map(layers[at + 1]!.map((cell, n) => [cell, n]));
    const ends = layers[at]!.flatMap((cell) =>
      cells[cell]!.below.map(({ cell: other }) => place.get(other)!).sort((a, b) => a - b)
    );
    for (let a = 0; a < ends.length; a++) for (let b = a + 1; b < ends.length; b++) if (ends[a]! > ends[b]!) found++;
  }
  return found;
}
