import { crossings, reduceCrossings } from './crossings';

/** A drawing in layers: what uses lies above what it uses. */
export interface Layered {
  /** By box: its upper left corner and its layer from the top. */
  places: { x: number; y: number; layer: number }[];
  routes: Route[];
  width: number;
  height: number;
  crossings: number;
}

export interface Route {
  from: number;
  to: number;
  weight: number;
  /** The line from the using to the used box, as an SVG path. */
  path: string;
  /** Where a label has room: on the line, near its upper end. */
  label: { x: number; y: number };
  /** It leads up, against the layers: a part of a cycle. */
  isBackward: boolean;
}

export interface Box {
  width: number;
  height: number;
}

export interface Edge {
  from: number;
  to: number;
  weight: number;
}

/** What has a place in a layer: a box, or a point where an edge passes the layer. */
export interface Cell {
  layer: number;
  x: number;
  width: number;
  above: { cell: number; weight: number }[];
  below: { cell: number; weight: number }[];
}

interface Options {
  /** A layer that would be wider goes on in the next. */
  maxWidth: number;
  gapX?: number;
  gapY?: number;
}

const SWEEPS = 8;
/** How wide a passing edge is. */
const LANE = 14;
/** Lines that meet a box are at least so far apart, where it is wide enough. */
const PORT = 14;

/**
 * Puts boxes in layers so that most weight leads down, orders each layer so that few edges cross, and straightens them.
 *
 * An edge over several layers takes a lane in each, so that it never passes behind a box.
 * The same input gives the same drawing: ties are broken by number.
 */
export function layered(
  boxes: readonly Box[],
  edges: readonly Edge[],
  { maxWidth, gapX = 24, gapY = 44 }: Options
): Layered {
  const kept = edges.filter(({ from, to }) => from !== to);
  const position = sequence(boxes.length, kept);
  const down = kept.map(({ from, to }) => (position[from]! < position[to]! ? { from, to } : { from: to, to: from }));
  const layerOf = layersOf(boxes, down, position, maxWidth - gapX, gapX);
  const cells: Cell[] = boxes.map(({ width }, box) => ({
    layer: layerOf[box]!,
    x: 0,
    width: width + gapX,
    above: [],
    below: []
  }));
  const chains = down.map((ends, n) => chain(cells, ends, kept[n]!.weight));
  const layers = reduceCrossings(cells);
  for (const layer of layers) pack(cells, layer);
  for (let sweep = 0; sweep < SWEEPS; sweep++) straighten(cells, layers, sweep % 2 === 0);
  const left = Math.min(0, ...cells.map(({ x, width }) => x - width / 2));
  for (const cell of cells) cell.x -= left;

  const rows = rowsOf(boxes, cells, layers, gapY);
  const places = boxes.map(({ width, height }, box) => {
    const { layer, x } = cells[box]!;
    return { x: x - width / 2, y: rows[layer]!.top + (rows[layer]!.height - height) / 2, layer };
  });
  const ends = portsOf(boxes, cells, chains);
  const labels: Point[] = [];
  const routes = chains.map((passed, n): Route => {
    const edge = kept[n]!;
    const isBackward = position[edge.from]! > position[edge.to]!;
    const points = pointsOf(boxes, cells, places, rows, passed, ends[n]!);
    const label = roomFor(labels, points[0]!, points[1]!);
    labels.push(label);
    return { ...edge, path: smooth(isBackward ? points.toReversed() : points), label, isBackward };
  });
  return {
    places,
    routes,
    width: Math.max(0, ...cells.map(({ x, width }) => x + width / 2)),
    height: rows.reduce((bottom, { top, height }) => Math.max(bottom, top + height), 0),
    crossings: crossings(cells, layers)
  };
}

/** Orders boxes one after the other: what only others lead to goes last, then by weight out less weight in. */
function sequence(count: number, edges: readonly Edge[]): Int32Array {
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

type Ends = Pick<Edge, 'from' | 'to'>;

/** Puts each box below all that lead to it, in the first layer with room, then as near to what it leads to as it can. */
function layersOf(
  boxes: readonly Box[],
  down: readonly Ends[],
  position: Int32Array,
  maxWidth: number,
  gapX: number
): Int32Array {
  const layer = new Int32Array(boxes.length);
  const widths: number[] = [];
  const width = (box: number) => boxes[box]!.width + gapX;
  const isJoined = new Set(down.flatMap(({ from, to }) => [from, to]));
  // Boxes without an edge stand below the others.
  const rank = (box: number) => (isJoined.has(box) ? 0 : boxes.length) + position[box]!;
  const order = boxes.map((_, box) => box).sort((a, b) => rank(a) - rank(b));
  let nJoined = 0;
  for (const box of order) {
    let at = isJoined.has(box) ? 0 : nJoined;
    for (const { from, to } of down) if (to === box) at = Math.max(at, layer[from]! + 1);
    while ((widths[at] ?? 0) > 0 && widths[at]! + width(box) > maxWidth) at++;
    layer[box] = at;
    widths[at] = (widths[at] ?? 0) + width(box);
    if (isJoined.has(box)) nJoined = Math.max(nJoined, at + 1);
  }
  for (const box of order.toReversed()) {
    if (down.some(({ to }) => to === box)) continue;
    const used = down.filter(({ from }) => from === box).map(({ to }) => layer[to]! - 1);
    for (let at = Math.min(...used); used.length > 0 && at > layer[box]!; at--) {
      if (widths[at]! + width(box) > maxWidth) continue;
      widths[layer[box]!]! -= width(box);
      widths[at]! += width(box);
      layer[box] = at;
    }
  }
  // A layer may have become empty.
  const filled = [...new Set(layer)].sort((a, b) => a - b);
  return layer.map((at) => filled.indexOf(at));
}

/** Gives the cells that an edge passes, a new one for each layer between its ends. */
function chain(cells: Cell[], { from, to }: Ends, weight: number): number[] {
  const passed = [from];
  for (let layer = cells[from]!.layer + 1; layer < cells[to]!.layer; layer++) {
    passed.push(cells.push({ layer, x: 0, width: LANE, above: [], below: [] }) - 1);
  }
  passed.push(to);
  const strength = 1 + Math.log1p(weight);
  for (let n = 1; n < passed.length; n++) {
    cells[passed[n]!]!.above.push({ cell: passed[n - 1]!, weight: strength });
    cells[passed[n - 1]!]!.below.push({ cell: passed[n]!, weight: strength });
  }
  return passed;
}

/** Lays the cells of a layer side by side, around the middle. */
function pack(cells: Cell[], layer: readonly number[]): void {
  let at = -layer.reduce((sum, cell) => sum + cells[cell]!.width, 0) / 2;
  for (const cell of layer) {
    cells[cell]!.x = at + cells[cell]!.width / 2;
    at += cells[cell]!.width;
  }
}

/** Moves cells towards the middle of their neighbours, without changing their order. */
function straighten(cells: Cell[], layers: readonly number[][], isDownward: boolean): void {
  for (const layer of isDownward ? layers : layers.toReversed()) {
    const wanted = new Map(
      layer.map((cell) => {
        const { above, below, x, width } = cells[cell]!;
        const neighbours = [...above, ...below];
        // The two ends of a lane pull harder: a straight lane is easier to follow than a straight short edge.
        const pull = (other: number, weight: number) =>
          weight * (width === LANE && cells[other]!.width === LANE ? 4 : 1);
        const total = neighbours.reduce((sum, { cell: other, weight }) => sum + pull(other, weight), 0);
        const sum = neighbours.reduce((sum, { cell: other, weight }) => sum + cells[other]!.x * pull(other, weight), 0);
        return [cell, total === 0 ? x : sum / total];
      })
    );
    spread(cells, layer, wanted);
  }
}

/** Gives each cell the place it wants, or the nearest that its order leaves: blocks that collide share their mean. */
function spread(cells: Cell[], layer: readonly number[], wanted: ReadonlyMap<number, number>): void {
  const start = (block: { cells: number[]; sum: number }) => block.sum / block.cells.length;
  const blocks: { cells: number[]; sum: number; width: number }[] = [];
  for (const cell of layer) {
    const { width } = cells[cell]!;
    let block = { cells: [cell], sum: wanted.get(cell)! - width / 2, width };
    for (let before = blocks.at(-1); before && start(before) + before.width > start(block); before = blocks.at(-1)) {
      blocks.pop();
      block = {
        cells: [...before.cells, ...block.cells],
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

interface Row {
  top: number;
  height: number;
}

/** Gives more room between layers that many edges join. */
function rowsOf(boxes: readonly Box[], cells: readonly Cell[], layers: readonly number[][], gapY: number): Row[] {
  let top = 0;
  return layers.map((layer) => {
    const height = Math.max(0, ...layer.filter((cell) => cell < boxes.length).map((box) => boxes[box]!.height));
    const row = { top, height };
    const nBelow = layer.reduce((sum, cell) => sum + cells[cell]!.below.length, 0);
    top += height + (nBelow === 0 ? gapY / 2 : gapY + Math.min(40, nBelow * 2));
    return row;
  });
}

/** Gives the places along a box's edge where lines meet it, in the order of where they come from. */
function portsOf(boxes: readonly Box[], cells: readonly Cell[], chains: readonly number[][]): [number, number][] {
  const ports: [number, number][] = chains.map(() => [0, 0]);
  const sides = new Map<string, { chain: number; end: 0 | 1; other: number }[]>();
  chains.forEach((passed, chain) => {
    const put = (box: number, end: 0 | 1, next: number) => {
      const key = `${box} ${end}`;
      sides.set(key, [...(sides.get(key) ?? []), { chain, end, other: cells[next]!.x }]);
    };
    put(passed[0]!, 0, passed[1]!);
    put(passed.at(-1)!, 1, passed.at(-2)!);
  });
  for (const [key, lines] of sides) {
    const box = Number(key.split(' ')[0]);
    const step = Math.min(PORT, (boxes[box]!.width - 16) / lines.length);
    lines.sort((a, b) => a.other - b.other || a.chain - b.chain);
    lines.forEach(({ chain, end }, n) => {
      ports[chain]![end] = cells[box]!.x + (n - (lines.length - 1) / 2) * step;
    });
  }
  return ports;
}

interface Point {
  x: number;
  y: number;
}

/** Gives the points of a line from box to box, straight down its lane through each layer between. */
function pointsOf(
  boxes: readonly Box[],
  cells: readonly Cell[],
  places: Layered['places'],
  rows: readonly Row[],
  passed: readonly number[],
  [leaveX, enterX]: readonly [number, number]
): Point[] {
  const [first, last] = [passed[0]!, passed.at(-1)!];
  return passed.flatMap((cell, n) => {
    if (n === 0) return [{ x: leaveX, y: places[first]!.y + boxes[first]!.height }];
    if (n === passed.length - 1) return [{ x: enterX, y: places[last]!.y }];
    const { x, layer } = cells[cell]!;
    return [
      { x, y: rows[layer]!.top },
      { x, y: rows[layer]!.top + rows[layer]!.height }
    ];
  });
}

function smooth(points: readonly Point[]): string {
  let path = `M${fixed(points[0]!.x)},${fixed(points[0]!.y)}`;
  points.slice(1).forEach(({ x, y }, n) => {
    const before = points[n]!;
    const half = fixed((before.y + y) / 2);
    path +=
      before.x === x
        ? ` L${fixed(x)},${fixed(y)}`
        : ` C${fixed(before.x)},${half} ${fixed(x)},${half} ${fixed(x)},${fixed(y)}`;
  });
  return path;
}

/** Room that a number takes on a line. */
const LABEL = { width: 28, height: 13 };

/** Finds the place on the first part of a line where a label covers no other; the middle where there is none. */
function roomFor(taken: readonly Point[], a: Point, b: Point): Point {
  const at = (t: number) => {
    const half = (a.y + b.y) / 2;
    const y = a.y * (1 - t) ** 3 + 3 * half * t * (1 - t) + b.y * t ** 3;
    return { x: a.x + (b.x - a.x) * (3 * t ** 2 - 2 * t ** 3), y };
  };
  const isFree = ({ x, y }: Point) =>
    taken.every((other) => Math.abs(other.x - x) > LABEL.width || Math.abs(other.y - y) > LABEL.height);
  return [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78].map(at).find(isFree) ?? at(0.5);
}

const fixed = (value: number) => Math.round(value * 10) / 10;
