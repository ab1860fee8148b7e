import type { Answer } from '$lib/ask/answer';
import type { ImpactAnswer, PathAnswer } from '$lib/query/answers';
import type {
  Ambiguous,
  Cluster,
  EdgeKind,
  Evidence,
  Gap,
  Insights,
  Manifest,
  Overviews,
  Quality,
  Site,
  SourceFile,
  SymbolRecord,
  Tour,
  Unresolved
} from './records';

/**
 * A pack as the explorer sees it, wherever it lies: a file in the browser, or entries behind the API.
 *
 * Symbols are named by their place in `nodes.json`, in ascending order of ids; `SymbolTable.ids` leads back.
 * Everything is asked for when it is needed, so that the map is drawn before the whole pack is read.
 */
export interface PackSource {
  /** What is known first: what the pack is, and where everything lies. */
  head(): Promise<PackHead>;
  table(): Promise<SymbolTable>;
  edges(): Promise<EdgeTable>;
  detail(symbol: number): Promise<SymbolDetail>;
  search(query: string, limit: number): Promise<SearchHit[]>;
  /** Answers a question with evidence, as `doctown ask` does; null for what is no question. */
  ask(question: string): Promise<Answer | null>;
  /** Quotes the line of each hit that holds most of the query; null where the pack has no words of it. */
  snippets(query: string, hits: readonly SnippetOf[]): Promise<(Snippet | null)[]>;
  similar(symbol: number, limit: number): Promise<Similar>;
  /** Follows what a change to a symbol may affect, as `doctown impact` does. */
  impact(symbol: number): Promise<ImpactAnswer>;
  /** Finds the shortest way by calls, as `doctown path` does. */
  path(from: number, to: number): Promise<PathAnswer>;
  overviews(): Promise<Overviews>;
  /** Null in packs of earlier versions. */
  tour(): Promise<Tour | null>;
  /** Null in packs of earlier versions. */
  insights(): Promise<Insights | null>;
  quality(): Promise<QualityPage>;
  imports(file: number): Promise<SourceFile['imports']>;
  /** Gives lines of a file, by its place or path, from 1 and including the last; null where the pack has no text of it. */
  lines(file: number | string, first: number, last: number): Promise<SourceLines | null>;
  /** Gives a whole file or document with what the pack knows of places in it; null where the pack has no text of it. */
  code(path: string): Promise<FileCode | null>;
  /** Everything that was checked; the last checks end after the map is drawn. */
  verification(): Promise<Verification>;
  download(): Promise<Download>;
  /** Searches where the pack lies, by words and by meaning; null where nothing but this browser has it. */
  readonly rank: ((query: string, limit: number, signal: AbortSignal) => Promise<Ranked>) | null;
  /** Tells how far reading has come, until it is over. */
  onprogress: ((progress: Progress) => void) | null;
  close(): void;
}

export interface Download {
  name: string;
  bytes: number;
  /** Where the archive can be had without holding it in memory first. */
  url?: string;
  open: () => Promise<Blob>;
}

/** Finds in the order of the index that ranked them. */
export interface Ranked {
  hits: SearchHit[];
  byMeaning: boolean;
}

export interface Progress {
  /** The entry that is read now. */
  entry: string;
  bytesRead: number;
  bytesTotal: number;
}

/** Tells whether texts of a pack can be compared by meaning. */
export function hasVectors({ optional }: Manifest): boolean {
  return optional.has_vectors || optional.has_embeddings;
}

export interface PackHead {
  manifest: Manifest;
  clusters: Omit<Cluster, 'members'>[];
  /** By symbol: place in `clusters`, or -1. */
  cluster: Int32Array;
}

/** Packs before `docpack/1.1` have no roles. */
export const NO_ROLE = -1;

export interface SymbolTable {
  ids: string[];
  names: string[];
  qualifiedNames: string[];
  /** The words that codes stand for: those of the format, then those that only this pack has. */
  words: Record<'kind' | 'language' | 'visibility' | 'role', readonly string[]>;
  kind: Uint16Array;
  language: Uint16Array;
  visibility: Uint16Array;
  /** Its own role or its file's; `NO_ROLE` in a pack that records none. */
  role: Int16Array;
  file: Uint32Array;
  line: Uint32Array;
  parent: Int32Array;
  centrality: Float32Array;
  inDegree: Uint32Array;
  outDegree: Uint32Array;
  cyclomatic: Uint32Array;
  files: FileRow[];
  skipped: { file_path: string; reason: string }[];
}

const PLACES = new WeakMap<SymbolTable, ReadonlyMap<string, number>>();

/** Gives the places of symbols by their ids; they are gathered once for a table. */
export function placesOf(table: SymbolTable): ReadonlyMap<string, number> {
  let places = PLACES.get(table);
  if (!places) PLACES.set(table, (places = new Map(table.ids.map((id, at) => [id, at]))));
  return places;
}

export interface FileRow {
  path: string;
  language: number;
  bytes: number;
  lines: number;
  symbols: number;
  gaps: Gap[];
  /** Code in `SymbolTable.words.role`, or `NO_ROLE`. */
  role: number;
  roleReason: string | null;
}

/** All edges, and by symbol the places of those that leave it and lead to it. */
export interface EdgeTable {
  source: Uint32Array;
  target: Uint32Array;
  /** The words that `kind` stands for. */
  kinds: readonly string[];
  kind: Uint16Array;
  confidence: Float32Array;
  /** 1 where following values found the edge: its source names nothing of its target. */
  isFollowed: Uint8Array;
  /** `outgoing[outgoingStart[s] .. outgoingStart[s + 1]]` are the edges that leave `s`. */
  outgoingStart: Uint32Array;
  outgoing: Uint32Array;
  incomingStart: Uint32Array;
  incoming: Uint32Array;
  floor: number;
  density: number;
  modularity: number;
}

export interface Relation {
  symbol: number;
  kind: EdgeKind;
  confidence: number;
  evidence: Evidence;
  weight: number | null;
  sites: Site[];
}

/** Lines of a file as text that hides nothing: control characters are spelt. */
export interface SourceLines {
  /** The line that `lines` begin with. */
  first: number;
  lines: string[];
  /** How many lines the file has. */
  total: number;
  /** Secrets among these lines that were replaced by asterisks. */
  redacted: number;
}

/** A name in source text that the pack knows something of. */
export interface CodeMark {
  /** From 1. */
  line: number;
  /** Places in the line as it is shown, in UTF-16 units. */
  from: number;
  to: number;
  kind: 'declaration' | 'call' | 'reference' | 'uncertain';
  /** The surest first. */
  targets: { symbol: number; confidence: number; isFollowed: boolean }[];
}

export interface FileCode {
  path: string;
  lines: string[];
  /** How many lines the file has; there may be more than are given. */
  total: number;
  redacted: number;
  /** What the file defines, in its order. */
  symbols: number[];
  /** By line, then by place in it. */
  marks: CodeMark[];
}

export interface SymbolDetail {
  index: number;
  record: SymbolRecord;
  outgoing: Relation[];
  incoming: Relation[];
  /** Calls and uses as a value, by file and line; of a type, those of its constructors too. */
  callers: Relation[];
  callees: Relation[];
  /** Whether nothing else in the repository can call it. */
  callersComplete: boolean;
  children: number[];
  ambiguous: (Omit<Ambiguous, 'candidates' | 'source'> & { candidates: { symbol: number; confidence: number }[] })[];
  /** References elsewhere that may mean this symbol. */
  candidateOf: { symbol: number; name: string; line: number; confidence: number }[];
  unresolved: Omit<Unresolved, 'source'>[];
}

export interface SearchHit {
  kind: 'symbol' | 'file' | 'folder' | 'section';
  /** -1 for what is no symbol. */
  symbol: number;
  /** Of what is no symbol. */
  name: string;
  path: string;
  /** Where a section begins. */
  line: number | null;
  /** What matched: shown where it is not the name. */
  field: 'name' | 'path' | 'text' | 'meaning';
  /** Tests, examples and the like that the query did not ask for: they come after the product's code. */
  isAside: boolean;
}

/** From one place in a text up to another. */
export type Range = [from: number, to: number];

/** A line of what was found, with the words of the query in it. */
export interface Snippet {
  text: string;
  /** Of its file; null for text that stands elsewhere, such as a comment that was joined. */
  line: number | null;
  marks: Range[];
}

/** What of a hit its snippet depends on. */
export type SnippetOf = Pick<SearchHit, 'kind' | 'symbol' | 'path' | 'line' | 'field'>;

export interface Similar {
  /** `vectors`: by the text's embedding; `edges`: by `related` edges, because the pack has no vectors of it. */
  by: 'vectors' | 'edges';
  /** The symbol whose text was compared: itself, or what holds it; null where no text holds it. */
  of: number | null;
  /** Of at least `LEAST_SIMILAR`, the most similar first. */
  found: { symbol: number; score: number }[];
}

/** What is farther is related to anything: by chance two functions of a repository have 0.2 to 0.3. */
export const LEAST_SIMILAR = 0.4;

export interface QualityPage {
  quality: Quality;
  ambiguous: number;
  unresolvedPackages: PackageUse[];
}

/** How much the code uses a package outside of it. */
export interface PackageUse {
  name: string;
  references: number;
  /** Of those, how many come from the product: neither tests nor examples nor anything else beside it. */
  fromProduct: number;
  /** The first of these references, those of the product before others. */
  places: { symbol: number; line: number }[];
}

export interface CheckLine {
  what: string;
  ok: boolean;
  detail: string;
}

export interface Verification {
  ok: boolean;
  checks: CheckLine[];
}
