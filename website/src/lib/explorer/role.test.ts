import { expect, test } from 'vitest';
import { NO_ROLE, type Relation, type SymbolTable } from '$lib/docpack/source';
import { byRole, reasonText } from './role';

const ROLES = ['product', 'test', 'example', 'fuzz_target'];
const table = { role: Int16Array.of(0, 1, 2, 3, NO_ROLE, 1), words: { role: ROLES } } as unknown as SymbolTable;
const from = (symbol: number) => ({ symbol }) as Relation;

test('tests, examples and benchmarks stand below everything else', () => {
  const { first, groups } = byRole([5, 4, 3, 2, 1, 0].map(from), table, 0);
  expect(first.map(({ symbol }) => symbol)).toEqual([4, 3, 0]);
  expect(groups.map(({ title, relations }) => [title, relations.map(({ symbol }) => symbol)])).toEqual([
    ['In tests', [5, 1]],
    ['In examples', [2]]
  ]);
});

test('for a test’s own helper, tests are what uses it', () => {
  const { first, groups } = byRole([0, 1, 2].map(from), table, 5);
  expect(first.map(({ symbol }) => symbol)).toEqual([0, 1]);
  expect(groups.map(({ title }) => title)).toEqual(['In examples']);
});

test.each([
  ['path:tests/', ', because of its path: tests/'],
  ['attribute:#[test]', ', because of an attribute: #[test]'],
  ['header:Code generated … DO NOT EDIT', ', because of its first lines: Code generated … DO NOT EDIT'],
  ['folder:fuzz/', ', folder:fuzz/'],
  ['default', ''],
  [null, '']
])('the reason %s', (reason, text) => {
  expect(reasonText(reason)).toBe(text);
});
