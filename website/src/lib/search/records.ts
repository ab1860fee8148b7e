/** The documents that a pack's records hold; `common/search/src/records.rs` does the same. */
import type { Document } from './documents';

/** What of a pack is searched; the records are as the JSON has them. */
export interface Records {
  symbols: readonly SymbolPart[];
  files: readonly { file_path: string; role?: string | null }[];
  documents: readonly DocumentPart[];
  edges: readonly { source: string; target: string; kind: string }[];
  unresolved: readonly { source: string; name: string }[];
  modules: readonly { path: string; text: string }[];
  /** The text of a file by its path, where the pack holds it. */
  source: ((path: string) => Uint8Array | null) | null;
}

interface SymbolPart {
  id: string;
  name: string;
  qualified_name: string;
  kind: string;
  file_path: string;
  byte_range: { start: number; end: number };
  signature: string;
  doc_comment: string | null;
  documentation: { summary: string } | null;
  parent: string | null;
  exported: boolean;
  centrality: number;
  role?: string | null;
}

interface DocumentPart {
  file_path: string;
  role: string;
  sections: readonly { title: string; level: number; line: number; byte_range: { start: number; end: number } }[];
}

/** What symbols refer to and hold, by their ids. */
interface Named {
  references: Map<string, string[]>;
  members: Map<string, SymbolPart[]>;
  /** By path, the symbols of a file that no other symbol but its module holds. */
  outer: Map<string, SymbolPart[]>;
  roles: Map<string, string>;
  texts: (path: string) => Uint8Array | null;
}

/**
 * Gives every document of a pack: its symbols in their order, then its files, its folders, and the sections of its
 * documentation. So a symbol's place among the documents is its place in `nodes.json`.
 */
export function* documentsOf(records: Records): Generator<Document> {
  const named = namesOf(records);
  for (const symbol of records.symbols) yield ofSymbol(symbol, named);
  for (const { file_path } of records.files) yield ofFile(file_path, named);
  for (const [path, summary] of foldersOf(records)) {
    yield {
      ...EMPTY,
      kind: 'folder',
      id: path,
      name: nameOf(path),
      qualified_name: path,
      path,
      summary,
      role: roleOfPath(path)
    };
  }
  for (const document of records.documents) yield* sectionsOf(document, named);
}

const EMPTY: Document = {
  kind: 'symbol',
  id: '',
  name: '',
  qualified_name: '',
  path: '',
  signature: '',
  documentation: '',
  summary: '',
  body: '',
  symbol_kind: '',
  role: '',
  centrality: 0,
  exported: false
};

function namesOf({ symbols, files, edges, unresolved, source }: Records): Named {
  const byId = new Map(symbols.map((symbol) => [symbol.id, symbol]));
  const references = new Map<string, string[]>();
  for (const { source: from, target, kind } of edges) {
    const found = kind === 'calls' || kind === 'references' ? byId.get(target) : undefined;
    if (found) listAt(references, from).push(found.name);
  }
  for (const { source: from, name } of unresolved) listAt(references, from).push(name);
  const members = new Map<string, SymbolPart[]>();
  const outer = new Map<string, SymbolPart[]>();
  for (const symbol of symbols) {
    const parent = symbol.parent === null ? undefined : byId.get(symbol.parent);
    if (parent) listAt(members, parent.id).push(symbol);
    if (!parent || (parent.kind === 'module' && parent.file_path === symbol.file_path))
      listAt(outer, symbol.file_path).push(symbol);
  }
  const roles = new Map(files.flatMap(({ file_path, role }) => (role ? [[file_path, role]] : [])));
  return { references, members, outer, roles, texts: source ?? (() => null) };
}

function ofSymbol(symbol: SymbolPart, named: Named): Document {
  return {
    kind: 'symbol',
    id: symbol.id,
    name: symbol.name,
    qualified_name: symbol.qualified_name,
    path: symbol.file_path,
    signature: symbol.signature,
    documentation: symbol.doc_comment ?? '',
    summary: symbol.documentation?.summary ?? '',
    body: bodyOf(symbol, named),
    symbol_kind: symbol.kind,
    role: roleOf(symbol, named),
    centrality: symbol.centrality,
    exported: symbol.exported
  };
}

/** The names of its members and its own source text, or the names that it refers to where there is no text. */
function bodyOf(symbol: SymbolPart, { members, references, texts }: Named): string {
  const inner = members.get(symbol.id) ?? [];
  const text = texts(symbol.file_path);
  const words = inner.map(({ name }) => name);
  return words.concat(text ? ownText(symbol, inner, text) : (references.get(symbol.id) ?? [])).join(' ');
}

const decoder = new TextDecoder();

/** The text of a definition without the text of its members, which are found by themselves. */
function ownText({ byte_range, file_path }: SymbolPart, members: readonly SymbolPart[], text: Uint8Array): string[] {
  const inner = members.filter((member) => member.file_path === file_path).map((member) => member.byte_range);
  inner.sort((a, b) => a.start - b.start || a.end - b.end);
  const own: string[] = [];
  let at = byte_range.start;
  for (const { start, end } of [...inner, { start: byte_range.end, end: byte_range.end }]) {
    own.push(decoder.decode(text.subarray(at, Math.max(start, at))));
    at = Math.max(at, end);
  }
  return own;
}

function ofFile(path: string, { outer, roles }: Named): Document {
  const symbols = outer.get(path) ?? [];
  const module = symbols.find(({ kind, parent }) => kind === 'module' && parent === null);
  return {
    ...EMPTY,
    kind: 'file',
    id: path,
    name: nameOf(path),
    qualified_name: path,
    path,
    documentation: module?.doc_comment ?? '',
    body: symbols.map(({ name }) => name).join(' '),
    role: roles.get(path) ?? roleOfPath(path)
  };
}

function* sectionsOf({ file_path, role, sections }: DocumentPart, { texts }: Named): Generator<Document> {
  const text = texts(file_path);
  let above: { level: number; title: string }[] = [];
  for (const [at, { title, level, line, byte_range }] of sections.entries()) {
    above = [...above.filter((one) => one.level < level), { level, title }];
    const end = Math.min(sections[at + 1]?.byte_range.start ?? byte_range.end, byte_range.end);
    yield {
      ...EMPTY,
      kind: 'section',
      id: `${file_path}#${line}`,
      name: title,
      qualified_name: above.map((one) => one.title).join(' > '),
      path: file_path,
      documentation: text ? decoder.decode(text.subarray(byte_range.start, end)) : '',
      role
    };
  }
}

/** The folders of all files in path order, with their overviews. */
function foldersOf({ files, modules }: Records): [path: string, text: string][] {
  const folders = new Map<string, string>();
  for (const { file_path } of files) {
    for (let at = file_path.indexOf('/'); at !== -1; at = file_path.indexOf('/', at + 1))
      folders.set(file_path.slice(0, at), '');
  }
  for (const { path, text } of modules) if (folders.has(path)) folders.set(path, text);
  return Array.from(folders).sort(([a], [b]) => (a < b ? -1 : 1));
}

function roleOf({ role, file_path, qualified_name }: SymbolPart, { roles }: Named): string {
  const told = role ?? roles.get(file_path);
  if (told) return told;
  // In packs without roles: tests of Rust may lie within the file that they test.
  return qualified_name.split('::').includes('tests') ? 'test' : roleOfPath(file_path);
}

const BENCHMARK_FOLDERS = /(^|\/)(bench|benches|benchmarks?)\//;
const EXAMPLE_FOLDERS = /(^|\/)(examples?|demos?)\//;
const TEST_FOLDERS = /(^|\/)(tests?|__tests__|__mocks__|specs?|testing|testdata|test_data|testutils?|fixtures|e2e)\//;
const TEST_NAMES =
  /(^|\/)((conftest|tests|test_[^./]*|[^./]*_tests?)(\.[^/]*)?|test(\.(?!py$)[^/]*)?|[^/]*\.(test|spec|stories)\.[^/]*)$/;

/** The role that a path tells of packs of version 1.0, which tell none. */
function roleOfPath(path: string): string {
  if (BENCHMARK_FOLDERS.test(path)) return 'benchmark';
  if (EXAMPLE_FOLDERS.test(path)) return 'example';
  return TEST_FOLDERS.test(path) || TEST_NAMES.test(path) ? 'test' : 'product';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function listAt<V>(map: Map<string, V[]>, key: string): V[] {
  let list = map.get(key);
  if (!list) map.set(key, (list = []));
  return list;
}
