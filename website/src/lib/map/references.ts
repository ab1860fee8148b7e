import type { EdgeTable, SymbolTable } from '$lib/docpack/source';
import { dependenciesOf } from '$lib/map/aggregate';
import { Few } from './few';
import type { Level, Part } from './parts';

/** One symbol that uses another. */
export interface Reference {
  source: number;
  target: number;
}

/** What a part has to do with another one of the same level. */
export interface Join {
  part: Part;
  count: number;
  strongest: Reference[];
}

const MAX_JOINS = 12;
const MAX_REFERENCES = 3;

/** Gives what a part uses and what uses it, with the references that show it best. */
export function joinsOf(
  level: Level,
  table: SymbolTable,
  edges: EdgeTable,
  part: Part
): { uses: Join[]; usedBy: Join[] } {
  const { leafOf } = level;
  const others = partsBeside(level.root, part);
  const otherOf = new Int32Array(level.root.end).fill(-1);
  others.forEach(({ first, end }, n) => otherOf.fill(n, first, end));
  const isOwn = (leaf: number) => leaf >= part.first && leaf < part.end;
  const { source, target } = dependenciesOf(edges);
  const weight = (edge: number) => table.centrality[target[edge]!]! + table.centrality[source[edge]!]! / 2;
  // The uses of the most central symbols are told, each target once.
  const isBefore = (a: number, b: number) =>
    (weight(b) - weight(a) || target[a]! - target[b]! || source[a]! - source[b]!) < 0;
  const gathered = () =>
    others.map(() => ({ count: 0, strongest: new Few(MAX_REFERENCES, isBefore, (edge) => target[edge]) }));
  const [out, into] = [gathered(), gathered()];
  for (let edge = 0; edge < source.length; edge++) {
    const from = leafOf[source[edge]!]!;
    const to = leafOf[target[edge]!]!;
    if (from < 0 || to < 0) continue;
    const list = isOwn(from) ? out[otherOf[to]!] : isOwn(to) ? into[otherOf[from]!] : undefined;
    if (!list) continue;
    list.count++;
    list.strongest.add(edge);
  }
  const listed = (lists: typeof out): Join[] =>
    lists
      .map(({ count, strongest }, n) => ({
        part: others[n]!,
        count,
        strongest: strongest.kept.map((edge) => ({ source: source[edge]!, target: target[edge]! }))
      }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count || a.part.first - b.part.first)
      .slice(0, MAX_JOINS);
  return { uses: listed(out), usedBy: listed(into) };
}

/** Gives the parts that are drawn beside a part and beside those that hold it. */
export function partsBeside(root: Part, part: Part): Part[] {
  const out: Part[] = [];
  let at: Part | undefined = root;
  while (at && at !== part) {
    const next: Part | undefined = at.parts.find(({ first, end }) => first <= part.first && part.end <= end);
    out.push(...at.parts.filter((other) => other !== next));
    at = next;
  }
  return out;
}
