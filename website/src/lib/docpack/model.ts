import type { Answer } from '$lib/ask/answer';
import { Evidence } from '$lib/ask/evidence';
import { answer } from '$lib/ask/select';
import { PackSearch, searchableOf, type Searchable } from '$lib/search/pack-search';
import { snippetsOf, type LinesAtHand } from '$lib/search/snippets';
import { Queries } from '$lib/query/answers';
import { codeOf } from './code';
import { sourcePartPath } from './entries';
import { DocpackError } from './errors';
import type { Pack } from './pack';
import type { Body, Edge } from './records';
import { buildEdges, buildHead, buildTable } from './tables';
import { LEAST_SIMILAR, NO_ROLE } from './source';
import type {
  EdgeTable,
  FileCode,
  PackHead,
  PackageUse,
  QualityPage,
  Relation,
  Similar,
  SearchHit,
  Snippet,
  SnippetOf,
  SymbolDetail,
  SymbolTable
} from './source';

/** Places that are named of each package. */
const MAX_PLACES = 3;

/** A whole pack with its references followed: what the explorer's questions are answered from. */
export class Model {
  readonly pack: Pack;
  readonly indexOf: ReadonlyMap<string, number>;
  readonly head: PackHead;
  readonly table: SymbolTable;
  readonly edges: EdgeTable;
  private readonly children: Map<number, number[]>;
  private readonly ambiguousOf = new Map<number, number[]>();
  private readonly candidateOf = new Map<number, [record: number, candidate: number][]>();
  private readonly unresolvedOf = new Map<number, number[]>();
  private rows: Map<number, number[]> | null = null;
  private following: Queries | null = null;
  private evidence: Promise<Evidence> | null = null;

  /** `head` was built before the symbols were read, where somebody waited for it. */
  constructor(pack: Pack, head: PackHead | null = null) {
    this.pack = pack;
    const symbols = pack.symbols;
    this.indexOf = new Map(symbols.map(({ id }, index) => [id, index]));
    if (this.indexOf.size !== symbols.length) throw new DocpackError('duplicate_id', 'two symbols have the same id');
    // Clusters are shown before the symbols are read, in the order of the layout, so both must be in one order.
    if (
      pack.layout?.symbols.length !== symbols.length ||
      pack.layout.symbols.some(({ id }, at) => id !== symbols[at]!.id)
    ) {
      throw new DocpackError('dangling_symbol', '`layout.json` does not list every symbol in order');
    }
    this.head =
      head ??
      buildHead(
        pack,
        symbols.map(({ id }) => id)
      );
    this.table = buildTable(pack, this.indexOf);
    this.edges = buildEdges(pack, this.indexOf);
    this.children = new Map();
    this.table.parent.forEach((parent, child) => {
      if (parent >= 0) listAt(this.children, parent).push(child);
    });
    pack.ambiguous.forEach(({ source, candidates }, record) => {
      listAt(this.ambiguousOf, this.place(source)).push(record);
      candidates.forEach(({ id }, candidate) => listAt(this.candidateOf, this.place(id)).push([record, candidate]));
    });
    pack.unresolved.forEach(({ source }, record) => listAt(this.unresolvedOf, this.place(source)).push(record));
  }

  /** Gives the place of a symbol that another record names. */
  private place(id: string): number {
    const index = this.indexOf.get(id);
    if (index === undefined)
      throw new DocpackError('dangling_symbol', `a record refers to \`${id}\`, which is not in the pack`);
    return index;
  }

  detail(index: number): SymbolDetail {
    const { pack, edges, queries } = this;
    const record = pack.symbols[index];
    if (!record) throw new DocpackError('dangling_symbol', 'the pack has no symbol at this place');
    const outgoing = edges.outgoing.subarray(edges.outgoingStart[index], edges.outgoingStart[index + 1]);
    const incoming = edges.incoming.subarray(edges.incomingStart[index], edges.incomingStart[index + 1]);
    return {
      index,
      record,
      outgoing: Array.from(outgoing, (edge) => relation(pack.edges[edge]!, edges.target[edge]!)),
      incoming: Array.from(incoming, (edge) => relation(pack.edges[edge]!, edges.source[edge]!)),
      callers: queries.callers(index).map(({ symbol, edge }) => relation(pack.edges[edge]!, symbol)),
      callees: queries.callees(index).map(({ symbol, edge }) => relation(pack.edges[edge]!, symbol)),
      callersComplete: queries.callersAreComplete(index),
      children: (this.children.get(index) ?? []).slice().sort((a, b) => this.table.line[a]! - this.table.line[b]!),
      ambiguous: (this.ambiguousOf.get(index) ?? []).map((at) => {
        const { name, line, candidates } = pack.ambiguous[at]!;
        return {
          name,
          line,
          candidates: candidates.map(({ id, confidence }) => ({ symbol: this.place(id), confidence }))
        };
      }),
      candidateOf: queries
        .withConstructors(index)
        .flatMap((meant) => this.candidateOf.get(meant) ?? [])
        .map(([at, candidate]) => {
          const { source, name, line, candidates } = pack.ambiguous[at]!;
          return { symbol: this.place(source), name, line, confidence: candidates[candidate]!.confidence };
        }),
      unresolved: (this.unresolvedOf.get(index) ?? []).map((at) => {
        const { name, lines, reason, package: from } = pack.unresolved[at]!;
        return { name, lines, reason, package: from };
      })
    };
  }

  /** Answers what follows edges from symbol to symbol. */
  get queries(): Queries {
    const { role, words } = this.table;
    const roleOf = (at: number) => (role[at] === NO_ROLE ? 'product' : words.role[role[at]!]!);
    const { symbols, edges } = this.pack;
    return (this.following ??= new Queries(this.pack, { symbols, edges, indexOf: this.indexOf }, roleOf));
  }

  /** Gives a file's text with what is known of places in it. */
  code(path: string, text: { bytes: Uint8Array; redacted: number }): FileCode {
    return codeOf(this, path, text.bytes, text.redacted);
  }

  /** Answers a question; the first one waits until the evidence is read. */
  async ask(question: string, bodies: ReadonlyMap<string, Body> | null): Promise<Answer | null> {
    this.evidence ??= Evidence.of(this.pack, bodies, this.textOf);
    return answer(await this.evidence, question);
  }

  /** The text of a file, where the pack is here as a whole. */
  private get textOf(): (path: string) => Uint8Array | null {
    const { sourceIndex, sourceParts } = this.pack;
    const texts = new Map((sourceIndex?.files ?? []).map((file) => [file.file_path, file]));
    return (path) => {
      const text = texts.get(path);
      const part = text && sourceParts.get(sourcePartPath(text.part));
      return part && text.offset + text.bytes <= part.length
        ? part.subarray(text.offset, text.offset + text.bytes)
        : null;
    };
  }

  /** What the page searches in. */
  searchable(): Promise<Searchable> {
    const { symbols, files, documents, edges, unresolved, overviews } = this.pack;
    return searchableOf({
      symbols,
      files,
      documents,
      edges,
      unresolved,
      modules: overviews?.modules ?? [],
      source: this.textOf
    });
  }

  snippets(query: string, hits: readonly SnippetOf[], lines: LinesAtHand): Promise<(Snippet | null)[]> {
    return snippetsOf(this.pack, query, hits, lines);
  }

  async search(query: string, limit: number): Promise<SearchHit[]> {
    return new PackSearch(await this.searchable()).search(query, limit);
  }

  /** Finds what is like a symbol: by the vectors of its text, or by `related` edges where there are none. */
  similar(index: number, limit: number): Similar {
    const { vectors } = this.pack;
    const of = this.holderOf(index);
    const own = of === null || !vectors ? undefined : this.rowsOf.get(of);
    if (!vectors || of === null || !own) return { by: 'edges', of, found: this.relatedByEdges(index, limit) };
    const wanted = vectors.direction(own);
    const found: Similar['found'] = [];
    for (const [symbol, rows] of this.rowsOf) {
      if (symbol === of) continue;
      const score = vectors.cosine(rows, wanted);
      if (score >= LEAST_SIMILAR) found.push({ symbol, score });
    }
    return { by: 'vectors', of, found: best(found, limit) };
  }

  /** The symbol whose text holds a symbol's: its own, before one that it shares. */
  private holderOf(index: number): number | null {
    const record = this.pack.symbols[index];
    const file = record && this.pack.files[this.table.file[index]!];
    const holding = (file?.chunks ?? []).filter(({ symbol_ids }) => symbol_ids.includes(record!.id));
    const first = holding.find(({ symbol_ids }) => symbol_ids[0] === record!.id) ?? holding[0];
    return first ? (this.indexOf.get(first.symbol_ids[0]!) ?? null) : null;
  }

  /** By symbol, the rows of the texts that it is first in. */
  private get rowsOf(): Map<number, number[]> {
    if (this.rows) return this.rows;
    this.rows = new Map();
    let place = 0;
    for (const { chunk_id, symbol_ids } of this.pack.files.flatMap(({ chunks }) => chunks)) {
      const row = this.pack.vectors?.rowOf(chunk_id, place++) ?? null;
      const symbol = symbol_ids[0] === undefined ? undefined : this.indexOf.get(symbol_ids[0]);
      if (row !== null && symbol !== undefined) listAt(this.rows, symbol).push(row);
    }
    return this.rows;
  }

  private relatedByEdges(index: number, limit: number): Similar['found'] {
    const { outgoing, incoming } = this.detail(index);
    const weights = new Map<number, number>();
    for (const { symbol, kind, weight } of [...outgoing, ...incoming]) {
      if (kind === 'related') weights.set(symbol, Math.max(weights.get(symbol) ?? 0, weight ?? 0));
    }
    return best(
      Array.from(weights, ([symbol, score]) => ({ symbol, score })),
      limit
    );
  }

  qualityPage(): QualityPage {
    const { pack } = this;
    const packages = new Map<string, PackageUse>();
    const product = this.table.words.role.indexOf('product');
    for (const { package: name, lines, source } of pack.unresolved) {
      if (name === null) continue;
      const symbol = this.place(source);
      const isProduct = this.table.role[symbol] === product || this.table.role[symbol] === NO_ROLE;
      const use = packages.get(name) ?? { name, references: 0, fromProduct: 0, places: [] };
      packages.set(name, use);
      use.references += lines.length;
      if (isProduct) {
        if (use.fromProduct === 0) use.places = [];
        use.fromProduct += lines.length;
      }
      if ((isProduct || use.fromProduct === 0) && use.places.length < MAX_PLACES)
        use.places.push({ symbol, line: lines[0]! });
    }
    const unresolvedPackages = [...packages.values()]
      .sort((a, b) => b.references - a.references || (a.name < b.name ? -1 : 1))
      .slice(0, 40);
    return { quality: pack.quality!, ambiguous: pack.ambiguous.length, unresolvedPackages };
  }
}

function best(found: Similar['found'], limit: number): Similar['found'] {
  return found.sort((a, b) => b.score - a.score || a.symbol - b.symbol).slice(0, limit);
}

function relation(edge: Edge, symbol: number): Relation {
  const { kind, confidence, evidence, weight, sites } = edge;
  return { symbol, kind, confidence, evidence, weight, sites };
}

function listAt<K, V>(map: Map<K, V[]>, key: K): V[] {
  let list = map.get(key);
  if (!list) map.set(key, (list = []));
  return list;
}
