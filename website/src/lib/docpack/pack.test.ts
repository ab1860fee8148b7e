import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ofLaterVersion, withRoles, withScaledVectors } from '../../../tests/support/additions';
import { SMALL, hexId, synthetic } from '../../../tests/support/synthetic';
import {
  archive,
  concat,
  END_MARKER,
  entriesOf,
  member,
  tarEntry,
  writePack,
  type Contents
} from '../../../tests/support/writer';
import { gunzip } from './gunzip';
import { DEFAULT_LIMITS, type ReadLimits } from './limits';
import { Model } from './model';
import { readPack } from './pack';
import { sha256, Sha256 } from './sha256';
import { LEAST_SIMILAR, NO_ROLE } from './source';
import { untar } from './tar';

async function read(bytes: Uint8Array, limits: ReadLimits = DEFAULT_LIMITS) {
  return new Model(await readPack(untar(gunzip(bytes, limits), limits), limits));
}

/** Reads what is refused and gives the code. */
async function refusal(bytes: Uint8Array, limits?: ReadLimits): Promise<string> {
  try {
    await read(bytes, limits);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'read without complaint';
}

type Json = Record<string, any>; // eslint-disable-line
const small = () => synthetic(SMALL);
const entry = (contents: Contents, path: string) => contents.get(path) as Json;

/** The file of the first symbols; files themselves are in the order of their paths. */
const firstFile = ({ files }: Json): Json =>
  files.find(({ chunks }: Json) => chunks[0].symbol_ids[0] === hexId('sym_', 0));

function changed(path: string, change: (value: Json) => void): Uint8Array {
  const contents = small();
  change(entry(contents, path));
  return writePack(contents);
}

test('a pack is read, its references followed and every digest recomputed', async () => {
  const model = await read(writePack(small()));
  expect(model.table.ids.length).toBe(SMALL.symbols);
  expect(model.edges.source.length).toBe(SMALL.edges);
  const { ok, checks } = model.pack.verify();
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect(ok).toBe(true);
  const detail = model.detail(1);
  expect(detail.ambiguous[0]?.candidates).toEqual([{ symbol: 2, confidence: 0.4 }]);
  expect(detail.unresolved[0]).toEqual({ name: 'open', lines: [3, 4], reason: 'external', package: 'builtins' });
  expect(model.detail(2).candidateOf[0]?.symbol).toBe(1);
  expect(model.detail(0).children.length).toBe(SMALL.symbolsPerFile - 1);
  expect(model.similar(3, 5).by).toBe('vectors');
});

test('what is similar is told by all of a text, and for what rides in a text by that', async () => {
  const contents = small();
  const { chunks } = firstFile(entry(contents, 'source_map.json'));
  // The second symbol's text was cut in two, and the third one rides in it; the first has none.
  chunks[2].symbol_ids = [chunks[1].symbol_ids[0], chunks[2].symbol_ids[0]];
  chunks[0].symbol_ids = [];
  const view = new DataView((contents.get('embeddings.bin') as Uint8Array).buffer);
  const row = (at: number, first: number[]) => {
    for (let n = 0; n < SMALL.dimensions; n++)
      view.setFloat32(8 + (at * SMALL.dimensions + n) * 4, first[n] ?? 0, true);
  };
  row(1, [1]);
  row(2, [0, 1]);
  row(3, [2, 2]);
  const model = await read(writePack(contents));
  expect(model.similar(2, 5)).toEqual(model.similar(1, 5));
  const { by, of, found } = model.similar(2, 5);
  expect([by, of, found[0]?.symbol]).toEqual(['vectors', 1, 3]);
  expect(found[0]!.score).toBeCloseTo(1, 6);
  for (const { score } of found) expect(score).toBeGreaterThanOrEqual(LEAST_SIMILAR);
  expect(model.similar(0, 5)).toMatchObject({ by: 'edges', of: null });
});

test('what was not read of a file is told, and nothing where the field is not there', async () => {
  const { table } = await read(writePack(small()));
  expect(table.files.filter(({ gaps }) => gaps.length > 0).length).toBe(1);
  expect(table.files[table.file[0]!]!.gaps).toEqual([{ code: 'syntax_error', places: 2, line: 3 }]);
  expect(await refusal(changed('source_map.json', (map) => (firstFile(map).gaps[0].places = -1)))).toBe(
    'json_malformed'
  );
});

test('members may be divided anywhere, and stored bytes may look like a member', async () => {
  const tar = concat(...entriesOf(small()).map((each) => tarEntry(each)), END_MARKER);
  const whole = await read(member(tar));
  const cut = await read(concat(member(tar.slice(0, 700)), member(tar.slice(700))));
  const contents = small();
  const embeddings = contents.get('embeddings.bin') as Uint8Array;
  embeddings.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0], 8);
  const lookalike = await read(writePack(contents));
  for (const model of [whole, cut, lookalike]) expect(model.pack.verify().ok).toBe(true);
});

test('parts of an entry are read as one', async () => {
  const contents = small();
  const { symbols } = entry(contents, 'nodes.json');
  const divided: Contents = new Map();
  for (const [path, value] of contents) {
    divided.set(path, path === 'nodes.json' ? { symbols: symbols.slice(0, 20) } : value);
    if (path === 'nodes.json') divided.set('nodes.0001.json', { symbols: symbols.slice(20) });
  }
  const [whole, parts] = await Promise.all([read(writePack(contents)), read(writePack(divided))]);
  expect(parts.table.ids).toEqual(whole.table.ids);
  expect(parts.pack.manifest.facts_digest).toBe(whole.pack.manifest.facts_digest);
});

test.each<[code: string, bytes: () => Uint8Array]>([
  ['not_a_docpack', () => new Uint8Array(0)],
  ['not_a_docpack', () => new TextEncoder().encode('<!doctype html>')],
  ['truncated', () => new Uint8Array([0x1f, 0x8b])],
  ['truncated', () => writePack(small()).slice(0, -30)],
  ['truncated', () => writePack(small()).slice(0, 3000)],
  ['truncated', () => archiveWithoutEnd()],
  ['gzip_corrupt', () => flipped(writePack(small()), 60)],
  ['gzip_corrupt', () => flipped(member(concat(tarEntry(entriesOf(small())[0]!), END_MARKER)), -6)],
  ['trailing_bytes', () => concat(writePack(small()), member(new Uint8Array([1])))],
  ['trailing_bytes', () => concat(writePack(small()), member(new Uint8Array(1_000_001)))],
  ['tar_malformed', () => withHeader({ magic: 'GNUtar  ' })],
  ['tar_malformed', () => withHeader({ checksum: 1 })],
  ['entry_type_forbidden', () => withHeader({ type: '2' })],
  ['entry_path_unsafe', () => withHeader({ prefix: 'etc' })],
  ['entry_path_unsafe', () => withPath('../manifest.json')],
  ['entry_path_unsafe', () => withPath('/etc/passwd')],
  ['entry_path_unsafe', () => withPath('a//b')],
  ['entry_path_unsafe', () => withPath('C:\\x')],
  ['entry_path_unsafe', () => withPath('\u00e4.json')],
  ['entry_too_large', () => withHeader({ size: 4_000_001 })],
  ['entry_too_large', () => withHeader({ size: 8 ** 11 - 1 })],
  ['truncated', () => withHeader({ size: 3_999_999 })],
  ['entry_duplicate', () => archive([...entriesOf(small()), { path: 'layout.json', bytes: new Uint8Array(0) }])],
  [
    'too_many_entries',
    () =>
      archive([
        ...entriesOf(small()),
        ...Array.from({ length: 10_000 }, (_, n) => ({ path: `x${n}`, bytes: new Uint8Array(0) }))
      ])
  ],
  ['manifest_missing', () => member(END_MARKER)],
  ['manifest_not_first', () => archive(entriesOf(small()).slice(1))],
  ['entry_missing', () => archive(entriesOf(small()).filter(({ path }) => path !== 'graph.json'))],
  ['docpack_too_new', () => withManifest((manifest) => (manifest.schema_version = 'docpack/2.0'))],
  [
    'docpack_too_new',
    () =>
      withManifest((manifest) => ((manifest.schema_version = 'docpack/2.0'), (manifest.generator = { toString: 1 })))
  ],
  ['schema_version_unknown', () => withManifest((manifest) => (manifest.schema_version = 'docpack/one'))],
  ['schema_version_unknown', () => withManifest((manifest) => delete manifest.schema_version)],
  ['json_malformed', () => withManifest((manifest) => (manifest.source = null))],
  ['entry_size_mismatch', () => withManifest((manifest) => ((manifest.entries as Json[])[0]!.bytes += 1))],
  [
    'entry_digest_mismatch',
    () => withManifest((manifest) => ((manifest.entries as Json[])[0]!.sha256 = 'f'.repeat(64)))
  ],
  ['json_malformed', () => withEntry('layout.json', '{"clusters":[],"symbols":[')],
  ['json_malformed', () => withEntry('layout.json', '[]')],
  ['json_malformed', () => withEntry('layout.json', 'null')],
  ['json_malformed', () => withEntry('quality.json', `${'['.repeat(200)}${']'.repeat(200)}`)],
  ['json_malformed', () => changed('nodes.json', ({ symbols }) => (symbols[3].name = 7))],
  ['json_malformed', () => changed('nodes.json', ({ symbols }) => (symbols[3].id = '__proto__'))],
  ['json_malformed', () => changed('nodes.json', ({ symbols }) => (symbols[3].kind = 'Constructor Of'))],
  ['json_malformed', () => changed('nodes.json', ({ symbols }) => (symbols[3].line_range = { start: -1, end: 0.5 }))],
  ['json_malformed', () => changed('nodes.json', ({ symbols }) => (symbols[3].parameters = { length: 1_000_000_000 }))],
  ['json_malformed', () => changed('graph.json', ({ edges }) => (edges[0].confidence = '0.9'))],
  ['duplicate_id', () => changed('nodes.json', ({ symbols }) => symbols.push(symbols[0]))],
  ['dangling_symbol', () => changed('graph.json', ({ edges }) => (edges[0].target = hexId('sym_', 999)))],
  [
    'dangling_symbol',
    () => changed('graph.json', ({ ambiguous }) => (ambiguous[0].candidates[0].id = hexId('sym_', 999)))
  ],
  ['dangling_symbol', () => changed('clusters.json', ({ clusters }) => clusters[0].members.push(hexId('sym_', 999)))],
  ['dangling_cluster', () => changed('layout.json', ({ clusters }) => clusters.pop())],
  ['dangling_file', () => changed('nodes.json', ({ symbols }) => (symbols[0].file_path = 'src/none.py'))],
  ['parent_cycle', () => changed('nodes.json', ({ symbols }) => (symbols[0].parent = symbols[1].id))],
  ['parent_cycle', () => changed('nodes.json', ({ symbols }) => (symbols[0].parent = symbols[0].id))],
  ['embeddings_malformed', () => changedBytes((bytes) => bytes.slice(0, -4))],
  ['embeddings_malformed', () => changedBytes((bytes) => bytes.slice(0, 5))],
  ['embeddings_malformed', () => changedBytes((bytes) => concat(new Uint8Array([255, 255, 255, 255]), bytes.slice(4)))],
  [
    'embeddings_malformed',
    () => changedBytes((bytes) => concat(bytes.slice(0, 8), new Uint8Array([0, 0, 192, 127]), bytes.slice(12)))
  ],
  [
    'too_many_values',
    () =>
      changed(
        'graph.json',
        ({ edges, unresolved }) => (
          edges.push(...Array.from({ length: 1_001 }, (_, n) => ({ ...edges[0], kind: `kind_${n}` }))),
          unresolved.splice(0)
        )
      )
  ],
  ['vectors_malformed', () => changedVectors((bytes) => bytes.slice(0, -1))],
  ['vectors_malformed', () => changedVectors((bytes) => bytes.slice(0, 5))],
  ['vectors_malformed', () => changedVectors((bytes) => concat(new Uint8Array([1, 0, 0, 0]), bytes.slice(4)))],
  [
    'vectors_malformed',
    () => changedVectors((bytes) => concat(bytes.slice(0, 8), new Uint8Array([0, 0, 128, 255]), bytes.slice(12)))
  ],
  ['embeddings_malformed', () => changed('embeddings_index.json', ({ chunks }) => (chunks[hexId('chunk_', 5)] = 9))]
])('%s', async (code, bytes) => {
  expect(await refusal(bytes())).toBe(code);
});

test('bombs end at their ratio or their total, long before memory does', async () => {
  const zeros = member(new Uint8Array(20_000_000));
  expect(await refusal(zeros)).toBe('docpack_too_large');
  expect(await refusal(concat(zeros, new Uint8Array([1])))).toBe('docpack_too_large');
  expect(await refusal(writePack(small()), { ...DEFAULT_LIMITS, totalBytes: 20_000 })).toBe('docpack_too_large');
});

test('names of an object’s own members are names like any other', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const bytes = changed('nodes.json', ({ symbols }) =>
    names.forEach((name, n) => Object.assign(symbols[n], { name, qualified_name: name }))
  );
  const model = await read(bytes);
  expect(model.table.names.slice(0, 4)).toEqual(names);
  for (const name of names) expect((await model.search(name, 5))[0]?.symbol).toBe(names.indexOf(name));
  expect(({} as Json).polluted).toBeUndefined();
});

test('fields and entries of a later minor version are passed over', async () => {
  const contents = small();
  entry(contents, 'nodes.json').symbols[0].invented = { deep: [1] };
  const bytes = archive(
    entriesOf(contents.set('novelties.json', { a: 1 }), (manifest) => (manifest.schema_version = 'docpack/1.7'))
  );
  const model = await read(bytes);
  expect(model.pack.verify().ok).toBe(true);
});

test('words of a later version are kept, each with a code of its own', async () => {
  const model = await read(writePack(ofLaterVersion(small())));
  const { table, edges } = model;
  expect(table.words.kind[table.kind[0]!]).toBe('annotation_type');
  expect(table.words.visibility[table.visibility[0]!]).toBe('package_private');
  expect(table.words.role[table.role[0]!]).toBe('fuzz_target');
  expect(table.files.map(({ language }) => table.words.language[language])).toContain('java');
  expect(edges.kinds[edges.kind[0]!]).toBe('mocks');
  expect(model.detail(1).outgoing).toContainEqual(
    expect.objectContaining({ symbol: 2, kind: 'mocks', evidence: 'telepathy' })
  );
  // Known words have the codes that they have in every pack.
  expect(table.words.kind[0]).toBe('module');
  expect(model.pack.verify().ok).toBe(true);
});

test('a symbol has its own role, or else that of its file', async () => {
  const contents = withRoles(small(), (path) => (path < 'src/h' ? ['test', 'path:tests/'] : ['product', 'default']));
  const symbols = entry(contents, 'nodes.json').symbols;
  Object.assign(symbols[0], { role: 'benchmark', role_reason: 'attribute:#[bench]' });
  delete symbols[1].role;
  const { table } = await read(writePack(contents));
  expect(table.words.role[table.role[0]!]).toBe('benchmark');
  expect(table.role[1]).toBe(table.files[table.file[1]!]!.role);
  expect((await read(writePack(small()))).table.role).toEqual(new Int16Array(SMALL.symbols).fill(NO_ROLE));
});

test('hidden characters of names, paths and texts are spelt', async () => {
  const { table, pack } = await read(
    changed('nodes.json', ({ symbols }) =>
      Object.assign(symbols[0], { name: 'is\u202eadmin', doc_comment: 'a\u0000b\nc' })
    )
  );
  expect(table.names[0]).toBe('is⟨U+202E⟩admin');
  expect(pack.symbols[0]!.doc_comment).toBe('a␀b\nc');
});

test('vectors of whole numbers find what those of floating-point numbers find', async () => {
  const [floats, scaled] = [await read(writePack(small())), await read(writePack(withScaledVectors(small())))];
  for (const symbol of [0, 7, 31]) {
    const [wanted, found] = [floats.similar(symbol, 3), scaled.similar(symbol, 3)];
    expect(found.by).toBe('vectors');
    expect(found.found[0]?.symbol).toBe(wanted.found[0]?.symbol);
    expect(found.found[0]!.score).toBeCloseTo(wanted.found[0]!.score, 1);
  }
  expect(scaled.pack.verify().ok).toBe(true);
});

test('a chunk whose scale is 0 has no vector', async () => {
  const contents = withScaledVectors(small());
  const bytes = contents.get('vectors.bin') as Uint8Array;
  const chunks: Json[] = entry(contents, 'source_map.json').files.flatMap(({ chunks }: Json) => chunks);
  new DataView(bytes.buffer).setFloat32(
    8 + 4 * chunks.findIndex(({ symbol_ids }) => symbol_ids[0] === hexId('sym_', 6)),
    0,
    true
  );
  const model = await read(writePack(contents));
  expect(model.similar(6, 5).by).toBe('edges');
});

test('an entry that no digest vouches for is named and not used', async () => {
  const contents = small();
  const entries = entriesOf(new Map([...contents].filter(([path]) => path !== 'embeddings.bin')), (manifest) => {
    manifest.optional = { has_embeddings: false, has_symbol_contexts: false, has_history: false, has_insights: false };
  });
  const model = await read(
    archive([...entries, { path: 'embeddings.bin', bytes: contents.get('embeddings.bin') as Uint8Array }])
  );
  expect(model.similar(3, 5).by).toBe('edges');
  expect(
    model.pack
      .verify()
      .checks.filter(({ ok }) => !ok)
      .map(({ what }) => what)
  ).toEqual(['entry_unlisted']);
});

test.each(['facts_digest', 'semantics_digest', 'prose_digest'])('a wrong %s is found by verification', async (name) => {
  const model = await read(withManifest((manifest) => (manifest[name] = `sha256:${'e'.repeat(64)}`)));
  expect(
    model.pack
      .verify()
      .checks.filter(({ ok }) => !ok)
      .map(({ what }) => what)
  ).toEqual([name]);
});

test('a million of anything is counted before it is built', async () => {
  const many = (value: Json) => (value.unresolved[0].lines = new Array(1_000_000).fill(7));
  const bytes = changed('graph.json', many);
  expect(await refusal(bytes, { ...DEFAULT_LIMITS, values: 999_999 })).toBe('too_many_values');
  expect((await read(bytes)).detail(1).unresolved[0]?.lines.length).toBe(1_000_000);
});

test('SHA-256 of both kinds agrees, whatever the pieces', async () => {
  expect(new Sha256().hex()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  for (const length of [1, 55, 56, 63, 64, 65, 119, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, n) => n);
    const pieces = new Sha256().update(bytes.subarray(0, length >> 1)).update(bytes.subarray(length >> 1));
    expect(pieces.hex()).toBe(await sha256(bytes));
  }
});

const program = process.env.DOCTOWN_PROGRAM;
test.skipIf(!program)('what the program writes is read, and its digests are those of this reader', async () => {
  mkdirSync('.packs', { recursive: true });
  execFileSync(program!, ['build', 'src/lib', '--no-embeddings', '-q', '-o', '.packs/own.docpack'], { stdio: 'pipe' });
  const model = await read(new Uint8Array(readFileSync('.packs/own.docpack')));
  expect(model.pack.verify().checks.filter(({ ok }) => !ok)).toEqual([]);
});

function archiveWithoutEnd(): Uint8Array {
  return concat(...entriesOf(small()).map((each) => member(tarEntry(each))));
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const place = at < 0 ? bytes.length + at : at;
  bytes[place] = bytes[place]! ^ 0xff;
  return bytes;
}

function withHeader(change: Parameters<typeof tarEntry>[1]): Uint8Array {
  const [manifest, ...rest] = entriesOf(small());
  return concat(member(tarEntry(manifest!, change)), ...rest.map((each) => member(tarEntry(each))), member(END_MARKER));
}

function withPath(path: string): Uint8Array {
  return archive([...entriesOf(small()), { path, bytes: new Uint8Array(3) }]);
}

function withManifest(change: (manifest: Json) => void): Uint8Array {
  return archive(entriesOf(small(), change));
}

/** Replaces one entry by text, its digest and size in the manifest being right. */
function withEntry(path: string, text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const entries = entriesOf(small(), (manifest) => {
    const listed = (manifest.entries as Json[]).find((each) => each.path === path)!;
    Object.assign(listed, { bytes: bytes.length, sha256: new Sha256().update(bytes).hex() });
  });
  return archive(entries.map((each) => (each.path === path ? { path, bytes } : each)));
}

function changedVectors(change: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const contents = withScaledVectors(small());
  return writePack(contents.set('vectors.bin', change(contents.get('vectors.bin') as Uint8Array)));
}

function changedBytes(change: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const contents = small();
  return writePack(contents.set('embeddings.bin', change(contents.get('embeddings.bin') as Uint8Array)));
}
