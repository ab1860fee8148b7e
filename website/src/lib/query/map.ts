/** A pack's symbols with the edges that leave and reach each of them; `common/query/src/map.rs` does the same. */
import type { Edge, SymbolRecord } from '$lib/docpack/records';

/** A part is certain at this many millionths. */
export const CERTAIN = 1_000_000;

export interface MapEdge {
  source: number;
  target: number;
  kind: string;
  /** In millionths, so that both languages compare whole numbers. */
  confidence: number;
  /** Its place in `graph.json`. */
  record: number;
}

export interface Rows {
  symbols: readonly SymbolRecord[];
  edges: readonly Edge[];
  indexOf: ReadonlyMap<string, number>;
}

export class QueryMap {
  readonly symbols: readonly SymbolRecord[];
  private readonly edges: MapEdge[];
  private readonly firstOut: Uint32Array;
  private readonly firstIn: Uint32Array;
  private readonly incoming: Uint32Array;

  constructor({ symbols, edges, indexOf }: Rows) {
    this.symbols = symbols;
    this.edges = edges
      .map(({ source, target, kind, confidence }, record) => ({
        source: indexOf.get(source)!,
        target: indexOf.get(target)!,
        kind,
        confidence: Math.round(confidence * CERTAIN),
        record
      }))
      .sort((a, b) => a.source - b.source);
    this.firstOut = starts(
      symbols.length,
      this.edges.map(({ source }) => source)
    );
    this.firstIn = starts(
      symbols.length,
      this.edges.map(({ target }) => target)
    );
    const next = this.firstIn.slice();
    this.incoming = new Uint32Array(edges.length);
    this.edges.forEach(({ target }, at) => (this.incoming[next[target]!++] = at));
  }

  leaving(symbol: number): MapEdge[] {
    return this.edges.slice(this.firstOut[symbol], this.firstOut[symbol + 1]);
  }

  reaching(symbol: number): MapEdge[] {
    return Array.from(this.incoming.subarray(this.firstIn[symbol], this.firstIn[symbol + 1]), (at) => this.edges[at]!);
  }

  members(symbol: number): number[] {
    return this.leaving(symbol).flatMap(({ kind, target }) => (kind === 'contains' ? [target] : []));
  }

  owner(symbol: number): number | null {
    return this.reaching(symbol).find(({ kind }) => kind === 'contains')?.source ?? null;
  }

  /** The types that a type extends or implements, and how sure each is. */
  bases(symbol: number): [symbol: number, confidence: number][] {
    return this.leaving(symbol).flatMap((edge) => (isHierarchy(edge) ? [[edge.target, edge.confidence]] : []));
  }

  /** The types that extend or implement a type, and how sure each is. */
  subtypes(symbol: number): [symbol: number, confidence: number][] {
    return this.reaching(symbol).flatMap((edge) => (isHierarchy(edge) ? [[edge.source, edge.confidence]] : []));
  }
}

/** A call, or a use of a function as a value. */
export const isUse = ({ kind }: { kind: string }) => kind === 'calls' || kind === 'references';
const isHierarchy = ({ kind }: MapEdge) => kind === 'extends' || kind === 'implements';

function starts(nSymbols: number, symbols: readonly number[]): Uint32Array {
  const starts = new Uint32Array(nSymbols + 1);
  for (const symbol of symbols) starts[symbol + 1]!++;
  for (let at = 0; at < nSymbols; at++) starts[at + 1]! += starts[at]!;
  return starts;
}

/** Compares paths as Rust compares strings: by code points. */
export function byBytes(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
