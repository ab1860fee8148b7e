/** The records of a pack as its JSON has them; `check.ts` makes sure that they are what they say. */

export const LANGUAGES = ['rust', 'python', 'typescript', 'javascript', 'go'] as const;
export type Language = (typeof LANGUAGES)[number];

export const SYMBOL_KINDS = [
  'module', 'function', 'method', 'constructor', 'class', 'struct', 'enum', 'enum_variant', 'union', 'trait',
  'interface', 'impl', 'field', 'property', 'constant', 'static', 'variable', 'type_alias', 'macro'
] as const;
export type SymbolKind = (typeof SYMBOL_KINDS)[number];

export const VISIBILITIES = ['public', 'internal', 'protected', 'private'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export const EDGE_KINDS = [
  'calls', 'imports', 'contains', 'references', 'references_type', 'implements', 'extends', 'related', 'co_changed'
] as const;
export type EdgeKind = (typeof EDGE_KINDS)[number];

export const EVIDENCE = ['scope', 'import', 'type', 'hierarchy', 'flow', 'dispatch', 'similarity', 'history'] as const;
export type Evidence = (typeof EVIDENCE)[number];

/** Words as the numbers that tables hold: their places in the lists above. */
export const codeOf = {
  kind: new Map(SYMBOL_KINDS.map((word, code) => [word, code])),
  language: new Map(LANGUAGES.map((word, code) => [word, code])),
  visibility: new Map(VISIBILITIES.map((word, code) => [word, code])),
  edge: new Map(EDGE_KINDS.map((word, code) => [word, code]))
};

export interface EntryDigest {
  path: string;
  bytes: number;
  sha256: string;
}

export interface Manifest {
  schema_version: string;
  docpack_id: string;
  facts_digest: string;
  semantics_digest: string;
  prose_digest: string;
  created_at: string;
  source: {
    repo_url: string | null;
    git_ref: string | null;
    commit_hash: string | null;
    tree_digest: string;
    dirty: boolean;
  };
  generator: { name: string; version: string };
  statistics: {
    file_count: number;
    symbol_count: number;
    edge_count: number;
    chunk_count: number;
    cluster_count: number;
    embedding_dimensions: number;
  };
  optional: Record<'has_embeddings' | 'has_symbol_contexts' | 'has_history' | 'has_insights', boolean>;
  checksum: { algorithm: string; value: string };
  entries: EntryDigest[];
  embedding_model: { name: string; precision: string } | null;
  missing: { what: string; code: string }[];
}

export interface SymbolRecord {
  id: string;
  name: string;
  qualified_name: string;
  kind: SymbolKind;
  language: Language;
  file_path: string;
  byte_range: { start: number; end: number };
  line_range: { start: number; end: number };
  signature: string;
  parameters: { name: string; type: string | null }[];
  return_type: string | null;
  generics: string[];
  modifiers: string[];
  visibility: Visibility;
  exported: boolean;
  bases: string[];
  implements: string | null;
  doc_comment: string | null;
  attributes: string[];
  parent: string | null;
  complexity: { cyclomatic: number; cognitive: number } | null;
  callers_complete: boolean;
  cluster_id: string | null;
  centrality: number;
  in_degree: number;
  out_degree: number;
  documentation: { summary: string; source: string; verdict: string; evidence: string[] } | null;
}

export interface Site {
  line: number;
  byte_start: number;
}

export interface EdgeRecord {
  source: string;
  target: string;
  kind: EdgeKind;
  confidence: number;
  evidence: Evidence;
  sites: Site[];
  weight: number | null;
}

export interface AmbiguousRecord {
  source: string;
  name: string;
  line: number;
  candidates: { id: string; confidence: number }[];
}

export interface UnresolvedRecord {
  source: string;
  name: string;
  lines: number[];
  reason: string;
  package: string | null;
}

export interface FileRecord {
  file_path: string;
  language: Language;
  bytes: number;
  lines: number;
  imports: { raw: string; path: string; line: number }[];
  chunks: { chunk_id: string; symbol_ids: string[] }[];
  /** Packs that were written before there was such a field have none. */
  gaps: FileGap[];
}

/** Something of a file that was not read. */
export interface FileGap {
  code: string;
  places: number;
  /** Of the first place, where a line can be told. */
  line: number | null;
}

export interface ClusterRecord {
  cluster_id: string;
  label: string;
  member_count: number;
  members: string[];
  cohesion: number;
}

export interface LayoutRecord {
  clusters: { cluster_id: string; x: number; y: number; radius: number }[];
  symbols: { id: string; x: number; y: number }[];
}

export interface OverviewText {
  text: string;
  source: string;
  verdict: string;
}

export interface Overviews {
  architecture: OverviewText;
  modules: (OverviewText & { path: string })[];
}

export interface CallCounts {
  resolved: number;
  external: number;
  ambiguous: number;
  dynamic: number;
  unknown: number;
}

export interface Quality {
  languages: { language: Language; files: number; files_with_errors: number; error_nodes: number; calls: CallCounts }[];
  confidence_histogram: { from: number; to: number; edges: number }[];
  summaries: { model: number; extractive: number; rejected: number };
  neighbour_search: string;
  secrets_redacted: [rule: string, count: number][];
}
