import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GroupEdge } from '$lib/graph/aggregate';
import { LabelSpace } from '$lib/graph/labels';
import { layered } from './layered';
import { moduleGraph } from './modules';
import { packTitle, sourceLink } from './source-link';
import { WORDS, type Manifest } from '$lib/docpack/records';
import type { EdgeTable, SymbolTable } from '$lib/docpack/source';

const edge: fc.Arbitrary<GroupEdge> = fc
  .record({ from: fc.nat(11), to: fc.nat(11), weight: fc.integer({ min: 1, max: 50 }) })
  .filter(({ from, to }) => from !== to);

test('every edge that is not backward leads to a lower layer, and every node has a place of its own', () => {
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 40 }), (edges) => {
      const drawing = layered(12, edges);
      for (const { edge, points, isBackward } of drawing.routes) {
        const [from, to] = [drawing.places[edge.from]!, drawing.places[edge.to]!];
        if (!isBackward) expect(from.layer).toBeLessThan(to.layer);
        expect([points[0], points.at(-1)]).toEqual([from, to]);
      }
      const boxes = drawing.places.toSorted((a, b) => a.layer - b.layer || a.x - b.x);
      boxes.slice(1).forEach((box, n) => {
        if (box.layer === boxes[n]!.layer) expect(box.x - boxes[n]!.x).toBeGreaterThan(0.999);
      });
      expect(layered(12, edges)).toEqual(drawing);
    })
  );
});

test('a chain has one node in each layer', () => {
  const edges = [
    { from: 2, to: 0, weight: 1 },
    { from: 0, to: 1, weight: 1 }
  ];
  expect(layered(3, edges).places.map(({ layer }) => layer)).toEqual([1, 2, 0]);
});

test('labels that were given room never overlap', () => {
  const box = fc.record({
    text: fc.constant('a'),
    x: fc.integer({ min: -50, max: 600 }),
    y: fc.integer({ min: -50, max: 600 }),
    width: fc.integer({ min: 1, max: 150 }),
    height: fc.integer({ min: 1, max: 20 })
  });
  fc.assert(
    fc.property(fc.array(box, { maxLength: 60 }), (boxes) => {
      const space = new LabelSpace();
      const kept = boxes.filter((each) => space.take(each));
      kept.forEach((a, n) =>
        kept.slice(n + 1).forEach((b) => {
          const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
          expect(apart).toBe(true);
        })
      );
      if (boxes.length > 0) expect(kept.length).toBeGreaterThan(0);
    })
  );
});

const manifest = (repo_url: string | null, commit_hash: string | null = 'c'.repeat(40)) =>
  ({ source: { repo_url, commit_hash, git_ref: null, tree_digest: '', dirty: false } }) as Manifest;

test.each([
  ['https://github.com/o/r', `https://github.com/o/r/blob/${'c'.repeat(40)}/src/a%20b.py#L2-L5`],
  ['https://github.com/o/r.git', `https://github.com/o/r/blob/${'c'.repeat(40)}/src/a%20b.py#L2-L5`],
  ['https://gitlab.com/o/g/r', `https://gitlab.com/o/g/r/-/blob/${'c'.repeat(40)}/src/a%20b.py#L2-5`],
  ['javascript:alert(1)', null],
  ['https://github.com.evil.example/o/r', null],
  ['https://constructor/o/r', null],
  [null, null]
])('the source of %s', (url, link) => {
  expect(sourceLink(manifest(url).source, 'src/a b.py', 2, 5)).toBe(link);
});

test('without a commit there is no link, and a title all the same', () => {
  expect(sourceLink(manifest('https://github.com/o/r', null).source, 'a', 1, 1)).toBeNull();
  expect(packTitle(manifest('https://github.com/o/r.git'), 'x.docpack')).toBe('o/r');
  expect(packTitle(manifest(null), 'x.docpack')).toBe('x');
});

test('a folder depends on what its code names, not on what values lead to', () => {
  const file = (path: string) => ({ path, language: 0, bytes: 1, lines: 1, symbols: 1, gaps: [] });
  const table = { files: [file('src/a.py'), file('tests/b.py')], file: Uint32Array.of(0, 1) } as unknown as SymbolTable;
  const calls = WORDS.EdgeKind.indexOf('calls');
  const edges = {
    source: Uint32Array.of(0, 1),
    target: Uint32Array.of(1, 0),
    kind: Uint8Array.of(calls, calls),
    isFollowed: Uint8Array.of(1, 0)
  } as unknown as EdgeTable;
  const graph = moduleGraph(table, edges, '');
  const joined = graph.edges.map(({ from, to }) => [graph.modules[from]!.path, graph.modules[to]!.path]);
  expect(joined).toEqual([['tests', 'src']]);
});
