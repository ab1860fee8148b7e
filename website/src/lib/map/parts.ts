import type { EdgeTable, SymbolTable } from '$lib/docpack/source';
import { aggregate, dependenciesOf, type GroupEdge } from '$lib/map/aggregate';
import { collapsed, filesIn, folderAt, foldersOf, type Folder } from './folders';
import { keySymbols } from './keys';
import { isCallable, isFileModule, isType, ownersOf } from './owners';
import { scopeOf, type Scope } from './scope';

/** What of a pack the map shows. */
export interface MapPlace {
  /** The path of an opened folder or file; empty for the whole pack. */
  part: string;
  /** An opened symbol of that file, or -1. */
  inside: number;
  /** How many of the parts, the heaviest first, are left out: they are shown elsewhere. */
  rest: number;
  withTests: boolean;
}

export interface Part {
  kind: 'folder' | 'file' | 'symbol' | 'rest';
  /** Where it is opened; null for a symbol that holds nothing to draw. */
  opens: Pick<MapPlace, 'part' | 'inside' | 'rest'> | null;
  path: string;
  symbol: number;
  name: string;
  files: number;
  symbols: number;
  /** The role of a part that is no product code. */
  role: string | null;
  /** The symbols that other parts use the most, types first. */
  keys: number[];
  /** Its leaves are `first` up to, without, `end`. */
  first: number;
  end: number;
  /** Parts that are drawn in place, and how they use each other by their places in `parts`. */
  parts: Part[];
  joins: GroupEdge[];
}

export interface Level {
  root: Part;
  place: MapPlace;
  /** By symbol: its leaf, or -1. */
  leafOf: Int32Array;
  scope: Scope;
}

/** Boxes of a level at most; the smallest are put together. */
const MAX_PARTS = 24;
/** Fewer boxes say little: the largest part is drawn with what is in it. */
const FEW_PARTS = 6;
/** A part with a larger share of the symbols is drawn with what is in it. */
const LARGE_SHARE = 0.4;
/** Parts of a part that is drawn in place. */
const MAX_INNER = 18;

/** Gives what the map shows at a place; a place that is not there is shown as the whole. */
export function levelAt(table: SymbolTable, edges: EdgeTable, place: MapPlace): Level {
  const { scope, whole, weights } = wholeOf(table, edges, place.withTests);
  const file = table.files.findIndex(({ path }) => path === place.part);
  const builder = new Builder(table, edges, scope, weights);
  const folder = folderAt(whole, place.part);
  if (file >= 0 && scope.symbolsOfFile[file]! >= 0) return builder.ofSymbols(file, place);
  if (folder) return builder.ofFolder(folder, place);
  return builder.ofFolder(whole, { ...place, part: '', inside: -1, rest: 0 });
}

interface Whole {
  scope: Scope;
  whole: Folder;
  weights: Float64Array;
}

/** With and without tests; they are the same at every level of a map. */
const WHOLES = new WeakMap<EdgeTable, Map<boolean, Whole>>();

function wholeOf(table: SymbolTable, edges: EdgeTable, withTests: boolean): Whole {
  const known = WHOLES.get(edges) ?? new Map<boolean, Whole>();
  WHOLES.set(edges, known);
  let found = known.get(withTests);
  if (!found) {
    const scope = scopeOf(table, withTests);
    found = { scope, whole: foldersOf(table, scope), weights: weightsOf(table, edges, scope) };
    known.set(withTests, found);
  }
  return found;
}

class Builder {
  constructor(
    private readonly table: SymbolTable,
    private readonly edges: EdgeTable,
    private readonly scope: Scope,
    /** By file: its symbols and its references from and to other files. */
    private readonly weightOf: Float64Array
  ) {}

  private readonly filesOf = new Map<Part, number[]>();
  private readonly folders = new Map<Part, Folder>();

  ofFolder(whole: Folder, place: MapPlace): Level {
    const folder = collapsed(whole);
    if (folder.folders.size === 0 && folder.files.length === 1)
      return this.ofSymbols(folder.files[0]!, { ...place, inside: -1, rest: 0 });
    const root = this.folderPart(folder, '');
    root.parts = this.divided(folder, folder, place.rest, MAX_PARTS);
    if (place.rest === 0) this.openLargest(root);
    const files: number[][] = [];
    number(root, (leaf) => files.push(this.filesOf.get(leaf)!));
    const leafOfFile = new Int32Array(this.table.files.length).fill(-1);
    files.forEach((list, leaf) => list.forEach((file) => (leafOfFile[file] = leaf)));
    const leafOf = new Int32Array(this.table.file.length).fill(-1);
    for (let symbol = 0; symbol < leafOf.length; symbol++)
      if (this.scope.hasSymbol[symbol]) leafOf[symbol] = leafOfFile[this.table.file[symbol]!]!;
    return this.joined({ root, place, leafOf, scope: this.scope });
  }

  /** Shows the symbols of a file, or the members of one of them. */
  ofSymbols(file: number, place: MapPlace): Level {
    const { table } = this;
    const path = table.files[file]!.path;
    const owners = ownersOf(table);
    const inside = place.inside >= 0 && table.file[place.inside] === file ? place.inside : -1;
    const groupOf = new Int32Array(table.file.length).fill(-1);
    const members = new Map<number, number[]>();
    for (let symbol = 0; symbol < groupOf.length; symbol++) {
      if (table.file[symbol] !== file || !this.scope.hasSymbol[symbol] || isFileModule(table, symbol)) continue;
      let at = symbol;
      for (let steps = 0; owners[at] !== inside && owners[at] !== -1 && steps < 64; steps++) at = owners[at]!;
      if (owners[at] !== inside || at === inside) continue;
      groupOf[symbol] = at;
      members.set(at, [...(members.get(at) ?? []), symbol]);
    }
    const joins = aggregateSparse(this.edges, groupOf);
    const kindOf = (symbol: number) => table.words.kind[table.kind[symbol]!]!;
    const opensTo = (symbol: number) =>
      members
        .get(symbol)!
        .filter((it) => it !== symbol && owners[it] === symbol && (isCallable(kindOf(it)) || isType(kindOf(it))))
        .length > 1;
    const weight = (symbol: number) =>
      (joins.get(symbol) ?? 0) * 4 +
      members.get(symbol)!.length +
      table.inDegree[symbol]! +
      (isType(kindOf(symbol)) ? 4 : 0) +
      (isCallable(kindOf(symbol)) ? 2 : 0);
    const isTelling = (symbol: number) => joins.has(symbol) || isType(kindOf(symbol)) || isCallable(kindOf(symbol));
    const order = [...members.keys()].sort(
      (a, b) => Number(isTelling(b)) - Number(isTelling(a)) || weight(b) - weight(a) || a - b
    );
    const root = this.part('file', path, path.split('/').at(-1)!, [file]);
    if (inside >= 0) Object.assign(root, { kind: 'symbol', symbol: inside, name: table.names[inside] });
    const shown = order.slice(place.rest);
    const telling = shown.findLastIndex((symbol) => isTelling(symbol)) + 1;
    // Values that nothing here uses say little, unless they are all there is.
    const most = telling > 1 && shown.length - telling > 2 ? telling : shown.length;
    const kept = most > MAX_PARTS ? MAX_PARTS - 1 : most;
    root.parts = shown.slice(0, kept).map((symbol) => ({
      ...this.part('symbol', path, table.names[symbol]!, []),
      symbol,
      symbols: members.get(symbol)!.length - 1,
      role: this.roleOf(table.role[symbol]!),
      opens: opensTo(symbol) ? { part: path, inside: symbol, rest: 0 } : null
    }));
    if (kept < shown.length) {
      const rest = this.part('rest', path, `${shown.length - kept} more`, []);
      rest.symbols = shown.slice(kept).reduce((sum, symbol) => sum + members.get(symbol)!.length, 0);
      rest.opens = { part: path, inside, rest: place.rest + kept };
      root.parts.push(rest);
    }
    number(root, () => undefined);
    const leafAt = new Map(shown.map((symbol, n) => [symbol, Math.min(n, kept)]));
    const leafOf = groupOf.map((group) => leafAt.get(group) ?? -1);
    return this.joined({ root, place: { ...place, part: path, inside }, leafOf, scope: this.scope });
  }

  /** Divides a folder into its folders and files, those that weigh most first. */
  private divided(folder: Folder, named: Folder, skipped: number, most: number): Part[] {
    const parts = [
      ...[...folder.folders.values()].map((inner) => this.folderPart(inner, named.path)),
      ...folder.files.map((file) => this.filePart(file, named.path))
    ];
    // A file without code of its own says nothing, unless it is all there is.
    const telling = parts.filter(({ kind, symbols }) => kind === 'folder' || symbols > 1);
    const weight = (part: Part) => this.filesOf.get(part)!.reduce((sum, file) => sum + this.weightOf[file]!, 0);
    const all = (telling.length > 1 ? telling : parts)
      .map((part) => ({ part, weight: weight(part) }))
      .sort((a, b) => b.weight - a.weight || (a.part.path < b.part.path ? -1 : 1))
      .map(({ part }) => part);
    const shown = all.slice(skipped);
    if (shown.length <= most) return shown;
    const kept = shown.slice(0, most - 1);
    const others = shown.slice(most - 1);
    const files = others.flatMap((part) => this.filesOf.get(part)!);
    const rest = this.part('rest', folder.path, `${others.length} more`, files);
    rest.opens = { part: folder.path, inside: -1, rest: skipped + kept.length };
    return [...kept, rest];
  }

  /** Draws the largest parts with what is in them, while the boxes are few or a part is nearly all. */
  private openLargest(root: Part): void {
    let count = root.parts.length;
    const whole = root.parts.reduce((sum, { symbols }) => sum + symbols, 0);
    const candidates = [...root.parts];
    while (candidates.length > 0) {
      candidates.sort((a, b) => b.symbols - a.symbols);
      const part = candidates.shift()!;
      if (part.kind !== 'folder' || (count >= FEW_PARTS && part.symbols < whole * LARGE_SHARE)) continue;
      const folder = collapsed(this.folders.get(part)!);
      const inner = this.divided(folder, folder, 0, MAX_INNER);
      if (inner.length < 3 || count + inner.length > MAX_PARTS + FEW_PARTS) continue;
      part.parts = inner;
      count += inner.length - 1;
      candidates.push(...inner);
    }
  }

  private folderPart(given: Folder, above: string): Part {
    const folder = collapsed(given);
    const files = filesIn(folder);
    if (files.length === 1) return this.filePart(files[0]!, above, folder.path);
    const part = this.part('folder', folder.path, nameOf(folder.path, above), files);
    this.folders.set(part, folder);
    return part;
  }

  /** The only file of a folder has the folder's name. */
  private filePart(file: number, above: string, folder?: string): Part {
    const { path } = this.table.files[file]!;
    return this.part('file', path, nameOf(folder ?? path, above), [file]);
  }

  private part(kind: Part['kind'], path: string, name: string, files: number[]): Part {
    const roles = new Set(files.map((file) => this.table.files[file]!.role));
    const part: Part = {
      kind,
      path,
      name,
      symbol: -1,
      opens: { part: path, inside: -1, rest: 0 },
      files: files.length,
      symbols: files.reduce((sum, file) => sum + Math.max(0, this.scope.symbolsOfFile[file]!), 0),
      role: roles.size === 1 ? this.roleOf([...roles][0]!) : null,
      keys: [],
      first: 0,
      end: 0,
      parts: [],
      joins: []
    };
    this.filesOf.set(part, files);
    return part;
  }

  private roleOf(role: number): string | null {
    const word = this.table.words.role[role] ?? null;
    return word === 'product' ? null : word;
  }

  private joined(level: Level): Level {
    const { root, leafOf } = level;
    const pairs = aggregate(this.edges, leafOf, root.end);
    const fill = (part: Part) => {
      if (part.parts.length === 0) return;
      const child = new Int32Array(root.end).fill(-1);
      part.parts.forEach(({ first, end }, n) => child.fill(n, first, end));
      part.joins = rolledUp(pairs, child);
      part.parts.forEach(fill);
    };
    fill(root);
    const keys = keySymbols(this.table, this.edges, leafOf, root.end);
    const give = (part: Part) => {
      if (part.parts.length === 0 && part.kind !== 'symbol' && part.kind !== 'rest') part.keys = keys[part.first] ?? [];
      part.parts.forEach(give);
    };
    give(root);
    return level;
  }
}

/** Numbers the leaves, so that those of a part lie one after the other. */
function number(root: Part, found: (leaf: Part) => void): void {
  let next = 0;
  const visit = (part: Part) => {
    part.first = next;
    if (part.parts.length === 0) {
      next++;
      found(part);
    } else part.parts.forEach(visit);
    part.end = next;
  };
  visit(root);
}

function rolledUp(pairs: readonly GroupEdge[], child: Int32Array): GroupEdge[] {
  const weights = new Map<string, GroupEdge>();
  for (const { from, to, weight } of pairs) {
    const [a, b] = [child[from]!, child[to]!];
    if (a < 0 || b < 0 || a === b) continue;
    const key = `${a} ${b}`;
    const known = weights.get(key);
    if (known) known.weight += weight;
    else weights.set(key, { from: a, to: b, weight });
  }
  return [...weights.values()].sort((a, b) => b.weight - a.weight || a.from - b.from || a.to - b.to);
}

function weightsOf(table: SymbolTable, edges: EdgeTable, { symbolsOfFile, hasSymbol }: Scope): Float64Array {
  const weight = Float64Array.from(symbolsOfFile, (symbols) => Math.max(0, symbols));
  const { source, target } = dependenciesOf(edges);
  for (let edge = 0; edge < source.length; edge++) {
    const from = table.file[source[edge]!]!;
    const to = table.file[target[edge]!]!;
    if (from === to || !hasSymbol[source[edge]!] || !hasSymbol[target[edge]!]) continue;
    weight[from]!++;
    weight[to]!++;
  }
  return weight;
}

/** Counts by group the dependencies that join it to another one. */
function aggregateSparse(edges: EdgeTable, groupOf: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  const add = (group: number) => counts.set(group, (counts.get(group) ?? 0) + 1);
  const { source, target } = dependenciesOf(edges);
  for (let edge = 0; edge < source.length; edge++) {
    const from = groupOf[source[edge]!]!;
    const to = groupOf[target[edge]!]!;
    if (from < 0 || to < 0 || from === to) continue;
    add(from);
    add(to);
  }
  return counts;
}

/** `axum` of `axum/src`; what a chain of folders has in between says where code lies, not what it is. */
function nameOf(path: string, above: string): string {
  const name = path.slice(above === '' ? 0 : above.length + 1);
  const short = name.replace(/\/(src|lib)$/, '').replace(/^(src|lib)\/(?=.)/, '');
  return short === '' ? path : short;
}
