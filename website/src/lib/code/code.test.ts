import { describe, expect, test } from 'vitest';
import type { CodeMark } from '$lib/docpack/source';
import { dialectOf, highlight } from './highlight';
import { codePieces } from './pieces';

test.each([
  ['a.py', 'python', 'def run(x):  # why', { def: 'keyword', run: 'name', '# why': 'comment' }],
  ['a.ts', 'typescript', "type A = string; const b: A = 'c';", { type: 'keyword', const: 'keyword', "'c'": 'string' }],
  ['a.tsx', 'tsx', 'const a = <p id="b">{1}</p>;', { const: 'keyword', p: 'type', '1': 'number' }],
  ['a.js', 'javascript', 'function run() { return 1; }', { function: 'keyword', run: 'name', '1': 'number' }],
  ['a.go', 'go', 'func run() string { return "a" }', { func: 'keyword', '"a"': 'string' }],
  ['a.rs', 'rust', 'fn run() -> u8 { 1 } // b', { fn: 'keyword', run: 'name', '// b': 'comment' }]
])('%s is highlighted as %s', async (path, dialect, line, expected) => {
  expect(dialectOf(path)).toBe(dialect);
  const code = await highlight([line], dialectOf(path));
  const found = Object.fromEntries(code!.tokens(0).map(({ from, to, look }) => [line.slice(from, to), look]));
  expect(found).toMatchObject(expected);
});

test('other files are plain', async () => {
  expect(dialectOf('README.md')).toBeNull();
  expect(dialectOf('constructor')).toBeNull();
  expect(await highlight(['a'], null)).toBeNull();
});

test('a comment of several lines is one in each of them, and broken code is still shown', async () => {
  const code = await highlight(['/* a', 'b */ let x = (((', '}'], 'javascript');
  expect(code!.tokens(1)[0]).toEqual({ from: 0, to: 4, look: 'comment' });
  expect(code!.tokens(2)).toEqual([]);
});

describe('pieces of a line', () => {
  const mark = (from: number, to: number): CodeMark => ({ line: 1, from, to, kind: 'call', targets: [] });
  test('keep every character once, in order', () => {
    const [line, call] = ['return run(1)', mark(7, 10)];
    const pieces = codePieces(line, [{ from: 0, to: 6, look: 'keyword' }], [call]);
    expect(pieces.map(({ text }) => text)).toEqual(['return', ' ', 'run', '(1)']);
    expect(pieces[0]!.look).toBe('keyword');
    expect(pieces[2]!.mark).toBe(call);
  });
  test('of a line that was cut stop at its end', () => {
    expect(codePieces('abc', [{ from: 1, to: 9, look: 'string' }], [mark(7, 9)]).map(({ text }) => text)).toEqual([
      'a',
      'bc'
    ]);
    expect(codePieces('', [], [])).toEqual([]);
  });
});
