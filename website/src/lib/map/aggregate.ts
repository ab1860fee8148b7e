import { WORDS } from '$lib/docpack/records';
import type { EdgeTable } from '$lib/docpack/source';

/** By code, the kinds that say how code depends on code; `contains`, `related` and kinds of later versions do not. */
export const DEPENDENCY = WORDS.EdgeKind.map(
  (kind) => kind !== 'contains' && kind !== 'related' && kind !== 'co_changed'
);

/** The edges by which parts depend on each other. */
export interface Dependencies {
  source: Uint32Array;
  target: Uint32Array;
}

const KNOWN = new WeakMap<EdgeTable, Dependencies>();

/**
 * Gives the dependencies among edges; they are gathered once, because every level of the map passes over them.
 *
 * An edge found by following values is none: the caller names nothing of what it reaches.
 */
export function dependenciesOf(edges: EdgeTable): Dependencies {
  let found = KNOWN.get(edges);
  if (!found) KNOWN.set(edges, (found = gathered(edges)));
  return found;
}

function gathered({ source, target, kind, isFollowed }: EdgeTable): Dependencies {
  const found = { source: new Uint32Array(source.length), target: new Uint32Array(source.length) };
  let n = 0;
  for (let edge = 0; edge < source.length; edge++) {
    if (!DEPENDENCY[kind[edge]!] || isFollowed[edge]) continue;
    found.source[n] = source[edge]!;
    found.target[n++] = target[edge]!;
  }
  return { source: found.source.subarray(0, n), target: found.target.subarray(0, n) };
}

export interface GroupEdge {
  from: number;
  to: number;
  weight: number;
}

/** Counts dependencies between groups of symbols, heaviest first; a group below 0 is none. */
export function aggregate(edges: EdgeTable, groupOf: ArrayLike<number>, groups: number): GroupEdge[] {
  const { source, target } = dependenciesOf(edges);
  const weights = new Map<number, number>();
  for (let edge = 0; edge < source.length; edge++) {
    const from = groupOf[source[edge]!]!;
    const to = groupOf[target[edge]!]!;
    if (from < 0 || to < 0 || from === to) continue;
    const key = from * groups + to;
    weights.set(key, (weights.get(key) ?? 0) + 1);
  }
  const out = Array.from(weights, ([key, weight]) => ({ from: Math.floor(key / groups), to: key % groups, weight }));
  return out.sort((a, b) => b.weight - a.weight || a.from - b.from || a.to - b.to);
}
