import type { EdgeTable, SymbolTable } from '$lib/docpack/source';
import { dependenciesOf } from '$lib/map/aggregate';
import type { Level } from './parts';

/** What lies outside of an opened part and is joined to it. */
export interface Neighbour {
  path: string;
  name: string;
  count: number;
}

const MAX_NEIGHBOURS = 8;

/** Gives the parts beside an opened part that use it, and those that it uses, most references first. */
export function neighbours(
  table: SymbolTable,
  edges: EdgeTable,
  { root, leafOf, scope, place }: Level
): { uses: Neighbour[]; usedBy: Neighbour[] } {
  if (root.path === '' || place.inside >= 0) return { uses: [], usedBy: [] };
  const isInside = table.files.map(({ path }) => path === root.path || path.startsWith(`${root.path}/`));
  const beside = table.files.map(({ path }, file) => (isInside[file] ? '' : partBeside(root.path, path)));
  const uses = new Map<string, number>();
  const usedBy = new Map<string, number>();
  const { source, target } = dependenciesOf(edges);
  for (let edge = 0; edge < source.length; edge++) {
    const from = source[edge]!;
    const to = target[edge]!;
    const isOut = leafOf[from]! >= 0;
    if (isOut === leafOf[to]! >= 0 || !scope.hasSymbol[from] || !scope.hasSymbol[to]) continue;
    const path = beside[table.file[isOut ? to : from]!]!;
    const counts = isOut ? uses : usedBy;
    if (path !== '') counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  const listed = (counts: Map<string, number>) =>
    Array.from(counts, ([path, count]) => ({ path, name: path.split('/').at(-1)!, count }))
      .sort((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1))
      .slice(0, MAX_NEIGHBOURS);
  return { uses: listed(uses), usedBy: listed(usedBy) };
}

/** `axum-core` of `axum-core/src/body.rs` beside `axum/src`. */
function partBeside(root: string, path: string): string {
  const [ours, theirs] = [root.split('/'), path.split('/')];
  let at = 0;
  while (at < ours.length && ours[at] === theirs[at]) at++;
  return theirs.slice(0, at + 1).join('/');
}
