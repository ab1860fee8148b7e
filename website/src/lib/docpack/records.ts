// Written from common/docpack/schemas by `npm run records`; change those and run it again.

/** The words that this version of the format knows. A pack of a later version may have others. */
export const WORDS = {
  ConditionKind: ['if', 'otherwise', 'loop', 'case', 'catch', 'finally', 'closure'],
  Effect: ['file_read', 'file_write', 'network', 'database', 'process', 'log', 'clock', 'random', 'environment', 'lock', 'spawn'],
  StepKind: ['call', 'return', 'yield', 'raise', 'propagate', 'write', 'await', 'read'],
  LiteralKind: ['status', 'method', 'route', 'header', 'option', 'environment', 'sql', 'url', 'text', 'number'],
  Evidence: ['scope', 'import', 'type', 'hierarchy', 'flow', 'dispatch', 'similarity', 'history'],
  EdgeKind: ['calls', 'imports', 'contains', 'references', 'references_type', 'implements', 'extends', 'related', 'co_changed'],
  InsightFamily: ['purpose', 'flow', 'errors', 'configuration', 'extension', 'data_model', 'risks'],
  SymbolKind: ['module', 'function', 'method', 'constructor', 'class', 'struct', 'enum', 'enum_variant', 'union', 'trait', 'interface', 'impl', 'field', 'property', 'constant', 'static', 'variable', 'type_alias', 'macro'],
  Language: ['rust', 'python', 'typescript', 'javascript', 'go'],
  Role: ['product', 'test', 'example', 'benchmark', 'generated', 'script', 'configuration', 'documentation'],
  Visibility: ['public', 'internal', 'protected', 'private'],
  FlowStepKind: ['call', 'uncertain', 'dynamic', 'hand_over', 'external', 'return', 'yield', 'raise', 'write'],
  Topic: ['purpose', 'documentation', 'layout', 'start', 'types', 'configuration', 'errors', 'tests', 'extension', 'glossary', 'reading']
} as const;

/** A word that is known, or one of a later version. */
type Word<List extends keyof typeof WORDS> = (typeof WORDS)[List][number] | (string & {});

export type ConditionKind = Word<'ConditionKind'>;

/** What decides whether, or how often, steps run. */
export interface Condition {
  /** What sort of decision it is. */
  kind: ConditionKind;
  /** 1-based. */
  line: number;
  /** As written, spaces collapsed, at most 120 bytes and `…`; of an `otherwise` what does not hold. */
  text: string | null;
  /** The condition around it, by its place in `conditions`, from 0. */
  within: number | null;
}

export type Effect = Word<'Effect'>;

export type StepKind = Word<'StepKind'>;

export type LiteralKind = Word<'LiteralKind'>;

/** A literal of a step. */
export interface Literal {
  /** What it stands for. */
  kind: LiteralKind;
  /** Without its quotes. */
  text: string;
}

/** One thing that a body does. */
export interface Step {
  /** Of a call or a raised value, as written, each at most 120 bytes and `…`; at most 8. */
  arguments: string[];
  /** The step waits for the result. */
  awaited: boolean;
  /** 0-based; of a call the same as its edge's site. */
  byte_start: number;
  /** What a call of a library that is known does to the world outside. */
  effect: Effect | null;
  /** What it does. */
  kind: StepKind;
  /** 1-based. */
  line: number;
  /** At most 8. Literals that mean something to a reader: a status code, a route, the name of a header. */
  literals: Literal[];
  /** The called path, what is returned or raised, or the target of a write, as written; at most 120 bytes and `…`. */
  text: string | null;
  /** The innermost condition, by its place in `conditions`, from 0. */
  under: number | null;
  /** What is written into the target, at most 120 bytes and `…`; of an update what follows it, `+= 1`. */
  value: string | null;
}

export type SymbolId = string;

/** What one callable does, or one file when it is loaded.

A nested symbol has a body of its own; a function without a symbol belongs to the body around it. */
export interface Body {
  /** At most 128; a condition comes before those within it. */
  conditions: Condition[];
  /** Steps or conditions beyond the limits were left out. */
  cut: boolean;
  /** At most 256, in the order in which they run where nothing jumps. */
  steps: Step[];
  /** The symbol in `nodes.json`. */
  symbol_id: SymbolId;
}

/** `bodies.json`: what callables do, step by step. */
export interface Bodies {
  /** In ascending order of the symbol's id. */
  bodies: Body[];
}

export type ClusterId = string;

/** Symbols that belong together. */
export interface Cluster {
  /** Derived from the members. */
  cluster_id: ClusterId;
  /** Mean cosine of the members to the cluster's centre. */
  cohesion: number;
  /** One or two words. */
  label: string;
  /** How many members. */
  member_count: number;
  /** In ascending order. */
  members: SymbolId[];
}

/** `clusters.json`: symbols that belong together. */
export interface Clusters {
  /** Largest first, then by id. */
  clusters: Cluster[];
}

/** Where each chunk's row starts in `embeddings.bin`. */
export interface EmbeddingsIndex {
  /** Byte offset in `embeddings.bin` by chunk id. */
  chunks: [key: string, value: number][];
}

/** One possible target. */
export interface Candidate {
  /** How sure it is, below the floor. */
  confidence: number;
  /** The possible target. */
  id: SymbolId;
}

/** A reference with several possible targets. */
export interface Ambiguous {
  /** The possible targets. */
  candidates: Candidate[];
  /** 1-based. */
  line: number;
  /** The name as written. */
  name: string;
  /** The symbol that refers. */
  source: SymbolId;
}

export type Evidence = Word<'Evidence'>;

export type EdgeKind = Word<'EdgeKind'>;

/** Where in the source symbol's file the relation is written. */
export interface Site {
  /** 0-based. */
  byte_start: number;
  /** 1-based. */
  line: number;
}

/** One relation from symbol to symbol. */
export interface Edge {
  /** How sure it is: of edges at 0.9, nine in ten are right. */
  confidence: number;
  /** How it was found. */
  evidence: Evidence;
  /** How the two stand to each other. */
  kind: EdgeKind;
  /** Where it is written, sorted. */
  sites: Site[];
  /** Where it starts. */
  source: SymbolId;
  /** Where it leads. */
  target: SymbolId;
  /** How strong, for `related` and `co_changed`; 0..1. */
  weight: number | null;
}

/** Numbers about the graph as a whole. */
export interface GraphMetrics {
  /** Edges there are, of those that could be. */
  density: number;
  /** How well the clusters part the graph. */
  modularity: number;
}

/** References of one name from one symbol that lead to no symbol of the pack. */
export interface Unresolved {
  /** 1-based, sorted. */
  lines: number[];
  /** The name as written. */
  name: string;
  /** The package or built-in namespace that an import names. */
  package: string | null;
  /** `external`, `dynamic` or `unknown`. */
  reason: string;
  /** The symbol that refers. */
  source: SymbolId;
}

/** `graph.json`: how symbols stand to each other. */
export interface Graph {
  /** References with several possible targets, by source, line and name. */
  ambiguous: Ambiguous[];
  /** Nothing below it is an edge. */
  confidence_floor: number | null;
  /** By source, target and kind; one edge for each of these. */
  edges: Edge[];
  /** Of the graph as a whole. */
  metrics: GraphMetrics | null;
  /** References that lead out of the repository or nowhere, by source, name, reason and package. */
  unresolved: Unresolved[];
}

export type InsightFamily = Word<'InsightFamily'>;

/** What a statement follows from: a symbol, an edge, a place, a file or a folder. */
export interface TourEvidence {
  /** A file or a document of `source_map.json`, or a folder that has some; the root is empty. */
  file_path: string | null;
  /** 1-based, of that file. */
  line: number | null;
  /** A symbol in `nodes.json`. */
  symbol_id: SymbolId | null;
  /** The symbol that an edge leads to from `symbol_id`. */
  target_id: SymbolId | null;
}

/** Words that the authors wrote, without their markup. */
export interface Quote {
  /** A file or a document of `source_map.json`. */
  file_path: string;
  /** 1-based. */
  line: number;
  /** At most 400 characters, cut at a word. */
  text: string;
}

/** A number or a text of the code. */
export type InsightValue = number | string;

/** One statement; names of code stand between backticks. */
export interface InsightClaim {
  /** What it follows from, the subject's own place first. */
  evidence: TourEvidence[];
  /** Family, kind and place: `risks.complex.1`. */
  id: string;
  /** The author's own words. */
  quote: Quote | null;
  /** What it is about, as people name it: a symbol, a file, a variable, a language. */
  subject: string;
  /** The statement; empty where the quote says it. */
  text: string | null;
  /** What the group's measure is of this subject. */
  value: InsightValue | null;
}

/** What the values of a group's claims are. */
export interface Measure {
  /** Where it comes from: a field, as in `nodes.complexity.cyclomatic`, or `computed.` and a name. */
  fact: string;
  /** What is counted or named: `decisions`. */
  name: string;
}

/** Claims of one kind. */
export interface InsightGroup {
  /** Why these are told and others are not: the threshold and its reason. */
  because: string | null;
  /** At least one. */
  claims: InsightClaim[];
  /** A word; later versions may add others. */
  kind: string;
  /** How many more there would be. */
  left_out: number | null;
  /** What the claims' values are; left out where they have none. */
  measure: Measure | null;
  /** The order means something: the first claim has the most. */
  ordered: boolean;
  /** Its heading. */
  title: string;
}

/** What the facts answer to one question. */
export interface Insight {
  /** Which question it is. */
  family: InsightFamily;
  /** Claims of one kind each, in reading order; none is empty. */
  groups: InsightGroup[];
  /** What could not be computed, and what the numbers do not say. */
  limits: string[];
  /** The question as a person asks it. */
  question: string;
  /** Its heading. */
  title: string;
}

/** A model's words on one question. */
export interface InsightWords {
  /** The ids of the claims that it rests on, in the model's order. */
  claims: string[];
  /** Which question. */
  family: InsightFamily;
  /** A sentence of the model's own; left out where the claims say it all. */
  sentence: string | null;
  /** `verified`, or `unchecked`: nobody checked the sentence. */
  verdict: string;
}

/** `insights.json`: what the facts of a pack answer to a few questions, as claims that can be checked. */
export interface Insights {
  /** In reading order; a question that the facts answer nothing to is left out. */
  families: Insight[];
  /** The same in a model's words, where one was asked; at most one of each family. */
  words: InsightWords[];
}

/** Where a cluster lies on the map. */
export interface ClusterPosition {
  /** Which cluster. */
  cluster_id: ClusterId;
  /** Of the disk that holds its symbols. */
  radius: number;
  /** From the left, 0..1. */
  x: number;
  /** From the top, 0..1. */
  y: number;
}

/** Where a symbol lies on the map. */
export interface SymbolPosition {
  /** Which symbol. */
  id: SymbolId;
  /** From the left, 0..1. */
  x: number;
  /** From the top, 0..1. */
  y: number;
}

/** A position for everything on the map, within the unit square. */
export interface Layout {
  /** In ascending id order. */
  clusters: ClusterPosition[];
  /** In ascending id order. */
  symbols: SymbolPosition[];
}

export type Digest = string;

/** The pack id as a checksum. */
export interface Checksum {
  /** `sha256`. */
  algorithm: string;
  /** Equal to `docpack_id`. */
  value: Digest;
}

/** The model that made the vectors. */
export interface EmbeddingModel {
  /** Over the model's weights. */
  digest: Digest;
  /** Longer texts are cut here. */
  max_tokens: number;
  /** The model. */
  name: string;
  /** Vectors have length 1. */
  normalized: boolean;
  /** How token vectors become one: `mean`. */
  pooling: string;
  /** `fp32` or `int8`. */
  precision: string;
  /** What computed: `cpu` or `cuda`. */
  provider: string;
  /** The version of the library that computed. */
  runtime_version: string;
}

/** One entry as the manifest knows it. */
export interface EntryDigest {
  /** Uncompressed size. */
  bytes: number;
  /** The entry's path in the archive. */
  path: string;
  /** Over the uncompressed bytes, 64 hex digits. */
  sha256: string;
}

/** The program that made the pack. */
export interface Generator {
  /** The program. */
  name: string;
  /** Its version. */
  version: string;
}

/** Something the request wanted and the pack lacks. */
export interface Missing {
  /** Why, as a stable word. */
  code: string;
  /** The entry or feature. */
  what: string;
}

/** Which optional entries there are. */
export interface Optional {
  /** `bodies.json`; left out where there is none. */
  has_bodies: boolean;
  /** `embeddings.bin` and `embeddings_index.json`. */
  has_embeddings: boolean;
  /** Any entry under `history/`. */
  has_history: boolean;
  /** `insights.json`. */
  has_insights: boolean;
  /** `source_index.json` and the texts under `source/`; left out where there are none. */
  has_source: boolean;
  /** `symbol_contexts.json`. */
  has_symbol_contexts: boolean;
  /** `tour.json`; left out where there is none. */
  has_tour: boolean;
  /** `vectors.bin`; left out where there is none. */
  has_vectors: boolean;
}

/** What the pack is made from. */
export interface Source {
  /** The commit that was read; null for a folder or archive without one. */
  commit_hash: string | null;
  /** The checkout had changes that are in no commit. */
  dirty: boolean;
  /** The branch or tag that was asked for. */
  git_ref: string | null;
  /** The normalised remote; never a local path. */
  repo_url: string | null;
  /** Over path, size and digest of every file read, in path order. */
  tree_digest: Digest;
}

/** How much the pack holds. */
export interface Statistics {
  /** Chunks in `source_map.json`. */
  chunk_count: number;
  /** Clusters in `clusters.json`. */
  cluster_count: number;
  /** Edges in `graph.json`. */
  edge_count: number;
  /** Numbers per vector; 0 without embeddings. */
  embedding_dimensions: number;
  /** Files in `source_map.json`, without those skipped. */
  file_count: number;
  /** Symbols in `nodes.json`. */
  symbol_count: number;
}

/** What the pack is, of what, made by which tools; the digests of everything else. */
export interface Manifest {
  /** The pack id once more, with its algorithm. */
  checksum: Checksum;
  /** The commit's time in UTC, `2024-05-01T12:00:00Z`; the epoch without a commit. */
  created_at: string;
  /** Over this manifest in canonical form without `docpack_id` and `checksum.value`. */
  docpack_id: Digest;
  /** What made the vectors. */
  embedding_model: EmbeddingModel | null;
  /** Every entry but this one, in archive order. */
  entries: EntryDigest[];
  /** Over what every machine computes equally. */
  facts_digest: Digest;
  /** What made the pack. */
  generator: Generator;
  /** What was wanted and is not there, sorted. */
  missing: Missing[];
  /** Which optional entries there are. */
  optional: Optional;
  /** Over what is told in sentences. */
  prose_digest: Digest;
  /** The format and its version, `docpack/1.1`. */
  schema_version: string;
  /** Over what vectors, clusters and positions say. */
  semantics_digest: Digest;
  /** What the pack is made from. */
  source: Source;
  /** How much the pack holds. */
  statistics: Statistics;
}

/** Bytes of a file, 0-based and half-open. */
export interface ByteRange {
  /** The byte past the last. */
  end: number;
  /** The first byte. */
  start: number;
}

/** How hard a callable is to follow. */
export interface Complexity {
  /** Decisions weighted by how deep they nest. */
  cognitive: number;
  /** Paths through the body: decisions and one. */
  cyclomatic: number;
}

/** A summary and what it rests on. */
export interface Documentation {
  /** What each sentence rests on: `doc_comment`, `signature`, `calls:<name>` and the like. */
  evidence: string[];
  /** `model` or `extractive`. */
  source: string;
  /** The sentences. */
  summary: string;
  /** `verified`, `extractive`, or `unchecked`: a model wrote a part of it that nobody checked. */
  verdict: string;
}

export type SymbolKind = Word<'SymbolKind'>;

export type Language = Word<'Language'>;

/** Lines of a file, 1-based and inclusive. */
export interface LineRange {
  /** The last line. */
  end: number;
  /** The first line. */
  start: number;
}

/** One parameter of a callable. */
export interface Parameter {
  /** What it is where a call leaves it out, as written. */
  default: string | null;
  /** As written, with its pattern or star. */
  name: string;
  /** As written. */
  type: string | null;
}

export type Role = Word<'Role'>;

export type Visibility = Word<'Visibility'>;

/** One named thing defined in code. */
export interface SymbolRecord {
  /** Decorators and attributes as written, in order. */
  attributes: string[];
  /** Base classes, supertraits or embedded types, as written. */
  bases: string[];
  /** The whole definition. */
  byte_range: ByteRange;
  /** No call of the repository that is ambiguous, unresolved or made through a value could mean it. */
  callers_complete: boolean;
  /** PageRank scaled to 0..1. */
  centrality: number;
  /** The cluster it belongs to. */
  cluster_id: ClusterId | null;
  /** Of callables with a body. */
  complexity: Complexity | null;
  /** Without its comment marks. */
  doc_comment: string | null;
  /** A summary in one or two sentences. */
  documentation: Documentation | null;
  /** It is reachable from outside its package or module. */
  exported: boolean;
  /** The file in `source_map.json`. */
  file_path: string;
  /** Type parameters and lifetimes, as written. */
  generics: string[];
  /** Derived from language, path, qualified name, kind, signature and ordinal. */
  id: SymbolId;
  /** For an impl block: the trait or interface as written. */
  implements: string | null;
  /** Edges that lead to it. */
  in_degree: number;
  /** What it is. */
  kind: SymbolKind;
  /** What it is written in. */
  language: Language;
  /** The lines of the whole definition. */
  line_range: LineRange;
  /** `async`, `const`, `static` and the like, sorted. */
  modifiers: string[];
  /** As written. */
  name: string;
  /** Edges that leave it. */
  out_degree: number;
  /** In order. */
  parameters: Parameter[];
  /** The symbol that holds it. */
  parent: SymbolId | null;
  /** Through the scopes that hold it, in the language's own notation. */
  qualified_name: string;
  /** As written. */
  return_type: string | null;
  /** What it is for; left out in packs before 1.1. */
  role: Role | null;
  /** Why it has its role; left out where its file says the same. */
  role_reason: string | null;
  /** Its head without the body, in normal spacing. */
  signature: string;
  /** Who may see it. */
  visibility: Visibility;
}

/** `nodes.json`: the symbols. */
export interface Nodes {
  /** In ascending id order. */
  symbols: SymbolRecord[];
}

/** Sentences about the whole. */
export interface OverviewText {
  /** `model` or `extractive`. */
  source: string;
  /** A few sentences. */
  text: string;
  /** `verified`, `extractive`, or `unchecked`: a model wrote a part of it that nobody checked. */
  verdict: string;
}

/** Sentences about one folder. */
export interface ModuleOverview {
  /** The folder. */
  path: string;
  /** `model` or `extractive`. */
  source: string;
  /** A few sentences. */
  text: string;
  /** `verified`, `extractive`, or `unchecked`: a model wrote a part of it that nobody checked. */
  verdict: string;
}

/** `overviews.json`: the whole and its folders in sentences. */
export interface Overviews {
  /** Of the whole. */
  architecture: OverviewText;
  /** Of each folder, in path order. */
  modules: ModuleOverview[];
}

/** Edges whose confidence is in `[from, to)`; the last bucket includes its end. */
export interface HistogramBucket {
  /** How many edges. */
  edges: number;
  /** Least confidence. */
  from: number;
  /** Confidence that is past the bucket. */
  to: number;
}

/** What became of the calls. */
export interface CallCounts {
  /** They have several possible targets. */
  ambiguous: number;
  /** What is called is a value, such as a parameter, or depends on one. */
  dynamic: number;
  /** They lead out of the repository. */
  external: number;
  /** They are edges. */
  resolved: number;
  /** Nothing of that name was found. */
  unknown: number;
}

/** How parsing and resolution went in one language. */
export interface LanguageQuality {
  /** What became of the calls. */
  calls: CallCounts;
  /** Places that could not be parsed. */
  error_nodes: number;
  /** Files parsed. */
  files: number;
  /** Files of which a part could not be parsed. */
  files_with_errors: number;
  /** Which language. */
  language: Language;
}

/** Where summaries came from. */
export interface SummaryCounts {
  /** Put together from comments, names and facts. */
  extractive: number;
  /** Written by a model. */
  model: number;
  /** Asked of a model, and nothing of the answer could be used. */
  rejected: number;
  /** Of these, those with a part that nobody checked. */
  unchecked: number | null;
}

/** `quality.json`: how far the pack can be relied on. */
export interface Quality {
  /** Edges by confidence, ascending. */
  confidence_histogram: HistogramBucket[];
  /** One per language, in the order of the vocabulary. */
  languages: LanguageQuality[];
  /** How neighbours were searched: `exact`, `cells` or `none`. */
  neighbour_search: string;
  /** Secrets that were replaced by `[REDACTED:rule]` in comments, signatures and imports, by rule. */
  secrets_redacted: [key: string, value: number][];
  /** Where summaries came from. */
  summaries: SummaryCounts;
}

/** A secret, each of whose bytes but line feeds was replaced by `*`. */
export interface Redaction {
  /** The byte past the last. */
  end: number;
  /** Which rule found it. */
  rule: string;
  /** The first byte in the file. */
  start: number;
}

/** Where the text of one file lies. */
export interface SourceText {
  /** The size of the text, and of the file. */
  bytes: number;
  /** A file or a document of `source_map.json`. */
  file_path: string;
  /** Where the text begins in that entry. */
  offset: number;
  /** The number in the name of the entry: 3 for `source/0003.txt`. */
  part: number;
  /** What was made unreadable, in file order. */
  redactions: Redaction[];
}

/** Where the text of each file lies. */
export interface SourceIndex {
  /** In ascending path order. */
  files: SourceText[];
}

/** A heading of a document and the text under it. */
export interface Section {
  /** From the heading to the next heading of its level or above. */
  byte_range: ByteRange;
  /** How deep it is; 1 for the highest. */
  level: number;
  /** 1-based, of the heading. */
  line: number;
  /** The symbols that its text names, up to the next heading of any level, in the order in which it names them. */
  symbol_ids: SymbolId[];
  /** The heading without its marks. */
  title: string;
}

/** One text about the code that was read: Markdown, reStructuredText or plain text. */
export interface DocumentRecord {
  /** Its size. */
  bytes: number;
  /** From the root of the repository, with `/`. */
  file_path: string;
  /** What it is for: `documentation`, or what its path says. */
  role: Role;
  /** In file order. */
  sections: Section[];
  /** Over its bytes, 64 hex digits. */
  sha256: string;
}

export type ChunkId = string;

/** One text that is embedded. */
export interface Chunk {
  /** Derived from path, text and ordinal. */
  chunk_id: ChunkId;
  /** The symbols whose text it holds. */
  symbol_ids: SymbolId[];
}

/** Something of a file that was not read. */
export interface Gap {
  /** Why, as a stable word: `syntax_error`, or a limit such as `too_many_symbols`. */
  code: string;
  /** 1-based, of the first place, where a line can be told. */
  line: number | null;
  /** How many places; 1 for what concerns the file as a whole. */
  places: number;
}

/** One import statement. */
export interface ImportStatement {
  /** 1-based. */
  line: number;
  /** In normal form. */
  path: string;
  /** As written. */
  raw: string;
}

/** One file that was parsed. */
export interface SourceFile {
  /** Its size. */
  bytes: number;
  /** In file order. */
  chunks: Chunk[];
  /** From the root of the repository, with `/`. */
  file_path: string;
  /** What was not read of it, in ascending order of code; left out where all was read. */
  gaps: Gap[];
  /** In file order. */
  imports: ImportStatement[];
  /** What it is written in. */
  language: Language;
  /** How many lines it has. */
  lines: number;
  /** What it is for; left out in packs before 1.1. */
  role: Role | null;
  /** Why it has its role: a code, then what was found, such as `path:tests/`. */
  role_reason: string | null;
}

/** A file that was seen and not parsed. */
export interface SkippedFile {
  /** From the root of the repository, with `/`. */
  file_path: string;
  /** Why, as a stable word. */
  reason: string;
}

/** `source_map.json`: the files. */
export interface SourceMap {
  /** Texts about the code, in ascending path order; left out where there are none. */
  documents: DocumentRecord[];
  /** In ascending path order. */
  files: SourceFile[];
  /** In ascending path order. */
  skipped: SkippedFile[];
}

/** One statement; names of code stand between backticks. */
export interface TourItem {
  /** 0 for a statement, 1 for a detail of the one before it. */
  depth: number | null;
  /** What it follows from, the quote aside. */
  evidence: TourEvidence[];
  /** The author's own words. */
  quote: Quote | null;
  /** The statement; empty where the quote says it. */
  text: string | null;
}

export type FlowStepKind = Word<'FlowStepKind'>;

/** One step of a flow. */
export interface FlowStep {
  /** Under which conditions, from the outermost to the innermost. */
  condition: string | null;
  /** 0 in the callable that the flow starts from. */
  depth: number;
  /** Of that callable. */
  file_path: string;
  /** What sort of step it is. */
  kind: FlowStepKind;
  /** 1-based. */
  line: number;
  /** What the author says of the called symbol. */
  quote: Quote | null;
  /** The callable in which the step stands. */
  symbol_id: SymbolId;
  /** The called symbol. */
  target_id: SymbolId | null;
  /** What happens. */
  text: string;
}

/** What happens from one callable on. */
export interface Flow {
  /** A sequence diagram as Mermaid text. */
  diagram: string | null;
  /** What the walk did not follow. */
  ends: TourItem[];
  /** How many more steps there would be in the callables that were followed. */
  left_out: number | null;
  /** What the author says of that callable. */
  quote: Quote | null;
  /** In the order of the code; what a called callable does follows the call, one deeper. */
  steps: FlowStep[];
  /** Where it starts. */
  symbol_id: SymbolId;
  /** Its heading. */
  title: string;
}

export type Topic = Word<'Topic'>;

/** What there is to say about one topic. */
export interface TourSection {
  /** A diagram as Mermaid text. */
  diagram: string | null;
  /** The most important first; details follow what they belong to. */
  items: TourItem[];
  /** How many more items of its first level there would be. */
  left_out: number | null;
  /** Its heading. */
  title: string;
  /** What it is about. */
  topic: Topic;
}

/** `tour.json`: one page for a reader who sees the code for the first time.

Every statement names the symbols, files and lines that it follows from. */
export interface Tour {
  /** What happens from an entry point on, step by step; the most telling first. */
  flows: Flow[];
  /** In reading order; a topic that the code says nothing about is left out. */
  sections: TourSection[];
}
