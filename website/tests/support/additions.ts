import type { Contents } from './writer';

type Json = Record<string, any>; // eslint-disable-line
const entry = (contents: Contents, path: string) => contents.get(path) as Json;

/** Files of a part of the source text: small, so that a test has several. */
const FILES_OF_PART = 2;

/** Adds the source text of every file. */
export function withSource(contents: Contents, textOf: (path: string) => string): Contents {
  const parts: Uint8Array[][] = [];
  const files = entry(contents, 'source_map.json').files.map(({ file_path }: Json, n: number) => {
    const part = Math.floor(n / FILES_OF_PART);
    const before = (parts[part] ??= []);
    const bytes = new TextEncoder().encode(textOf(file_path));
    const offset = before.reduce((sum, { length }) => sum + length, 0);
    before.push(bytes);
    return { file_path, part, offset, bytes: bytes.length, redactions: [] };
  });
  entry(contents, 'manifest.json').optional.has_source = true;
  contents.set('source_index.json', { files });
  parts.forEach((texts, n) =>
    contents.set(`source/${String(n).padStart(4, '0')}.txt`, Uint8Array.from(texts.flatMap((text) => [...text])))
  );
  return contents;
}

/** Adds a body to every symbol: one call, and what is returned. */
export function withBodies(contents: Contents): Contents {
  const symbols: Json[] = entry(contents, 'nodes.json').symbols;
  const bodies = symbols.map(({ id }) => ({
    symbol_id: id,
    conditions: [{ kind: 'if', text: 'ready', line: 1 }],
    steps: [
      { kind: 'call', under: 0, line: 1, byte_start: 1, text: 'open', arguments: ['path'], effect: 'file_read' },
      { kind: 'return', line: 2, byte_start: 2, text: 'file' }
    ]
  }));
  entry(contents, 'manifest.json').optional.has_bodies = true;
  const all = [...contents];
  contents.clear();
  for (const [path, value] of all) {
    contents.set(path, value);
    if (path === 'graph.json') contents.set('bodies.json', { bodies });
  }
  return contents;
}

/** Replaces `embeddings.bin` by the same vectors as whole numbers with a scale. */
export function withScaledVectors(contents: Contents): Contents {
  const old = contents.get('embeddings.bin') as Uint8Array;
  const offsets = entry(contents, 'embeddings_index.json').chunks;
  const chunks = entry(contents, 'source_map.json').files.flatMap(({ chunks }: Json) => chunks);
  const from = new DataView(old.buffer, old.byteOffset);
  const dimensions = from.getUint32(4, true);
  const bytes = new Uint8Array(8 + chunks.length * (4 + dimensions));
  const to = new DataView(bytes.buffer);
  to.setUint32(0, chunks.length, true);
  to.setUint32(4, dimensions, true);
  chunks.forEach(({ chunk_id }: Json, row: number) => {
    const values = Array.from({ length: dimensions }, (_, n) => from.getFloat32(offsets[chunk_id] + n * 4, true));
    const scale = Math.fround(Math.max(...values.map(Math.abs)) / 127);
    to.setFloat32(8 + row * 4, scale, true);
    values.forEach((value, n) =>
      to.setInt8(8 + chunks.length * 4 + row * dimensions + n, scale === 0 ? 0 : Math.round(value / scale))
    );
  });
  contents.delete('embeddings.bin');
  contents.delete('embeddings_index.json');
  Object.assign(entry(contents, 'manifest.json').optional, { has_embeddings: false, has_vectors: true });
  // Source text comes after it.
  const rest = [...contents].filter(([path]) => path === 'source_index.json' || path.startsWith('source/'));
  for (const [path] of rest) contents.delete(path);
  for (const [path, value] of [['vectors.bin', bytes] as const, ...rest]) contents.set(path, value);
  return contents;
}

/** A guide as long as that of a library of some hundred files. */
const GUIDE = { statements: 12, flows: 6, steps: 24 };

/** Adds a guide with a diagram, whose statements and steps name symbols of the pack. */
export function withTour(contents: Contents): Contents {
  const symbols: Json[] = entry(contents, 'nodes.json').symbols;
  const at = (n: number) => symbols[(n * 7) % symbols.length]!;
  const evidence = (n: number) => {
    const { id, file_path, line_range } = at(n);
    return [{ symbol_id: id, file_path, line: line_range.start }];
  };
  const sections = ['purpose', 'layout', 'start', 'types', 'errors', 'tests', 'reading'].map((topic, s) => ({
    topic,
    title: `About ${topic}`,
    items: Array.from({ length: GUIDE.statements }, (_, n) => ({
      depth: n % 3 === 0 ? 0 : 1,
      text: `\`${at(s + n).name}\` reads the header and gives it to \`${at(s + n + 1).name}\`.`,
      evidence: evidence(s + n)
    })),
    ...(topic === 'layout' && {
      diagram:
        'flowchart TD\n  p0(["src/parse"])\n  p1(["src/cache"])\n  p2(["src/store"])\n  p0 -->|7| p1\n  p0 -->|3| p2\n'
    })
  }));
  const flows = Array.from({ length: GUIDE.flows }, (_, f) => ({
    symbol_id: at(f).id,
    title: `\`${at(f).name}\``,
    steps: Array.from({ length: GUIDE.steps }, (_, n) => ({
      depth: n % 3,
      kind: 'call',
      text: `calls \`${at(f + n).name}\` with the token`,
      symbol_id: at(f).id,
      target_id: at(f + n).id,
      file_path: at(f).file_path,
      line: 3 + n
    })),
    ends: []
  }));
  contents.set('tour.json', { sections, flows });
  entry(contents, 'manifest.json').optional.has_tour = true;
  return contents;
}

/** Gives each file a role, and with it its symbols. */
export function withRoles(contents: Contents, roleOf: (path: string) => [role: string, reason: string]): Contents {
  for (const file of entry(contents, 'source_map.json').files) [file.role, file.role_reason] = roleOf(file.file_path);
  for (const symbol of entry(contents, 'nodes.json').symbols) [symbol.role] = roleOf(symbol.file_path);
  return contents;
}

/** Gives a pack words, fields and entries that no version of today has. */
export function ofLaterVersion(contents: Contents): Contents {
  entry(contents, 'manifest.json').schema_version = 'docpack/1.9';
  entry(contents, 'manifest.json').novelty = { is: 'kept' };
  entry(contents, 'source_map.json').files[0].language = 'java';
  entry(contents, 'quality.json').languages.push({ ...entry(contents, 'quality.json').languages[0], language: 'java' });
  const [first, second, third] = entry(contents, 'nodes.json').symbols;
  const path = entry(contents, 'source_map.json').files[0].file_path;
  for (const symbol of entry(contents, 'nodes.json').symbols) if (symbol.file_path === path) symbol.language = 'java';
  Object.assign(first, {
    kind: 'annotation_type',
    visibility: 'package_private',
    role: 'fuzz_target',
    role_reason: 'folder:fuzz/'
  });
  entry(contents, 'graph.json').edges.unshift({
    source: second.id,
    target: third.id,
    kind: 'mocks',
    confidence: 0.9,
    evidence: 'telepathy',
    sites: [{ line: 3, byte_start: 40 }]
  });
  contents.set('zzz_future.json', { any: ['thing'] });
  return contents;
}
