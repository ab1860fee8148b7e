import type { GroupEdge } from '$lib/graph/aggregate';

/** Where a box lies: its layer from the top, and its place in the layer. */
export interface Placed {
  layer: number;
  order: number;
}

export interface Layered {
  places: Placed[];
  layers: number[][];
  /** Edges that lead up, against the layers: parts of a cycle. */
  isBackward: (edge: GroupEdge) => boolean;
}

const SWEEPS = 8;

/**
 * Puts nodes in layers so that most weight leads down, and orders each layer so that few edges cross.
 *
 * The same input gives the same drawing: ties are broken by number.
 */
export function layered(count: number, edges: readonly GroupEdge[]): Layered {
  const position = sequence(count, edges);
  const down = edges.filter(({ from, to }) => position[from]! < position[to]!);
  const layerOf = longestPaths(count, down, position);
  const layers: number[][] = [];
  for (let node = 0; node < count; node++) (layers[layerOf[node]!] ??= []).push(node);
  const places = layers.flatMap((nodes, layer) => nodes.map((node, order) => ({ node, layer, order })));
  const order = new Float64Array(count);
  for (const { node, order: at } of places) order[node] = at;
  for (let sweep = 0; sweep < SWEEPS; sweep++) reorder(layers, order, edges, layerOf, sweep % 2 === 0);
  const out = Array.from({ length: count }, (_, node) => ({ layer: layerOf[node]!, order: order[node]! }));
  return { places: out, layers, isBackward: ({ from, to }) => position[from]! > position[to]! };
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
    const chosen = sink ?? source ?? nodes.reduce((best, node) => (out[node]! - into[node]! > out[best]! - into[best]! ? node : best));
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

/** Sorts each layer by the mean place of its neighbours above, or below. */
function reorder(layers: number[][], order: Float64Array, edges: readonly GroupEdge[], layerOf: Int32Array, isDownward: boolean): void {
  const sequence = isDownward ? layers : [...layers].reverse();
  for (const nodes of sequence) {
    const centre = new Map(nodes.map((node) => [node, barycentre(node, order, edges, layerOf, isDownward)]));
    nodes.sort((a, b) => centre.get(a)! - centre.get(b)! || a - b);
    nodes.forEach((node, at) => (order[node] = at));
  }
}

function barycentre(node: number, order: Float64Array, edges: readonly GroupEdge[], layerOf: Int32Array, isDownward: boolean): number {
  let [sum, weights] = [0, 0];
  for (const { from, to, weight } of edges) {
    const other = from === node ? to : to === node ? from : -1;
    if (other < 0 || (isDownward ? layerOf[other]! >= layerOf[node]! : layerOf[other]! <= layerOf[node]!)) continue;
    const strength = Math.log1p(weight);
    sum += order[other]! * strength;
    weights += strength;
  }
  return weights === 0 ? order[node]! : sum / weights;
}
