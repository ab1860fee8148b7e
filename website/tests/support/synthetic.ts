import { Sha256 } from '../../src/lib/docpack/sha256';
import type { Contents } from './writer';

/** A pack of any size that looks like code: folders, files, classes with methods, calls mostly near by. */
export interface SyntheticParams {
  symbols: number;
  edges: number;
  symbolsPerFile: number;
  clusters: number;
  dimensions: number;
}

export const SMALL: SyntheticParams = { symbols: 60, edges: 150, symbolsPerFile: 12, clusters: 4, dimensions: 8 };

const WORDS = [
  'parse',
  'header',
  'request',
  'token',
  'cache',
  'store',
  'index',
  'graph',
  'layout',
  'query',
  'stream',
  'buffer',
  'route',
  'field'
];

/** Numbers that look random and are the same in every run. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function hexId(prefix: string, n: number): string {
  return prefix + n.toString(16).padStart(32, '0');
}

export function synthetic(params: SyntheticParams): Contents {
  const next = sequence(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const fileCount = Math.ceil(params.symbols / params.symbolsPerFile);
  const paths = Array.from(
    { length: fileCount },
    (_, n) => `src/${WORDS[n % 14]}/${WORDS[Math.floor(n / 14) % 14]}_${String(n).padStart(5, '0')}.py`
  );
  const order = paths.map((path, file) => ({ path, file })).sort((a, b) => (a.path < b.path ? -1 : 1));
  const clusterOf = (n: number) => Math.min(params.clusters - 1, Math.floor((n / params.symbols) * params.clusters));
  const edges = makeEdges(params, next);
  const degrees = { in: new Uint32Array(params.symbols), out: new Uint32Array(params.symbols) };
  for (const [source, target] of edges) {
    degrees.out[source]!++;
    degrees.in[target]!++;
  }
  const symbols = Array.from({ length: params.symbols }, (_, n) => {
    const file = Math.floor(n / params.symbolsPerFile);
    const place = n % params.symbolsPerFile;
    const name = `${pick(WORDS)}_${pick(WORDS)}_${n}`;
    const kind = place === 0 ? 'module' : place % 6 === 1 ? 'class' : 'method';
    return {
      id: hexId('sym_', n),
      name,
      qualified_name: `${paths[file]!.slice(4, -3).replaceAll('/', '.')}.${name}`,
      kind,
      language: 'python',
      file_path: paths[file],
      byte_range: { start: place * 100, end: place * 100 + 90 },
      line_range: { start: place * 5 + 1, end: place * 5 + 4 },
      signature: `def ${name}(self, value: str) -> bytes`,
      parameters: [{ name: 'self' }, { name: 'value', type: 'str' }],
      return_type: 'bytes',
      generics: [],
      modifiers: [],
      visibility: n % 9 === 0 ? 'private' : 'public',
      exported: n % 9 !== 0,
      bases: [],
      attributes: [],
      doc_comment: `Reads the ${pick(WORDS)} of a ${pick(WORDS)} and gives its ${pick(WORDS)}.`,
      ...(place === 0 ? {} : { parent: hexId('sym_', n - place) }),
      complexity: { cyclomatic: 1 + (n % 12), cognitive: n % 9 },
      callers_complete: n % 2 === 0,
      cluster_id: hexId('c_', clusterOf(n)),
      centrality: Math.min(1, degrees.in[n]! / 40),
      in_degree: degrees.in[n],
      out_degree: degrees.out[n],
      documentation: {
        summary: `Reads the ${pick(WORDS)} of a ${pick(WORDS)}.`,
        source: 'extractive',
        verdict: 'extractive',
        evidence: ['doc_comment']
      }
    };
  });
  const embeddings = new Uint8Array(8 + params.symbols * params.dimensions * 4);
  const view = new DataView(embeddings.buffer);
  view.setUint32(0, params.symbols, true);
  view.setUint32(4, params.dimensions, true);
  for (let at = 8; at < embeddings.length; at += 4) view.setFloat32(at, next() - 0.5, true);
  const contents: Contents = new Map();
  contents.set('manifest.json', manifestOf(params, fileCount, edges.length));
  contents.set('layout.json', layoutOf(params, clusterOf, next));
  contents.set('quality.json', {
    languages: [
      {
        language: 'python',
        files: fileCount,
        files_with_errors: 1,
        error_nodes: 2,
        calls: { resolved: edges.length, ambiguous: 1, external: 2, dynamic: 3, unknown: 0 }
      }
    ],
    confidence_histogram: [
      { from: 0.8, to: 0.9, edges: 0 },
      { from: 0.9, to: 1, edges: edges.length }
    ],
    summaries: { model: 0, extractive: params.symbols, rejected: 0 },
    neighbour_search: 'exact',
    secrets_redacted: {}
  });
  contents.set('clusters.json', {
    clusters: Array.from({ length: params.clusters }, (_, n) => {
      const members = symbols.filter((_, at) => clusterOf(at) === n).map(({ id }) => id);
      return {
        cluster_id: hexId('c_', n),
        label: `${pick(WORDS)} ${pick(WORDS)}`,
        member_count: members.length,
        members,
        cohesion: 0.8
      };
    })
  });
  contents.set('overviews.json', {
    architecture: {
      text: 'The code reads streams. Its largest folder is `src/parse`.',
      source: 'extractive',
      verdict: 'extractive'
    },
    modules: [{ path: 'src/parse', text: 'Reads headers.', source: 'extractive', verdict: 'extractive' }]
  });
  contents.set('source_map.json', {
    files: order.map(({ path, file }) => ({
      file_path: path,
      language: 'python',
      bytes: 4000,
      lines: 200,
      sha256: new Sha256().hex(),
      imports: [{ raw: 'import os', path: 'os', line: 1 }],
      chunks: symbols
        .slice(file * params.symbolsPerFile, (file + 1) * params.symbolsPerFile)
        .map(({ id, byte_range }) => ({
          chunk_id: id.replace('sym_', 'chunk_'),
          byte_range,
          sha256: new Sha256().hex(),
          symbol_ids: [id]
        })),
      ...(file === 0 ? { gaps: [{ code: 'syntax_error', places: 2, line: 3 }] } : {})
    })),
    skipped: [{ file_path: 'logo.png', reason: 'binary' }]
  });
  contents.set('nodes.json', { symbols });
  contents.set('graph.json', {
    confidence_floor: 0.8,
    edges: edges.map(([source, target, kind]) => ({
      source: hexId('sym_', source),
      target: hexId('sym_', target),
      kind,
      confidence: 0.95,
      evidence: kind === 'related' ? 'similarity' : 'scope',
      sites: kind === 'related' ? [] : [{ line: 3, byte_start: 40 }],
      ...(kind === 'related' ? { weight: 0.7 } : {})
    })),
    ambiguous:
      params.symbols === 0
        ? []
        : [
            {
              source: hexId('sym_', 1),
              name: 'close',
              line: 3,
              candidates: [{ id: hexId('sym_', 2), confidence: 0.4 }]
            }
          ],
    unresolved:
      params.symbols === 0
        ? []
        : [{ source: hexId('sym_', 1), name: 'open', lines: [3, 4], reason: 'external', package: 'builtins' }],
    metrics: { density: 0.01, modularity: 0.5, coupling: [] }
  });
  contents.set('embeddings_index.json', {
    chunks: Object.fromEntries(
      symbols.map(({ id }, n) => [id.replace('sym_', 'chunk_'), 8 + n * params.dimensions * 4])
    )
  });
  contents.set('embeddings.bin', embeddings);
  return contents;
}

function manifestOf(params: SyntheticParams, files: number, edges: number) {
  return {
    schema_version: 'docpack/1.0',
    created_at: '1970-01-01T00:00:00Z',
    generator: { name: 'doctown', version: '0.1.0' },
    options: {},
    source: {
      repo_url: 'https://github.com/owner/repo',
      git_ref: 'main',
      commit_hash: 'a'.repeat(40),
      tree_digest: `sha256:${'1'.repeat(64)}`,
      dirty: false
    },
    statistics: {
      file_count: files,
      symbol_count: params.symbols,
      edge_count: edges,
      chunk_count: params.symbols,
      cluster_count: params.clusters,
      embedding_dimensions: params.dimensions
    },
    optional: { has_embeddings: true, has_symbol_contexts: false, has_history: false, has_insights: false },
    embedding_model: {
      name: 'none',
      digest: `sha256:${'2'.repeat(64)}`,
      pooling: 'mean',
      normalized: false,
      precision: 'fp32',
      provider: 'cpu',
      max_tokens: 256,
      runtime_version: 'none'
    },
    missing: []
  };
}

/** Edges by source, target and kind, each once: four of five lead to a symbol near by. */
function makeEdges(params: SyntheticParams, next: () => number): [number, number, string][] {
  const seen = new Set<number>();
  const edges: [number, number, string][] = [];
  while (edges.length < params.edges) {
    const source = Math.floor(next() * params.symbols);
    const far = next() < 0.2;
    const span = far ? params.symbols : Math.min(params.symbols, 200);
    const target = (source + 1 + Math.floor(next() * next() * (span - 1))) % params.symbols;
    const key = source * params.symbols + target;
    if (source === target || seen.has(key)) continue;
    seen.add(key);
    edges.push([source, target, next() < 0.15 ? 'related' : next() < 0.2 ? 'references' : 'calls']);
  }
  return edges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

function layoutOf(params: SyntheticParams, clusterOf: (n: number) => number, next: () => number) {
  const columns = Math.ceil(Math.sqrt(params.clusters));
  const radius = 0.45 / columns;
  const centre = (n: number) => ({ x: ((n % columns) + 0.5) / columns, y: (Math.floor(n / columns) + 0.5) / columns });
  return {
    clusters: Array.from({ length: params.clusters }, (_, n) => ({ cluster_id: hexId('c_', n), ...centre(n), radius })),
    symbols: Array.from({ length: params.symbols }, (_, n) => {
      const { x, y } = centre(clusterOf(n));
      const [angle, distance] = [next() * Math.PI * 2, Math.sqrt(next()) * radius];
      return { id: hexId('sym_', n), x: x + Math.cos(angle) * distance, y: y + Math.sin(angle) * distance };
    })
  };
}
