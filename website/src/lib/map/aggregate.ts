import { WORDS } from '$lib/docpack/records';
import type { EdgeTable } from '$lib/docpack/source';

/** By code, the kinds that say how code depends on code; `contains`, `related` and kinds of later versions do not. */
export const DEPENDENCY = WORDS.EdgeKind.map(
  (kind) => kind !== 'contains' && kind !== 'related' && kind !== 'co_changed'
);

export interface GroupEdge {
  from: number;
  to: number;
  weight: number;
}

/** Counts dependencies between groups of symbols, heaviest first; a group below 0 is none.
 *
 * An edge found by following values is none: the caller names nothing of what it reaches. */
export function aggregate(edges: EdgeTable, groupOf: ArrayLike<number>, groups: number): GroupEdge[] {
  const weights = new Map<number, number>();
  for (let edge = 0; edge < edges.source.length; edge++) {
    if (!DEPENDENCY[edges.kind[edge]!] || edges.isFollowed[edge]) continue;
    const from = groupOf[edges.source[edge]!]!;
    const to = groupOf[edges.target[edge]!]!;
    if (from < 0 || to < 0 || from === to) continue;
    const key = from * groups + to;
    weights.set(key, (weights.get(key) ?? 0) + 1);
  }
  const out = Array.from(weights, ([key, weight]) => ({ from: Math.floor(key / groups), to: key % groups, weight }));
  return out.sort((a, b) => b.weight - a.weight || a.from - b.from || a.to - b.to);
}
