import { expect, test } from 'vitest';
import type { FileRow } from '$lib/docpack/source';
import { firstOpen, treeRows } from './tree';

const ROLES = ['product', 'test'];
const file = (path: string): FileRow => ({
  path,
  language: 0,
  bytes: 1,
  lines: 1,
  symbols: 1,
  gaps: [],
  role: path.startsWith('tests/') ? 1 : 0,
  roleReason: null
});
const files = ['src/app/a.rs', 'src/app/json/b.rs', 'tests/c.rs', 'tests/data/d.rs'].map(file);

test('folders of the product are open from the beginning, those of tests are not', () => {
  const open = firstOpen(files, ROLES, 60);
  expect([...open]).toEqual(['src', 'src/app', 'src/app/json']);
  expect(treeRows(files, open, ROLES).map(({ path }) => path)).toEqual([
    'src',
    'src/app',
    'src/app/json',
    'src/app/json/b.rs',
    'src/app/a.rs',
    'tests'
  ]);
});

test('a level that does not fit stays closed', () => {
  expect([...firstOpen(files, ROLES, 5)]).toEqual(['src', 'src/app']);
});
