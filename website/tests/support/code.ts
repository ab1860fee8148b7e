import { WORDS } from '../../src/lib/docpack/records';
import type { EdgeTable, SymbolTable } from '../../src/lib/docpack/source';

/** Code in a few words: files with their symbols, and who calls whom by name. */
export interface Sketch {
  /** `Router.new` is a method of the class `Router` of the same file; a capital makes a class, else a function. */
  files: Record<string, { role?: string; symbols: string[] }>;
  calls: [from: string, to: string, isFollowed?: boolean][];
}

/** Builds the tables of a sketch, as a pack would give them. */
export function codeOf({ files, calls }: Sketch): {
  table: SymbolTable;
  edges: EdgeTable;
  at: (name: string) => number;
} {
  const paths = Object.keys(files).sort();
  const roles = [...WORDS.Role];
  const roleAt = (path: string) => roles.indexOf((files[path]!.role ?? 'product') as (typeof roles)[number]);
  const rows = paths.flatMap((path, file) => [
    { name: path, kind: 'module', file, parent: '' },
    ...files[path]!.symbols.map((name) => {
      const dot = name.indexOf('.');
      const kind = dot >= 0 ? 'method' : /^[A-Z]/.test(name) ? 'class' : 'function';
      return { name, kind, file, parent: dot >= 0 ? name.slice(0, dot) : path };
    })
  ]);
  const at = (name: string) => rows.findIndex((row) => row.name === name);
  const count = rows.length;
  const number = (of: (row: (typeof rows)[number], n: number) => number) => rows.map(of);
  const kinds = WORDS.SymbolKind as readonly string[];
  const table: SymbolTable = {
    ids: number((_, n) => n).map((n) => `sym_${n.toString(16).padStart(32, '0')}`),
    names: rows.map(({ name }) => name.split('.').at(-1)!),
    qualifiedNames: rows.map(({ name }) => name),
    words: { kind: kinds, language: WORDS.Language, visibility: WORDS.Visibility, role: roles },
    kind: Uint16Array.from(number(({ kind }) => kinds.indexOf(kind))),
    language: new Uint16Array(count),
    visibility: new Uint16Array(count).fill((WORDS.Visibility as readonly string[]).indexOf('public')),
    role: Int16Array.from(number(({ file }) => roleAt(paths[file]!))),
    file: Uint32Array.from(number(({ file }) => file)),
    line: Uint32Array.from(number((_, n) => n + 1)),
    parent: Int32Array.from(number(({ parent }) => (parent === '' ? -1 : at(parent)))),
    centrality: new Float32Array(count),
    inDegree: new Uint32Array(count),
    outDegree: new Uint32Array(count),
    cyclomatic: new Uint32Array(count),
    files: paths.map((path) => ({
      path,
      language: 0,
      bytes: 1,
      lines: 1,
      symbols: files[path]!.symbols.length + 1,
      gaps: [],
      role: roleAt(path),
      roleReason: null
    })),
    skipped: []
  };
  const edges = {
    source: Uint32Array.from(calls, ([from]) => at(from)),
    target: Uint32Array.from(calls, ([, to]) => at(to)),
    kinds: WORDS.EdgeKind,
    kind: new Uint16Array(calls.length).fill((WORDS.EdgeKind as readonly string[]).indexOf('calls')),
    isFollowed: Uint8Array.from(calls, ([, , isFollowed]) => (isFollowed ? 1 : 0)),
    confidence: new Float32Array(calls.length).fill(1)
  } as unknown as EdgeTable;
  return { table, edges, at };
}
