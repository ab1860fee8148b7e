import { boolean, count, digest, hex, id, list, number, optional, otherwise, pairs, record, string, word } from './check';
import type { Check } from './check';
import {
  EDGE_KINDS, EVIDENCE, LANGUAGES, SYMBOL_KINDS, VISIBILITIES, type AmbiguousRecord, type CallCounts,
  type ClusterRecord, type EdgeRecord, type FileGap, type FileRecord, type LayoutRecord, type Manifest, type Overviews,
  type OverviewText, type Quality, type SymbolRecord, type UnresolvedRecord
} from './records';

const symbolId = id('sym_');
const chunkId = id('chunk_');
const clusterId = id('c_');
const range = record({ start: count, end: count });

export const manifest: Check<Manifest> = record<Manifest>({
  schema_version: string,
  docpack_id: digest,
  facts_digest: digest,
  semantics_digest: digest,
  prose_digest: digest,
  created_at: string,
  source: record<Manifest['source']>({
    repo_url: optional(string),
    git_ref: optional(string),
    commit_hash: optional(string),
    tree_digest: digest,
    dirty: boolean
  }),
  generator: record({ name: string, version: string }),
  statistics: record<Manifest['statistics']>({
    file_count: count,
    symbol_count: count,
    edge_count: count,
    chunk_count: count,
    cluster_count: count,
    embedding_dimensions: count
  }),
  optional: record<Manifest['optional']>({
    has_embeddings: boolean,
    has_symbol_contexts: boolean,
    has_history: boolean,
    has_insights: boolean
  }),
  checksum: record({ algorithm: string, value: digest }),
  entries: list(record({ path: string, bytes: count, sha256: hex })),
  embedding_model: optional(record({ name: string, precision: string })),
  missing: list(record({ what: string, code: string }))
});

const symbol: Check<SymbolRecord> = record<SymbolRecord>({
  id: symbolId,
  name: string,
  qualified_name: string,
  kind: word(SYMBOL_KINDS),
  language: word(LANGUAGES),
  file_path: string,
  byte_range: range,
  line_range: range,
  signature: string,
  parameters: list(record<{ name: string; type: string | null }>({ name: string, type: optional(string) })),
  return_type: optional(string),
  generics: list(string),
  modifiers: list(string),
  visibility: word(VISIBILITIES),
  exported: boolean,
  bases: list(string),
  implements: optional(string),
  doc_comment: optional(string),
  attributes: list(string),
  parent: optional(symbolId),
  complexity: optional(record({ cyclomatic: count, cognitive: count })),
  callers_complete: otherwise(false, boolean),
  cluster_id: optional(clusterId),
  centrality: number,
  in_degree: count,
  out_degree: count,
  documentation: optional(record({ summary: string, source: string, verdict: string, evidence: list(string) }))
});

export const nodes = record<{ symbols: SymbolRecord[] }>({ symbols: list(symbol) });

const edge: Check<EdgeRecord> = record<EdgeRecord>({
  source: symbolId,
  target: symbolId,
  kind: word(EDGE_KINDS),
  confidence: number,
  evidence: word(EVIDENCE),
  sites: list(record({ line: count, byte_start: count })),
  weight: optional(number)
});

const ambiguous: Check<AmbiguousRecord> = record<AmbiguousRecord>({
  source: symbolId,
  name: string,
  line: count,
  candidates: list(record({ id: symbolId, confidence: number }))
});

const unresolved: Check<UnresolvedRecord> = record<UnresolvedRecord>({
  source: symbolId,
  name: string,
  lines: list(count),
  reason: string,
  package: optional(string)
});

export interface GraphPart {
  confidence_floor: number | null;
  edges: EdgeRecord[];
  ambiguous: AmbiguousRecord[];
  unresolved: UnresolvedRecord[];
  metrics: { density: number; modularity: number } | null;
}

/** A part after the first has no floor and no metrics. */
export const graph: Check<GraphPart> = record<GraphPart>({
  confidence_floor: optional(number),
  edges: list(edge),
  ambiguous: list(ambiguous),
  unresolved: list(unresolved),
  metrics: optional(record({ density: number, modularity: number }))
});

export const sourceMap = record<{ files: FileRecord[]; skipped: { file_path: string; reason: string }[] }>({
  files: list(
    record<FileRecord>({
      file_path: string,
      language: word(LANGUAGES),
      bytes: count,
      lines: count,
      imports: list(record({ raw: string, path: string, line: count })),
      chunks: list(record({ chunk_id: chunkId, symbol_ids: list(symbolId) })),
      gaps: otherwise<FileGap[]>([], list(record<FileGap>({ code: string, places: count, line: optional(count) })))
    })
  ),
  skipped: list(record({ file_path: string, reason: string }))
});

export const clusters = record<{ clusters: ClusterRecord[] }>({
  clusters: list(
    record<ClusterRecord>({
      cluster_id: clusterId,
      label: string,
      member_count: count,
      members: list(symbolId),
      cohesion: number
    })
  )
});

export const layout: Check<LayoutRecord> = record<LayoutRecord>({
  clusters: list(record({ cluster_id: clusterId, x: number, y: number, radius: number })),
  symbols: list(record({ id: symbolId, x: number, y: number }))
});

const overview = { text: string, source: string, verdict: string };

export const overviews: Check<Overviews> = record<Overviews>({
  architecture: record<OverviewText>(overview),
  modules: list(record<OverviewText & { path: string }>({ ...overview, path: string }))
});

const calls = record<CallCounts>({ resolved: count, external: count, ambiguous: count, dynamic: count, unknown: count });

export const quality: Check<Quality> = record<Quality>({
  languages: list(
    record<Quality['languages'][number]>({
      language: word(LANGUAGES),
      files: count,
      files_with_errors: count,
      error_nodes: count,
      calls
    })
  ),
  confidence_histogram: list(record({ from: number, to: number, edges: count })),
  summaries: record({ model: count, extractive: count, rejected: count }),
  neighbour_search: string,
  secrets_redacted: otherwise<[string, number][]>([], pairs(count))
});

export const embeddingsIndex = record<{ chunks: [string, number][] }>({ chunks: pairs(count) });
