import { DocpackError } from './errors';
import type { Pack } from './pack';
import { WORDS } from './records';
import { NO_ROLE, type EdgeTable, type PackHead, type SymbolTable } from './source';
import { WordCodes } from './word-codes';

/** Gives each symbol its cluster, in the order of `ids`: before the symbols are read, that of the layout. */
export function buildHead(pack: Pack, ids: string[]): PackHead {
  const { layout } = pack;
  if (!layout) throw new DocpackError('entry_missing', 'the entry `layout.json` is missing');
  const placed = new Set(layout.clusters.map(({ cluster_id }) => cluster_id));
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const cluster = new Int32Array(ids.length).fill(-1);
  const clusters = pack.clusters.map(({ members, ...rest }, at) => {
    for (const id of members) {
      const index = indexOf.get(id);
      if (index === undefined)
        throw new DocpackError('dangling_symbol', `a cluster refers to \`${id}\`, which is not in the pack`);
      cluster[index] = at;
    }
    if (!placed.has(rest.cluster_id))
      throw new DocpackError('dangling_cluster', `the cluster \`${rest.cluster_id}\` has no place on the map`);
    return rest;
  });
  return { manifest: pack.manifest, clusters, cluster };
}

export function buildTable(pack: Pack, indexOf: ReadonlyMap<string, number>): SymbolTable {
  const { symbols } = pack;
  const count = symbols.length;
  const fileOf = new Map(pack.files.map(({ file_path }, at) => [file_path, at]));
  const kinds = new WordCodes(WORDS.SymbolKind);
  const languages = new WordCodes(WORDS.Language);
  const visibilities = new WordCodes(WORDS.Visibility);
  const roles = new WordCodes(WORDS.Role);
  const codeOfRole = (role: string | null) => (role === null ? NO_ROLE : roles.codeOf(role));
  const files = pack.files.map(({ file_path: path, language, bytes, lines, gaps, role, role_reason }) => ({
    path,
    language: languages.codeOf(language),
    bytes,
    lines,
    symbols: 0,
    gaps,
    role: codeOfRole(role),
    roleReason: role_reason
  }));
  const table: SymbolTable = {
    ids: symbols.map(({ id }) => id),
    names: symbols.map(({ name }) => name),
    qualifiedNames: symbols.map(({ qualified_name }) => qualified_name),
    words: { kind: kinds.words, language: languages.words, visibility: visibilities.words, role: roles.words },
    kind: new Uint16Array(count),
    language: new Uint16Array(count),
    visibility: new Uint16Array(count),
    role: new Int16Array(count),
    file: new Uint32Array(count),
    line: new Uint32Array(count),
    parent: new Int32Array(count).fill(-1),
    centrality: new Float32Array(count),
    inDegree: new Uint32Array(count),
    outDegree: new Uint32Array(count),
    cyclomatic: new Uint32Array(count),
    files,
    skipped: pack.skipped
  };
  symbols.forEach((symbol, at) => {
    const file = fileOf.get(symbol.file_path);
    if (file === undefined)
      throw new DocpackError('dangling_file', `a symbol refers to \`${symbol.file_path}\`, which is not in the pack`);
    files[file]!.symbols++;
    table.file[at] = file;
    table.kind[at] = kinds.codeOf(symbol.kind);
    table.language[at] = languages.codeOf(symbol.language);
    table.visibility[at] = visibilities.codeOf(symbol.visibility);
    table.role[at] = symbol.role === null ? files[file]!.role : roles.codeOf(symbol.role);
    table.line[at] = symbol.line_range.start;
    table.centrality[at] = symbol.centrality;
    table.inDegree[at] = symbol.in_degree;
    table.outDegree[at] = symbol.out_degree;
    table.cyclomatic[at] = symbol.complexity?.cyclomatic ?? 0;
    if (symbol.parent !== null) {
      const parent = indexOf.get(symbol.parent);
      if (parent === undefined)
        throw new DocpackError('dangling_symbol', `the parent \`${symbol.parent}\` is not in the pack`);
      table.parent[at] = parent;
    }
  });
  refuseCycles(table.parent);
  return table;
}

/** Walks up from each symbol once; meeting the same walk again is a cycle. */
function refuseCycles(parent: Int32Array): void {
  const walkOf = new Int32Array(parent.length);
  for (let start = 0; start < parent.length; start++) {
    const walk = start + 1;
    for (let at = start; at !== -1 && walkOf[at] !== walk; at = parent[at]!) {
      if (walkOf[at] !== 0) break;
      walkOf[at] = walk;
      const next = parent[at]!;
      if (next !== -1 && walkOf[next] === walk) throw new DocpackError('parent_cycle', 'a symbol is its own ancestor');
    }
  }
}

export function buildEdges(pack: Pack, indexOf: ReadonlyMap<string, number>): EdgeTable {
  const count = pack.edges.length;
  const place = (id: string) => {
    const index = indexOf.get(id);
    if (index === undefined)
      throw new DocpackError('dangling_symbol', `an edge refers to \`${id}\`, which is not in the pack`);
    return index;
  };
  const source = new Uint32Array(count);
  const target = new Uint32Array(count);
  const kinds = new WordCodes(WORDS.EdgeKind);
  const kind = new Uint16Array(count);
  const confidence = new Float32Array(count);
  const isFollowed = new Uint8Array(count);
  let [from, fromPlace] = ['', 0];
  pack.edges.forEach((edge, at) => {
    // Edges are sorted by their source.
    if (edge.source !== from) [from, fromPlace] = [edge.source, place(edge.source)];
    source[at] = fromPlace;
    target[at] = place(edge.target);
    kind[at] = kinds.codeOf(edge.kind);
    confidence[at] = edge.confidence;
    isFollowed[at] = edge.evidence === 'flow' ? 1 : 0;
  });
  const [outgoingStart, outgoing] = byEnd(source, indexOf.size);
  const [incomingStart, incoming] = byEnd(target, indexOf.size);
  return {
    source,
    target,
    kinds: kinds.words,
    kind,
    confidence,
    isFollowed,
    outgoingStart,
    outgoing,
    incomingStart,
    incoming,
    floor: pack.floor,
    ...pack.metrics
  };
}

/** Lists the edges of each symbol one after the other, and where each one's begin. */
function byEnd(end: Uint32Array, symbols: number): [start: Uint32Array, edges: Uint32Array] {
  const start = new Uint32Array(symbols + 1);
  for (const symbol of end) start[symbol + 1]!++;
  for (let at = 0; at < symbols; at++) start[at + 1]! += start[at]!;
  const next = start.slice();
  const edges = new Uint32Array(end.length);
  end.forEach((symbol, edge) => (edges[next[symbol]!++] = edge));
  return [start, edges];
}
