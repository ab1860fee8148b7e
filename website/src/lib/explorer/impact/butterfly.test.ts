import { expect, test } from 'vitest';
import type { SymbolTable } from '$lib/docpack/source';
import type { ImpactAnswer, Reached } from '$lib/query/answers';
import { layOut } from './butterfly';

const table = {
  file: [0, 0, 1, 2],
  files: [{ path: 'src/app.py' }, { path: 'tests/test_app.py' }, { path: 'src/deep/far.py' }]
} as unknown as SymbolTable;
const roleOf = (symbol: number) => (symbol === 2 ? 'test' : 'product');
const row = (symbol: number, depth: number, from: number, confidence = 1): Reached => ({
  symbol,
  depth,
  from,
  confidence,
  through: 'calls',
  lines: [1]
});

function answer(): ImpactAnswer {
  return {
    members: 0,
    total: 3,
    files: 2,
    nIncomplete: 0,
    isComplete: true,
    groups: [
      { role: 'product', total: 2, byDepth: [1, 1, 0, 0], rows: [row(1, 1, 0), row(3, 2, 1, 0.6)] },
      { role: 'test', total: 1, byDepth: [1, 0, 0, 0], rows: [row(2, 1, 0)] }
    ],
    testFiles: [],
    callees: [row(3, 1, 0)]
  };
}

test('callers stand left of the symbol, the farthest first, and calls right of it', () => {
  const { columns, centreX } = layOut(answer(), table, roleOf, 2, 12);
  expect(columns.map(({ side, depth }) => `${side} ${depth}`)).toEqual(['callers 2', 'callers 1', 'callees 1']);
  expect(columns.map(({ x }) => x < centreX)).toEqual([true, true, false]);
});

test('a column counts its roles and heads each part, tests last', () => {
  const column = layOut(answer(), table, roleOf, 1, 12).columns[0]!;
  expect(column.roles).toEqual([
    ['product', 1],
    ['test', 1]
  ]);
  expect(column.items.map(({ part, node }) => part ?? node!.symbol)).toEqual(['src', 1, 'tests, test', 2]);
});

test('an uncertain step is drawn apart', () => {
  const { links } = layOut(answer(), table, roleOf, 2, 12);
  expect(links.map(({ isUncertain }) => isUncertain)).toEqual([true, false, false, false]);
});

test('what is not drawn is counted', () => {
  expect(layOut(answer(), table, roleOf, 1, 1).columns[0]).toMatchObject({ hidden: 1 });
});
