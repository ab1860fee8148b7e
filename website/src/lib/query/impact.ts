/** What a change to a symbol may affect; `common/query/src/impact.rs` does the same. */
import { byBytes, CERTAIN, type QueryMap } from './map';

const MAX_STEPS = 20_000_000;
const MAX_START = 100_000;
const MAX_BASES = 1_000;

/** How a change reaches a symbol, surest first. */
export const THROUGH = ['calls', 'references', 'overrides', 'extends', 'references_type'] as const;

export interface Affected {
  symbol: number;
  depth: number;
  /** A place in `THROUGH`. */
  through: number;
  /** Of the weakest step on the way, in millionths. */
  confidence: number;
  /** The symbol before it on the way. */
  from: number;
  /** Place of the edge to `from` in `graph.json`; an override has none. */
  edge: number | null;
}

export interface Impact {
  /** The changed symbol and its members. */
  start: number[];
  /** By depth, then surest way first, then by file and line. */
  affected: Affected[];
  /** Symbols among them that may have more callers than the pack knows. */
  nIncomplete: number;
  isComplete: boolean;
}

/** Follows callers, uses as a value, overrides and uses of a type from a symbol and its members. */
export function impact(map: QueryMap, symbol: number, maxDepth = Infinity): Impact {
  const start = withMembers(map, symbol);
  const search = new Search(map, new Set(start));
  let level = start.map((at): [number, number] => [at, CERTAIN]);
  for (let depth = 1; depth <= maxDepth && level.length > 0; depth++) level = search.step(level, depth);
  const row = (at: number) => map.symbols[at]!;
  const affected = Array.from(search.reached.values()).sort(
    (a, b) =>
      a.depth - b.depth ||
      a.through - b.through ||
      byBytes(row(a.symbol).file_path, row(b.symbol).file_path) ||
      row(a.symbol).line_range.start - row(b.symbol).line_range.start ||
      a.symbol - b.symbol
  );
  const all = [...start, ...affected.map((each) => each.symbol)];
  return {
    start,
    affected,
    nIncomplete: all.filter((at) => !row(at).callers_complete).length,
    isComplete: search.nSteps <= MAX_STEPS && start.length < MAX_START
  };
}

/** A symbol and what it contains at any depth, in their order. */
function withMembers(map: QueryMap, symbol: number): number[] {
  const found = new Set([symbol]);
  for (const open = [symbol]; open.length > 0 && found.size < MAX_START;) {
    for (const member of map.members(open.pop()!)) {
      if (found.has(member)) continue;
      found.add(member);
      open.push(member);
    }
  }
  return Array.from(found).sort((a, b) => a - b);
}

class Search {
  readonly reached = new Map<number, Affected>();
  nSteps = 0;
  private readonly map: QueryMap;
  /** What changes itself, and the subtypes of it that were reached. */
  private readonly changed: Set<number>;

  constructor(map: QueryMap, changed: Set<number>) {
    this.map = map;
    this.changed = changed;
  }

  /** Takes one step from each symbol of a level; gives the level that it reaches. */
  step(level: readonly [number, number][], depth: number): [number, number][] {
    const next = new Map<number, Affected>();
    for (const [from, confidence] of level) {
      for (const found of this.neighbours(from)) {
        this.nSteps++;
        if (this.nSteps > MAX_STEPS || this.changed.has(found.symbol) || this.reached.has(found.symbol)) continue;
        found.depth = depth;
        found.confidence = Math.min(found.confidence, confidence);
        const best = next.get(found.symbol);
        if (!best || isBefore(found, best)) next.set(found.symbol, found);
      }
    }
    const found = Array.from(next.values()).sort((a, b) => a.symbol - b.symbol);
    for (const each of found) {
      if (each.through === EXTENDS) this.changed.add(each.symbol);
      this.reached.set(each.symbol, each);
    }
    return found.map(({ symbol, confidence }) => [symbol, confidence]);
  }

  private neighbours(from: number): Affected[] {
    const isChanged = this.changed.has(from);
    const found: Affected[] = [];
    for (const { kind, source, confidence, record } of this.map.reaching(from)) {
      const through =
        kind === 'calls' || kind === 'references'
          ? THROUGH.indexOf(kind)
          : !isChanged
            ? -1
            : kind === 'extends' || kind === 'implements'
              ? EXTENDS
              : kind === 'references_type'
                ? THROUGH.indexOf(kind)
                : -1;
      if (through >= 0) found.push({ symbol: source, depth: 0, through, confidence, from, edge: record });
    }
    found.push(...this.sameMember(from, (at) => this.map.bases(at)));
    if (isChanged) found.push(...this.sameMember(from, (at) => this.map.subtypes(at)));
    return found;
  }

  /** Finds members of the method's name in the types that `related` leads to from the method's own. */
  private sameMember(method: number, related: (type: number) => [number, number][]): Affected[] {
    const owner = this.map.owner(method);
    if (owner === null) return [];
    const { name } = this.map.symbols[method]!;
    const types: [number, number][] = [[owner, CERTAIN]];
    const known = new Set([owner]);
    const found: Affected[] = [];
    for (let next = 0; next < types.length && next < MAX_BASES; next++) {
      const [at, sure] = types[next]!;
      for (const [other, own] of related(at)) {
        if (known.has(other)) continue;
        const confidence = Math.min(sure, own);
        known.add(other);
        types.push([other, confidence]);
        for (const symbol of this.map.members(other)) {
          if (this.map.symbols[symbol]!.name !== name) continue;
          found.push({ symbol, depth: 0, through: OVERRIDES, confidence, from: method, edge: null });
        }
      }
    }
    return found;
  }
}

const OVERRIDES = THROUGH.indexOf('overrides');
const EXTENDS = THROUGH.indexOf('extends');

function isBefore(a: Affected, b: Affected): boolean {
  return a.through - b.through < 0 || (a.through === b.through && isSurer(a, b));
}

function isSurer(a: Affected, b: Affected): boolean {
  return a.confidence > b.confidence || (a.confidence === b.confidence && a.from < b.from);
}
