import type { EdgeTable, SymbolTable } from '$lib/docpack/source';
import { DEPENDENCY } from '$lib/map/aggregate';
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
  const isInside = table.files.map(
    ({ path }) => path === root.path || root.path === '' || path.startsWith(`${root.path}/`)
  );
  const beside = table.files.map(({ path }, file) => (isInside[file] ? '' : partBeside(root.path, path)));
  const uses = new Map<string, number>();
  const usedBy = new Map<string, number>();
  if (root.path === '' || place.inside >= 0) return { uses: [], usedBy: [] };
  for (let edge = 0; edge < edges.source.length; edge++) {
    if (!DEPENDENCY[edges.kind[edge]!] || edges.isFollowed[edge]) continue;
    const [source, target] = [edges.source[edge]!, edges.target[edge]!];
    if (!scope.hasSymbol[source] || !scope.hasSymbol[target]) continue;
    const isOut = leafOf[source]! >= 0 && leafOf[target]! < 0;
    if (!isOut && !(leafOf[target]! >= 0 && leafOf[source]! < 0)) continue;
    const path = beside[table.file[isOut ? target : source]!]!;
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
