import type { EdgeTable, SymbolTable } from '$lib/docpack/source';
import { DEPENDENCY } from '$lib/map/aggregate';
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
  const out = others.map((): Reference[] => []);
  const into = others.map((): Reference[] => []);
  for (let edge = 0; edge < edges.source.length; edge++) {
    if (!DEPENDENCY[edges.kind[edge]!] || edges.isFollowed[edge]) continue;
    const [source, target] = [edges.source[edge]!, edges.target[edge]!];
    const [from, to] = [leafOf[source]!, leafOf[target]!];
    if (from < 0 || to < 0) continue;
    if (isOwn(from) && otherOf[to]! >= 0) out[otherOf[to]!]!.push({ source, target });
    else if (isOwn(to) && otherOf[from]! >= 0) into[otherOf[from]!]!.push({ source, target });
  }
  return { uses: listed(out, others, table), usedBy: listed(into, others, table) };
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

function listed(references: readonly Reference[][], parts: readonly Part[], table: SymbolTable): Join[] {
  return references
    .map((list, n) => ({ part: parts[n]!, count: list.length, strongest: strongest(list, table) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.part.first - b.part.first)
    .slice(0, MAX_JOINS);
}

/** Uses of the most central symbols, each target once. */
function strongest(list: readonly Reference[], table: SymbolTable): Reference[] {
  const weight = ({ source, target }: Reference) => table.centrality[target]! + table.centrality[source]! / 2;
  const targets = new Set<number>();
  return [...list]
    .sort((a, b) => weight(b) - weight(a) || a.target - b.target || a.source - b.source)
    .filter(({ target }) => targets.size < MAX_REFERENCES && !targets.has(target) && targets.add(target));
}
