// Written from common/docpack/schemas by `npm run records`; change those and run it again.

import * as is from './check';
import type * as format from './records';

const conditionKind: is.Check<format.ConditionKind> = is.word;

const condition = is.record<format.Condition>({
  kind: conditionKind,
  line: is.count,
  text: is.optional(is.string),
  within: is.optional(is.count)
});

const effect: is.Check<format.Effect> = is.word;

const stepKind: is.Check<format.StepKind> = is.word;

const literalKind: is.Check<format.LiteralKind> = is.word;

const literal = is.record<format.Literal>({ kind: literalKind, text: is.string });

const step = is.record<format.Step>({
  arguments: is.otherwise<string[]>([], is.list(is.string)),
  awaited: is.otherwise<boolean>(false, is.boolean),
  byte_start: is.count,
  effect: is.optional(effect),
  kind: stepKind,
  line: is.count,
  literals: is.otherwise<format.Literal[]>([], is.list(literal)),
  text: is.optional(is.string),
  under: is.optional(is.count),
  value: is.optional(is.string)
});

const symbolId: is.Check<format.SymbolId> = is.form(/^sym_[0-9a-f]{32}$/, 'an id `sym_…`');

const body = is.record<format.Body>({
  conditions: is.otherwise<format.Condition[]>([], is.list(condition)),
  cut: is.otherwise<boolean>(false, is.boolean),
  steps: is.list(step),
  symbol_id: symbolId
});

export const bodies = is.record<format.Bodies>({ bodies: is.list(body) });

const clusterId: is.Check<format.ClusterId> = is.form(/^c_[0-9a-f]{32}$/, 'an id `c_…`');

const cluster = is.record<format.Cluster>({
  cluster_id: clusterId,
  cohesion: is.number,
  label: is.string,
  member_count: is.count,
  members: is.list(symbolId)
});

export const clusters = is.record<format.Clusters>({ clusters: is.list(cluster) });

export const embeddingsIndex = is.record<format.EmbeddingsIndex>({ chunks: is.pairs(is.count) });

const candidate = is.record<format.Candidate>({ confidence: is.number, id: symbolId });

const ambiguous = is.record<format.Ambiguous>({
  candidates: is.list(candidate),
  line: is.count,
  name: is.string,
  source: symbolId
});

const evidence: is.Check<format.Evidence> = is.word;

const edgeKind: is.Check<format.EdgeKind> = is.word;

const site = is.record<format.Site>({ byte_start: is.count, line: is.count });

const edge = is.record<format.Edge>({
  confidence: is.number,
  evidence,
  kind: edgeKind,
  sites: is.list(site),
  source: symbolId,
  target: symbolId,
  weight: is.optional(is.number)
});

const graphMetrics = is.record<format.GraphMetrics>({ density: is.number, modularity: is.number });

const unresolved = is.record<format.Unresolved>({
  lines: is.list(is.count),
  name: is.string,
  package: is.optional(is.string),
  reason: is.string,
  source: symbolId
});

export const graph = is.record<format.Graph>({
  ambiguous: is.list(ambiguous),
  confidence_floor: is.optional(is.number),
  edges: is.list(edge),
  metrics: is.optional(graphMetrics),
  unresolved: is.list(unresolved)
});

const insightFamily: is.Check<format.InsightFamily> = is.word;

const tourEvidence = is.record<format.TourEvidence>({
  file_path: is.optional(is.string),
  line: is.optional(is.count),
  symbol_id: is.optional(symbolId),
  target_id: is.optional(symbolId)
});

const quote = is.record<format.Quote>({ file_path: is.string, line: is.count, text: is.string });

const insightValue: is.Check<format.InsightValue> = is.either(is.count, is.string);

const insightClaim = is.record<format.InsightClaim>({
  evidence: is.otherwise<format.TourEvidence[]>([], is.list(tourEvidence)),
  id: is.string,
  quote: is.optional(quote),
  subject: is.string,
  text: is.optional(is.string),
  value: is.optional(insightValue)
});

const measure = is.record<format.Measure>({ fact: is.string, name: is.string });

const insightGroup = is.record<format.InsightGroup>({
  because: is.optional(is.string),
  claims: is.list(insightClaim),
  kind: is.string,
  left_out: is.optional(is.count),
  measure: is.optional(measure),
  ordered: is.otherwise<boolean>(false, is.boolean),
  title: is.string
});

const insight = is.record<format.Insight>({
  family: insightFamily,
  groups: is.list(insightGroup),
  limits: is.otherwise<string[]>([], is.list(is.string)),
  question: is.string,
  title: is.string
});

const insightWords = is.record<format.InsightWords>({
  claims: is.list(is.string),
  family: insightFamily,
  sentence: is.optional(is.string),
  verdict: is.string
});

export const insights = is.record<format.Insights>({
  families: is.list(insight),
  words: is.otherwise<format.InsightWords[]>([], is.list(insightWords))
});

const clusterPosition = is.record<format.ClusterPosition>({
  cluster_id: clusterId,
  radius: is.number,
  x: is.number,
  y: is.number
});

const symbolPosition = is.record<format.SymbolPosition>({ id: symbolId, x: is.number, y: is.number });

export const layout = is.record<format.Layout>({ clusters: is.list(clusterPosition), symbols: is.list(symbolPosition) });

const digest: is.Check<format.Digest> = is.form(/^sha256:[0-9a-f]{64}$/, 'a digest `sha256:…`');

const checksum = is.record<format.Checksum>({ algorithm: is.string, value: digest });

const embeddingModel = is.record<format.EmbeddingModel>({
  digest,
  max_tokens: is.count,
  name: is.string,
  normalized: is.boolean,
  pooling: is.string,
  precision: is.string,
  provider: is.string,
  runtime_version: is.string
});

const entryDigest = is.record<format.EntryDigest>({ bytes: is.count, path: is.string, sha256: is.string });

const generator = is.record<format.Generator>({ name: is.string, version: is.string });

const missing = is.record<format.Missing>({ code: is.string, what: is.string });

const optional = is.record<format.Optional>({
  has_bodies: is.otherwise<boolean>(false, is.boolean),
  has_embeddings: is.boolean,
  has_history: is.boolean,
  has_insights: is.boolean,
  has_source: is.otherwise<boolean>(false, is.boolean),
  has_symbol_contexts: is.boolean,
  has_tour: is.otherwise<boolean>(false, is.boolean),
  has_vectors: is.otherwise<boolean>(false, is.boolean)
});

const source = is.record<format.Source>({
  commit_hash: is.optional(is.string),
  dirty: is.boolean,
  git_ref: is.optional(is.string),
  repo_url: is.optional(is.string),
  tree_digest: digest
});

const statistics = is.record<format.Statistics>({
  chunk_count: is.count,
  cluster_count: is.count,
  edge_count: is.count,
  embedding_dimensions: is.count,
  file_count: is.count,
  symbol_count: is.count
});

export const manifest = is.record<format.Manifest>({
  checksum,
  created_at: is.string,
  docpack_id: digest,
  embedding_model: is.optional(embeddingModel),
  entries: is.list(entryDigest),
  facts_digest: digest,
  generator,
  missing: is.list(missing),
  optional,
  prose_digest: digest,
  schema_version: is.string,
  semantics_digest: digest,
  source,
  statistics
});

const byteRange = is.record<format.ByteRange>({ end: is.count, start: is.count });

const complexity = is.record<format.Complexity>({ cognitive: is.count, cyclomatic: is.count });

const documentation = is.record<format.Documentation>({
  evidence: is.list(is.string),
  source: is.string,
  summary: is.string,
  verdict: is.string
});

const symbolKind: is.Check<format.SymbolKind> = is.word;

const language: is.Check<format.Language> = is.word;

const lineRange = is.record<format.LineRange>({ end: is.count, start: is.count });

const parameter = is.record<format.Parameter>({
  default: is.optional(is.string),
  name: is.string,
  type: is.optional(is.string)
});

const role: is.Check<format.Role> = is.word;

const visibility: is.Check<format.Visibility> = is.word;

const symbolRecord = is.record<format.SymbolRecord>({
  attributes: is.list(is.string),
  bases: is.list(is.string),
  byte_range: byteRange,
  callers_complete: is.otherwise<boolean>(false, is.boolean),
  centrality: is.number,
  cluster_id: is.optional(clusterId),
  complexity: is.optional(complexity),
  doc_comment: is.optional(is.string),
  documentation: is.optional(documentation),
  exported: is.boolean,
  file_path: is.string,
  generics: is.list(is.string),
  id: symbolId,
  implements: is.optional(is.string),
  in_degree: is.count,
  kind: symbolKind,
  language,
  line_range: lineRange,
  modifiers: is.list(is.string),
  name: is.string,
  out_degree: is.count,
  parameters: is.list(parameter),
  parent: is.optional(symbolId),
  qualified_name: is.string,
  return_type: is.optional(is.string),
  role: is.optional(role),
  role_reason: is.optional(is.string),
  signature: is.string,
  visibility
});

export const nodes = is.record<format.Nodes>({ symbols: is.list(symbolRecord) });

const overviewText = is.record<format.OverviewText>({ source: is.string, text: is.string, verdict: is.string });

const moduleOverview = is.record<format.ModuleOverview>({
  path: is.string,
  source: is.string,
  text: is.string,
  verdict: is.string
});

export const overviews = is.record<format.Overviews>({ architecture: overviewText, modules: is.list(moduleOverview) });

const histogramBucket = is.record<format.HistogramBucket>({ edges: is.count, from: is.number, to: is.number });

const callCounts = is.record<format.CallCounts>({
  ambiguous: is.count,
  dynamic: is.count,
  external: is.count,
  resolved: is.count,
  unknown: is.count
});

const languageQuality = is.record<format.LanguageQuality>({
  calls: callCounts,
  error_nodes: is.count,
  files: is.count,
  files_with_errors: is.count,
  language
});

const summaryCounts = is.record<format.SummaryCounts>({
  extractive: is.count,
  model: is.count,
  rejected: is.count,
  unchecked: is.optional(is.count)
});

export const quality = is.record<format.Quality>({
  confidence_histogram: is.list(histogramBucket),
  languages: is.list(languageQuality),
  neighbour_search: is.string,
  secrets_redacted: is.otherwise<[key: string, value: number][]>([], is.pairs(is.count)),
  summaries: summaryCounts
});

const redaction = is.record<format.Redaction>({ end: is.count, rule: is.string, start: is.count });

const sourceText = is.record<format.SourceText>({
  bytes: is.count,
  file_path: is.string,
  offset: is.count,
  part: is.count,
  redactions: is.list(redaction)
});

export const sourceIndex = is.record<format.SourceIndex>({ files: is.list(sourceText) });

const section = is.record<format.Section>({
  byte_range: byteRange,
  level: is.count,
  line: is.count,
  symbol_ids: is.otherwise<format.SymbolId[]>([], is.list(symbolId)),
  title: is.string
});

const documentRecord = is.record<format.DocumentRecord>({
  bytes: is.count,
  file_path: is.string,
  role,
  sections: is.list(section),
  sha256: is.string
});

const chunkId: is.Check<format.ChunkId> = is.form(/^chunk_[0-9a-f]{32}$/, 'an id `chunk_…`');

const chunk = is.record<format.Chunk>({ chunk_id: chunkId, symbol_ids: is.list(symbolId) });

const gap = is.record<format.Gap>({ code: is.string, line: is.optional(is.count), places: is.count });

const importStatement = is.record<format.ImportStatement>({ line: is.count, path: is.string, raw: is.string });

const sourceFile = is.record<format.SourceFile>({
  bytes: is.count,
  chunks: is.list(chunk),
  file_path: is.string,
  gaps: is.otherwise<format.Gap[]>([], is.list(gap)),
  imports: is.list(importStatement),
  language,
  lines: is.count,
  role: is.optional(role),
  role_reason: is.optional(is.string)
});

const skippedFile = is.record<format.SkippedFile>({ file_path: is.string, reason: is.string });

export const sourceMap = is.record<format.SourceMap>({
  documents: is.otherwise<format.DocumentRecord[]>([], is.list(documentRecord)),
  files: is.list(sourceFile),
  skipped: is.list(skippedFile)
});

const tourItem = is.record<format.TourItem>({
  depth: is.optional(is.count),
  evidence: is.otherwise<format.TourEvidence[]>([], is.list(tourEvidence)),
  quote: is.optional(quote),
  text: is.optional(is.string)
});

const flowStepKind: is.Check<format.FlowStepKind> = is.word;

const flowStep = is.record<format.FlowStep>({
  condition: is.optional(is.string),
  depth: is.count,
  file_path: is.string,
  kind: flowStepKind,
  line: is.count,
  quote: is.optional(quote),
  symbol_id: symbolId,
  target_id: is.optional(symbolId),
  text: is.string
});

const flow = is.record<format.Flow>({
  diagram: is.optional(is.string),
  ends: is.otherwise<format.TourItem[]>([], is.list(tourItem)),
  left_out: is.optional(is.count),
  quote: is.optional(quote),
  steps: is.list(flowStep),
  symbol_id: symbolId,
  title: is.string
});

const topic: is.Check<format.Topic> = is.word;

const tourSection = is.record<format.TourSection>({
  diagram: is.optional(is.string),
  items: is.list(tourItem),
  left_out: is.optional(is.count),
  title: is.string,
  topic
});

export const tour = is.record<format.Tour>({ flows: is.list(flow), sections: is.list(tourSection) });
