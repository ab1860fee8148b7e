import { expect, test } from 'vitest';
import { impact } from './impact';
import { QueryMap } from './map';
import { path } from './path';
import { callers } from './relations';
import type { Edge, SymbolRecord } from '$lib/docpack/records';

/** Symbols by name, such as `Base.run`, and edges as `from kind to`, in this order. */
function mapOf(names: string, edges: string): { map: QueryMap; edges: Edge[]; at: (name: string) => number } {
  const all = names.split(' ');
  const at = (name: string) => all.indexOf(name);
  const symbols = all.map((id, n) => ({
    id,
    name: id.split('.').at(-1)!,
    kind: id.endsWith('init') ? 'constructor' : 'function',
    file_path: 'a.py',
    line_range: { start: n + 1, end: n + 1 },
    callers_complete: true
  })) as unknown as SymbolRecord[];
  const records = edges
    .split('\n')
    .map((line) => line.trim().split(' '))
    .filter(({ length }) => length > 1)
    .map(([source, kind, target, confidence]) => ({
      source,
      target,
      kind,
      confidence: Number(confidence ?? 1),
      sites: [{ line: 1, byte_start: 0 }]
    })) as unknown as Edge[];
  return {
    map: new QueryMap({ symbols, edges: records, indexOf: new Map(all.map((id, n) => [id, n])) }),
    edges: records,
    at
  };
}

test('a change reaches callers, then theirs, and is as sure as its weakest step', () => {
  const { map, at } = mapOf('a b c', 'b calls a 0.9\nc calls b 0.6\nc calls c');
  expect(impact(map, at('a')).affected.map(({ symbol, depth, confidence }) => [symbol, depth, confidence])).toEqual([
    [at('b'), 1, 900_000],
    [at('c'), 2, 600_000]
  ]);
});

test('a change to a method reaches what replaces it in subtypes, and the callers of what it replaces', () => {
  const { map, at } = mapOf(
    'Base Base.run Sub Sub.run user',
    'Base contains Base.run\nSub contains Sub.run\nSub extends Base\nuser calls Base.run'
  );
  const reached = impact(map, at('Sub.run')).affected.map(({ symbol }) => symbol);
  expect(reached).toEqual([at('Base.run'), at('user')]);
  expect(
    impact(map, at('Base.run'))
      .affected.map(({ symbol }) => symbol)
      .sort()
  ).toEqual([at('Sub.run'), at('user')]);
});

test('what only names a type passes a change to its callers, not to what names it in turn', () => {
  const { map, at } = mapOf('T f g h', 'f references_type T\ng calls f\nh references_type f');
  expect(impact(map, at('T')).affected.map(({ symbol }) => symbol)).toEqual([at('f'), at('g')]);
});

test('of equally short ways the surest is taken, and uses as a value only where calls do not lead', () => {
  const { map, at } = mapOf('a b c d e', 'a calls b 0.5\na calls c 0.9\nb calls d\nc calls d\nd references e');
  expect(path(map, at('a'), at('d'))!.steps.map(({ to }) => to)).toEqual([at('c'), at('d')]);
  expect(path(map, at('a'), at('e'))!.steps).toHaveLength(3);
  expect(path(map, at('e'), at('a'))).toBeNull();
  expect(path(map, at('a'), at('a'))!.steps).toEqual([]);
});

test('a type is called by those who call its constructor', () => {
  const { map, edges, at } = mapOf('T T.init f', 'T contains T.init\nf calls T.init');
  expect(callers(map, edges, at('T')).map(({ symbol }) => symbol)).toEqual([at('f')]);
});

test('a circle of calls ends', () => {
  const { map, at } = mapOf('a b', 'a calls b\nb calls a');
  expect(impact(map, at('a')).affected.map(({ symbol }) => symbol)).toEqual([at('b')]);
});
