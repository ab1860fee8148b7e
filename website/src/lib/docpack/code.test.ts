import { describe, expect, test } from 'vitest';
import { codeOf } from './code';
import type { Pack } from './pack';
import type { CodeMark, EdgeTable, SymbolTable } from './source';

interface Drawn {
  symbols?: { name: string; at: string; kind?: string; signature?: string; end?: string }[];
  /** Who refers to whom, at what the text has there. */
  edges?: { from: string; to: string; at: string; kind?: string; confidence?: number; evidence?: string }[];
  /** References that may mean several symbols. */
  ambiguous?: { from: string; name: string; line: number; to: string[] }[];
}

/** The code view of one file, whose facts are given by the words that stand at their places. */
function codeIn(text: string, { symbols = [], edges = [], ambiguous = [] }: Drawn, path = 'a.py') {
  const bytes = new TextEncoder().encode(text);
  const byteOf = (word: string) => {
    const at = text.indexOf(word);
    return at < 0 ? bytes.length + 10 : new TextEncoder().encode(text.slice(0, at)).length;
  };
  const place = (name: string) => symbols.findIndex((symbol) => symbol.name === name);
  const sorted = edges.toSorted((a, b) => place(a.from) - place(b.from));
  const pack = {
    files: [{ file_path: 'a.py' }],
    symbols: symbols.map(({ name, at, kind = 'function', signature = null, end }) => ({
      name,
      kind,
      signature,
      byte_range: { start: byteOf(at), end: end === undefined ? bytes.length : byteOf(end) }
    })),
    edges: sorted.map(({ at, kind = 'calls', confidence = 1, evidence = 'scope' }) => ({
      kind,
      confidence,
      evidence,
      sites: [{ line: 1, byte_start: byteOf(at) }]
    })),
    ambiguous: ambiguous.map(({ from, name, line, to }) => ({
      source: from,
      name,
      line,
      candidates: to.map((id, n) => ({ id, confidence: 0.3 + n / 10 }))
    }))
  } as unknown as Pack;
  const starts = symbols.map((_, n) => sorted.filter(({ from }) => place(from) < n).length);
  const facts = {
    pack,
    table: { file: new Uint32Array(symbols.length) } as SymbolTable,
    edges: {
      outgoing: Uint32Array.from(sorted.keys()),
      outgoingStart: Uint32Array.from([...starts, sorted.length]),
      target: Uint32Array.from(sorted, ({ to }) => place(to))
    } as unknown as EdgeTable,
    indexOf: new Map(symbols.map(({ name }, n) => [name, n]))
  };
  const code = codeOf(facts, path, bytes, 0);
  const told = ({ line, from, to, kind, targets }: CodeMark) =>
    `${kind} ${code.lines[line - 1]!.slice(from, to)} at ${line}:${from} = ${targets.map(({ symbol }) => symbols[symbol]!.name).join(' ')}`;
  return { code, marks: code.marks.map(told) };
}

const ADD = { name: 'add', at: 'def add', signature: 'def add(path)' };
const CHECK = { name: 'check', at: 'def check' };

describe('the text of a file', () => {
  test('has a line for each line break, none after the last, and shows what would be invisible', () => {
    expect(codeIn('a\r\n\n\tb\u202e\n', {}).code.lines).toEqual(['a', '', '\tb⟨U+202E⟩']);
    expect(codeIn('', {}).code).toMatchObject({ lines: [], total: 0, marks: [] });
    expect(codeIn('a', {}).code.total).toBe(1);
  });
  test('of a document without symbols has lines and no marks', () => {
    expect(codeIn('# add\n', { symbols: [ADD] }, 'README.md').code).toMatchObject({
      lines: ['# add'],
      symbols: [],
      marks: []
    });
  });
  test('lists its symbols in the order of the text', () => {
    expect(codeIn('def add(path): 0\ndef check(): 0\n', { symbols: [CHECK, ADD] }).code.symbols).toEqual([1, 0]);
  });
});

describe('a declaration', () => {
  test('is marked at its name, not at the same word before it', () => {
    const text = '@route("add", add=1)\ndef add(path):\n  pass\n';
    const symbols = [{ ...ADD, at: '@route' }];
    expect(codeIn(text, { symbols }).marks).toEqual(['declaration add at 2:4 = add']);
  });
  test('is marked without a signature too, where the word stands by itself', () => {
    expect(codeIn('let added = 1, add = 2', { symbols: [{ name: 'add', at: 'let' }] }).marks).toEqual([
      'declaration add at 1:15 = add'
    ]);
  });
  test('of a module or with a name that is no word has no mark', () => {
    const symbols = [
      { name: 'a', at: 'a = 1', kind: 'module' },
      { name: 'impl Add for B', at: 'a = 1', kind: 'impl' }
    ];
    expect(codeIn('a = 1\n', { symbols }).marks).toEqual([]);
  });
});

describe('a reference', () => {
  const text = 'def add(path):\n  é = "⟨"; app.check(path)\ndef check(): 0\n';
  const call = { from: 'add', to: 'check', at: 'app.check' };
  const marked = (edges: NonNullable<Drawn['edges']>, source = text) =>
    codeIn(source, { symbols: [{ ...ADD, end: 'def check' }, CHECK], edges }).marks.filter(
      (mark) => !mark.startsWith('declaration')
    );
  test('is marked at the name that is called, in columns of characters', () => {
    expect(marked([call])).toEqual(['call check at 2:15 = check']);
  });
  test('that is a call and a type is a call', () => {
    expect(marked([{ ...call, kind: 'references' }, call])).toEqual(['call check at 2:15 = check']);
  });
  test('to something with another name is marked at the last name that is written there', () => {
    expect(marked([{ ...call, to: 'add' }])).toEqual(['call check at 2:15 = add']);
  });
  test('has the target that the source names before one that following values found', () => {
    const followed = { ...call, to: 'add', evidence: 'flow', confidence: 1 };
    expect(marked([followed, { ...call, confidence: 0.9 }])).toEqual(['call check at 2:15 = check add']);
  });
  test('that stands for no text, or lies past the end, has no mark', () => {
    const none = ['contains', 'related', 'co_changed'].map((kind) => ({ ...call, kind }));
    expect(marked([...none, { ...call, at: 'not there' }])).toEqual([]);
  });
});

describe('a reference with several possible targets', () => {
  const text = 'def add(path):\n  check(check)\ndef check(): 0\n';
  const symbols = [{ ...ADD, end: 'def check' }, CHECK];
  const uncertain = { from: 'add', name: 'app.check', line: 2, to: ['add', 'check'] };
  test('is marked on its line, with the surest first', () => {
    expect(codeIn(text, { symbols, ambiguous: [uncertain] }).marks[1]).toBe('uncertain check at 2:2 = check add');
  });
  test('takes the next place where one is certain, and none where there is no other', () => {
    const edges = [{ from: 'add', to: 'check', at: 'check(check)' }];
    const { marks } = codeIn(text, { symbols, edges, ambiguous: [uncertain, uncertain] });
    expect(marks.slice(1, 3)).toEqual(['call check at 2:2 = check', 'uncertain check at 2:8 = check add']);
    expect(marks).toHaveLength(4);
  });
  test('of another file, or on a line that is not there, has no mark', () => {
    const elsewhere = [
      { ...uncertain, from: 'unknown' },
      { ...uncertain, line: 99 },
      { ...uncertain, line: 0 }
    ];
    expect(codeIn(text, { symbols, ambiguous: elsewhere }).marks.some((mark) => mark.startsWith('uncertain'))).toBe(
      false
    );
  });
});
