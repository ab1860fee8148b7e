/** Who calls a symbol and what it calls; `common/query/src/relations.rs` does the same. */
import type { Edge } from '$lib/docpack/records';
import { byBytes, isUse, type MapEdge, type QueryMap } from './map';

export interface Reference {
  symbol: number;
  /** Place in `graph.json`. */
  edge: number;
}

/** The symbols that call a symbol or use it as a value, by file and line. A type is called by its constructors. */
export function callers(map: QueryMap, edges: readonly Edge[], symbol: number): Reference[] {
  const found = withConstructors(map, symbol).flatMap((target) => map.reaching(target).filter(isUse));
  return byPlace(
    found,
    edges,
    ({ source }) => source,
    (at) => map.symbols[at]!.file_path
  );
}

/** The symbols that a symbol calls or uses as a value, by line. */
export function callees(map: QueryMap, edges: readonly Edge[], symbol: number): Reference[] {
  return byPlace(
    map.leaving(symbol).filter(isUse),
    edges,
    ({ target }) => target,
    () => ''
  );
}

/** Whether every caller of a symbol in the repository is known. */
export function callersAreComplete(map: QueryMap, symbol: number): boolean {
  return withConstructors(map, symbol).every((target) => map.symbols[target]!.callers_complete);
}

/** A symbol, and its constructors if it is a type. */
export function withConstructors(map: QueryMap, symbol: number): number[] {
  return [symbol, ...map.members(symbol).filter((member) => map.symbols[member]!.kind === 'constructor')];
}

function byPlace(
  found: MapEdge[],
  edges: readonly Edge[],
  otherOf: (edge: MapEdge) => number,
  fileOf: (symbol: number) => string
): Reference[] {
  return found
    .map((edge) => ({ symbol: otherOf(edge), edge: edge.record, line: edges[edge.record]!.sites[0]?.line ?? 0 }))
    .sort(
      (a, b) => byBytes(fileOf(a.symbol), fileOf(b.symbol)) || a.line - b.line || a.symbol - b.symbol || a.edge - b.edge
    )
    .map(({ symbol, edge }) => ({ symbol, edge }));
}
