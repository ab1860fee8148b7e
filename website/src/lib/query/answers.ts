/** What the explorer shows of impact and paths, in the numbers and the order of the command line. */
import type { Pack } from '$lib/docpack/pack';
import type { Edge, EdgeKind, Evidence } from '$lib/docpack/records';
import { impact, THROUGH, type Affected } from './impact';
import { CERTAIN, QueryMap, type Rows } from './map';
import { path } from './path';
import { callees, callers, callersAreComplete, withConstructors, type Reference } from './relations';

/** A symbol on a way from or to another one. */
export interface Reached {
  symbol: number;
  depth: number;
  /** The relation to `from`: the kind of an edge, or `overrides`. */
  through: string;
  /** Of the weakest step on the way. */
  confidence: number;
  /** The symbol before it on the way. */
  from: number;
  /** Where the relation is written, in the file of the symbol that it leaves. */
  lines: number[];
}

export interface RoleReached {
  role: string;
  total: number;
  /** How many are one step away, two, and so on. */
  byDepth: number[];
  /** The nearest and surest. */
  rows: Reached[];
}

export interface ImpactAnswer {
  /** Members of the symbol that are counted with it. */
  members: number;
  total: number;
  /** Files of the affected symbols that are no tests. */
  files: number;
  nIncomplete: number;
  isComplete: boolean;
  /** The product first, tests last. */
  groups: RoleReached[];
  testFiles: { path: string; symbols: number }[];
  /** What the symbol calls and uses, and what that does, to a few steps. */
  callees: Reached[];
}

export interface PathStep {
  from: number;
  to: number;
  kind: EdgeKind;
  confidence: number;
  evidence: Evidence;
  lines: number[];
}

export interface PathAnswer {
  /** Null where no certain call leads there. */
  steps: PathStep[] | null;
  confidence: number;
  /** Steps of the way back, where there is none this way. */
  back: number | null;
}

/** More rows of one role are not shown; they are counted. */
const MAX_ROWS = 1_000;
/** More are not drawn. */
const MAX_CALLEES = 1_000;
export const MAX_DEPTH = 4;
const ORDER = ['product', 'generated', 'script', 'configuration', 'example', 'benchmark', 'documentation', 'test'];

export class Queries {
  private readonly pack: Pack;
  private readonly map: QueryMap;
  private readonly roleOf: (symbol: number) => string;

  constructor(pack: Pack, rows: Rows, roleOf: (symbol: number) => string) {
    this.pack = pack;
    this.map = new QueryMap(rows);
    this.roleOf = roleOf;
  }

  callers = (symbol: number): Reference[] => callers(this.map, this.pack.edges, symbol);
  callees = (symbol: number): Reference[] => callees(this.map, this.pack.edges, symbol);
  callersAreComplete = (symbol: number): boolean => callersAreComplete(this.map, symbol);
  withConstructors = (symbol: number): number[] => withConstructors(this.map, symbol);

  impact(symbol: number): ImpactAnswer {
    const { start, affected, nIncomplete, isComplete } = impact(this.map, symbol);
    const byRole = new Map<string, Affected[]>();
    for (const each of affected) listAt(byRole, this.roleOf(each.symbol)).push(each);
    const fileOf = ({ symbol }: Affected) => this.map.symbols[symbol]!.file_path;
    const others = affected.filter((each) => this.roleOf(each.symbol) !== 'test');
    return {
      members: start.length - 1,
      total: affected.length,
      files: new Set(others.map(fileOf)).size,
      nIncomplete,
      isComplete,
      groups: Array.from(byRole)
        .sort(([a], [b]) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1))
        .map(([role, all]) => ({
          role,
          total: all.length,
          byDepth: Array.from({ length: MAX_DEPTH }, (_, n) => all.filter(({ depth }) => depth === n + 1).length),
          rows: all.slice(0, MAX_ROWS).map((each) => this.reached(each))
        })),
      testFiles: counted((byRole.get('test') ?? []).map(fileOf)),
      callees: this.calleesTo(symbol)
    };
  }

  path(from: number, to: number): PathAnswer {
    const route = path(this.map, from, to);
    if (!route) return { steps: null, confidence: 0, back: path(this.map, to, from)?.steps.length ?? null };
    const steps = route.steps.map(({ from, to, edge }) => {
      const { kind, confidence, evidence, sites } = this.pack.edges[edge]!;
      return { from, to, kind, confidence, evidence, lines: linesOf(sites) };
    });
    return { steps, confidence: route.confidence / CERTAIN, back: null };
  }

  private reached({ symbol, depth, through, confidence, from, edge }: Affected): Reached {
    const lines = edge === null ? [] : linesOf(this.pack.edges[edge]!.sites);
    return { symbol, depth, through: THROUGH[through]!, confidence: confidence / CERTAIN, from, lines };
  }

  /** What a symbol calls and uses, step by step; each symbol once, on its shortest way. */
  private calleesTo(symbol: number): Reached[] {
    const sure = new Map([[symbol, 1]]);
    const found: Reached[] = [];
    let level = [symbol];
    for (let depth = 1; depth <= MAX_DEPTH && level.length > 0 && found.length < MAX_CALLEES; depth++) {
      const next: number[] = [];
      for (const from of level) {
        for (const { symbol: at, edge } of this.callees(from)) {
          if (sure.has(at)) continue;
          const { kind, confidence, sites } = this.pack.edges[edge]!;
          const weakest = Math.min(sure.get(from)!, confidence);
          sure.set(at, weakest);
          next.push(at);
          found.push({ symbol: at, depth, through: kind, confidence: weakest, from, lines: linesOf(sites) });
        }
      }
      level = next;
    }
    return found.slice(0, MAX_CALLEES);
  }
}

const linesOf = (sites: Edge['sites']) => sites.map(({ line }) => line);

/** Roles that this version does not know come before tests. */
function placeOf(role: string): number {
  const at = ORDER.indexOf(role);
  return at === -1 ? ORDER.length * 2 - 3 : at * 2;
}

/** Orders by role as answers do: the product first, tests last. */
export function byRoleOrder(a: string, b: string): number {
  return placeOf(a) - placeOf(b);
}

function counted(paths: readonly string[]): { path: string; symbols: number }[] {
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(path, (counts.get(path) ?? 0) + 1);
  return Array.from(counts, ([path, symbols]) => ({ path, symbols })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function listAt<K, V>(map: Map<K, V[]>, key: K): V[] {
  let list = map.get(key);
  if (!list) map.set(key, (list = []));
  return list;
}
