import type { GroupEdge } from '$lib/graph/aggregate';

/** A drawing in layers: where each box lies, and the points that each edge passes. */
export interface Layered {
  /** By node: middle of the box in columns from the left, and its layer from the top. */
  places: { x: number; layer: number }[];
  routes: Route[];
  columns: number;
  layers: number;
}

export interface Route {
  edge: GroupEdge;
  /** From the using to the used box; those between lie in the gaps of layers that the edge crosses. */
  points: { x: number; layer: number }[];
  /** It leads up, against the layers: a part of a cycle. */
  isBackward: boolean;
}

/** What has a place in a layer: a box, or a point of an edge that passes the layer. */
interface Cell {
  layer: number;
  x: number;
  width: number;
  above: { cell: number; weight: number }[];
  below: { cell: number; weight: number }[];
}

const SWEEPS = 12;
/** How wide a passing edge is, in boxes. */
const LANE = 0.22;

/**
 * Puts nodes in layers so that most weight leads down, orders each layer so that few edges cross, and straightens them.
 *
 * An edge over several layers takes a lane in each, so that it never passes behind a box.
 * The same input gives the same drawing: ties are broken by number.
 */
export function layered(count: number, edges: readonly GroupEdge[]): Layered {
  const position = sequence(count, edges);
  const isBackward = ({ from, to }: GroupEdge) => position[from]! > position[to]!;
  const layerOf = longestPaths(
    count,
    edges.filter((edge) => !isBackward(edge)),
    position
  );
  const cells: Cell[] = Array.from({ length: count }, (_, node) => ({
    layer: layerOf[node]!,
    x: 0,
    width: 1,
    above: [],
    below: []
  }));
  const chains = edges.map((edge) => chain(cells, edge));
  const layers: number[][] = [];
  cells.forEach(({ layer }, cell) => (layers[layer] ??= []).push(cell));
  layers.forEach((layer) => pack(cells, layer));
  for (let sweep = 0; sweep < SWEEPS; sweep++) arrange(cells, layers, sweep % 2 === 0, sweep < SWEEPS - 4);
  const left = Math.min(...cells.map(({ x, width }) => x - width / 2), 0);
  for (const cell of cells) cell.x -= left;
  const routes = chains.map((passed, n): Route => {
    const points = passed.map((cell) => ({ x: cells[cell]!.x, layer: cells[cell]!.layer }));
    return { edge: edges[n]!, points, isBackward: isBackward(edges[n]!) };
  });
  return {
    places: cells.slice(0, count).map(({ x, layer }) => ({ x, layer })),
    routes,
    columns: Math.max(1, ...cells.map(({ x, width }) => x + width / 2)),
    layers: layers.length
  };
}

/** Orders nodes one after the other: what only others lead to goes last, then by weight out less weight in. */
function sequence(count: number, edges: readonly GroupEdge[]): Int32Array {
  const left = new Set(Array.from({ length: count }, (_, node) => node));
  const [head, tail]: [number[], number[]] = [[], []];
  while (left.size > 0) {
    const out = new Float64Array(count);
    const into = new Float64Array(count);
    for (const { from, to, weight } of edges) {
      if (!left.has(from) || !left.has(to)) continue;
      out[from]! += weight;
      into[to]! += weight;
    }
    const nodes = [...left];
    const sink = nodes.find((node) => out[node] === 0);
    const source = nodes.find((node) => into[node] === 0);
    const chosen =
      sink ??
      source ??
      nodes.reduce((best, node) => (out[node]! - into[node]! > out[best]! - into[best]! ? node : best));
    left.delete(chosen);
    if (sink !== undefined) tail.unshift(chosen);
    else head.push(chosen);
  }
  const position = new Int32Array(count);
  [...head, ...tail].forEach((node, at) => (position[node] = at));
  return position;
}

function longestPaths(count: number, down: readonly GroupEdge[], position: Int32Array): Int32Array {
  const layer = new Int32Array(count);
  const nodes = Array.from({ length: count }, (_, node) => node).sort((a, b) => position[a]! - position[b]!);
  for (const node of nodes) {
    for (const { from, to } of down) if (from === node) layer[to] = Math.max(layer[to]!, layer[node]! + 1);
  }
  return layer;
}

/** Gives the cells that an edge passes, a new one for each layer between its ends. */
function chain(cells: Cell[], { from, to, weight }: GroupEdge): number[] {
  const [upper, lower] = cells[from]!.layer <= cells[to]!.layer ? [from, to] : [to, from];
  const passed = [upper];
  for (let layer = cells[upper]!.layer + 1; layer < cells[lower]!.layer; layer++) {
    passed.push(cells.push({ layer, x: 0, width: LANE, above: [], below: [] }) - 1);
  }
  passed.push(lower);
  const strength = 1 + Math.log1p(weight);
  for (let n = 1; n < passed.length; n++) {
    if (cells[passed[n]!]!.layer === cells[passed[n - 1]!]!.layer) continue;
    cells[passed[n]!]!.above.push({ cell: passed[n - 1]!, weight: strength });
    cells[passed[n - 1]!]!.below.push({ cell: passed[n]!, weight: strength });
  }
  return upper === from ? passed : passed.reverse();
}

/** Lays the cells of a layer side by side, around the middle. */
function pack(cells: Cell[], layer: number[]): void {
  const total = layer.reduce((sum, cell) => sum + cells[cell]!.width, 0);
  let at = -total / 2;
  for (const cell of layer) {
    cells[cell]!.x = at + cells[cell]!.width / 2;
    at += cells[cell]!.width;
  }
}

/** Moves cells towards the middle of their neighbours on one side; while `reorders`, also past each other. */
function arrange(cells: Cell[], layers: number[][], isDownward: boolean, reorders: boolean): void {
  for (const layer of isDownward ? layers : [...layers].reverse()) {
    const wanted = new Map(layer.map((cell) => [cell, centre(cells, cell, isDownward, reorders)]));
    if (reorders) layer.sort((a, b) => wanted.get(a)! - wanted.get(b)! || a - b);
    spread(cells, layer, wanted);
  }
}

function centre(cells: Cell[], cell: number, isDownward: boolean, oneSided: boolean): number {
  const { above, below, x } = cells[cell]!;
  const neighbours = oneSided ? (isDownward ? above : below) : [...above, ...below];
  const total = neighbours.reduce((sum, { weight }) => sum + weight, 0);
  return total === 0
    ? x
    : neighbours.reduce((sum, { cell: other, weight }) => sum + cells[other]!.x * weight, 0) / total;
}

/** Gives each cell the place it wants, or the nearest that its order leaves: blocks that collide share their mean. */
function spread(cells: Cell[], layer: readonly number[], wanted: ReadonlyMap<number, number>): void {
  const blocks: { cells: number[]; offset: number; sum: number; width: number }[] = [];
  for (const cell of layer) {
    const { width } = cells[cell]!;
    let block = { cells: [cell], offset: 0, sum: wanted.get(cell)! - width / 2, width };
    for (let before = blocks.at(-1); before && start(before) + before.width > start(block); before = blocks.at(-1)) {
      blocks.pop();
      block = {
        cells: [...before.cells, ...block.cells],
        offset: 0,
        sum: before.sum + block.sum - before.width * block.cells.length,
        width: before.width + block.width
      };
    }
    blocks.push(block);
  }
  for (const block of blocks) {
    let at = start(block);
    for (const cell of block.cells) {
      cells[cell]!.x = at + cells[cell]!.width / 2;
      at += cells[cell]!.width;
    }
  }
}

function start(block: { cells: number[]; sum: number }): number {
  return block.sum / block.cells.length;
}
