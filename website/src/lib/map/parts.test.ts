import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOf, type Sketch } from '../../../tests/support/code';
import { crumbsOf } from './crumbs';
import { cyclesOf } from './cycles';
import { drawnJoins, layoutMap } from './layout';
import { nearest } from './nearest';
import { neighbours } from './outside';
import { levelAt, type MapPlace, type Part } from './parts';
import { joinsOf } from './references';

const START: MapPlace = { part: '', inside: -1, rest: 0, withTests: false };

const APP: Sketch = {
  files: {
    'src/app/server.py': { symbols: ['Server', 'Server.start', 'Server.stop', 'serve'] },
    'src/app/http/router.py': { symbols: ['Router', 'Router.add', 'Router.find'] },
    'src/app/http/request.py': { symbols: ['Request', 'Request.read'] },
    'src/app/http/response.py': { symbols: ['Response', 'Response.send'] },
    'src/app/store/db.py': { symbols: ['Store', 'Store.get', 'connect'] },
    'src/app/store/sql.py': { symbols: ['Query', 'Query.run'] },
    'tests/test_router.py': { role: 'test', symbols: ['test_add', 'test_find'] }
  },
  calls: [
    ['Server.start', 'Router'],
    ['Server.start', 'Router.add'],
    ['Server.start', 'Store'],
    ['Server.start', 'serve'],
    ['Server.stop', 'serve'],
    ['Router.find', 'Request'],
    ['Store.get', 'Query.run'],
    ['Store.get', 'Server'],
    ['test_add', 'Router.add'],
    ['test_find', 'Router.find'],
    ['Router.add', 'test_add', true]
  ]
};

function shown(place: Partial<MapPlace> = {}, sketch = APP) {
  const code = codeOf(sketch);
  const level = levelAt(code.table, code.edges, { ...START, ...place });
  return { ...code, level, names: level.root.parts.map(({ name }) => name) };
}

const leaves = (part: Part): Part[] => (part.parts.length > 0 ? part.parts.flatMap(leaves) : [part]);
const joined = ({ parts, joins }: Part) =>
  joins.map(({ from, to, weight }) => [parts[from]!.name, parts[to]!.name, weight]);

test('tests and examples are not part of the map until they are wanted', () => {
  expect(leaves(shown().level.root).some(({ path }) => path.startsWith('tests'))).toBe(false);
  const { level } = shown({ withTests: true });
  expect(leaves(level.root).some(({ path }) => path.startsWith('tests'))).toBe(true);
});

test('a repository of tests alone is shown all the same', () => {
  const { level } = shown({}, { files: { 'a_test.py': { role: 'test', symbols: ['one', 'two'] } }, calls: [] });
  expect(level.scope.isNarrowed).toBe(false);
  expect(level.root.parts.map(({ name }) => name).sort()).toEqual(['one', 'two']);
});

test('a chain of folders is one step, and parts are named by folder with their key types', () => {
  const { level, table } = shown();
  expect(level.root.path).toBe('src/app');
  const texts = layoutMap(level.root, table).parts.map(({ title, lines }) => [title, ...lines]);
  expect(texts).toContainEqual(['router.py', 'Router', '4 symbols']);
  expect(texts).toContainEqual(['server.py', 'Server', '5 symbols']);
});

test('a part uses what its code names, not what values lead to', () => {
  const { level } = shown({ withTests: true });
  expect(level.root.joins.some(({ to }) => level.root.parts[to]!.path.startsWith('tests'))).toBe(false);
});

test('few parts are drawn with what is in them, in frames', () => {
  const { level, table } = shown();
  expect(level.root.parts.map(({ name }) => name).sort()).toEqual(['http', 'server.py', 'store']);
  const drawing = layoutMap(level.root, table);
  expect(drawing.parts.filter(({ isFrame }) => isFrame).map(({ title }) => title)).toEqual(['http']);
  for (const { part, isFrame, x, y, width, height } of drawing.parts) {
    if (!isFrame) continue;
    for (const inner of drawing.parts.filter((placed) => part.parts.includes(placed.part))) {
      expect(
        inner.x >= x && inner.y >= y && inner.x + inner.width <= x + width && inner.y + inner.height <= y + height
      ).toBe(true);
    }
  }
});

test('arrows are counted between the parts of each frame', () => {
  const { level } = shown();
  expect(joined(level.root)).toEqual(
    expect.arrayContaining([
      ['server.py', 'http', 2],
      ['server.py', 'store', 1],
      ['store', 'server.py', 1]
    ])
  );
});

test('parts that use each other are listed as cycles', () => {
  const found = cyclesOf(shown().level.root).map(({ upper, lower, down, up }) => [upper.name, lower.name, down, up]);
  expect(found).toEqual([['server.py', 'store', 1, 1]].map((row) => expect.arrayContaining(row)));
});

test('an opened file shows its symbols by calls, and an opened class its methods', () => {
  const { level, at, table } = shown({ part: 'src/app/server.py' });
  expect(level.root.parts.map(({ name }) => name).sort()).toEqual(['Server', 'serve']);
  expect(joined(level.root)).toEqual([['Server', 'serve', 2]]);
  const drawing = layoutMap(level.root, table);
  const top = (name: string) => drawing.parts.find(({ title }) => title === name)!.y;
  expect(top('Server')).toBeLessThan(top('serve'));
  const inside = shown({ part: 'src/app/server.py', inside: at('Server') });
  expect(inside.names.sort()).toEqual(['start', 'stop']);
});

test('an opened part names what uses it and what it uses outside', () => {
  const { table, edges, level } = shown({ part: 'src/app/http' });
  const { uses, usedBy } = neighbours(table, edges, level);
  expect(usedBy).toEqual([{ path: 'src/app/server.py', name: 'server.py', count: 2 }]);
  expect(uses).toEqual([]);
});

test('a part lists its joins with the references behind them', () => {
  const { table, edges, level, at } = shown();
  const server = leaves(level.root).find(({ name }) => name === 'server.py')!;
  const { uses } = joinsOf(level, table, edges, server);
  expect(uses.map(({ part, count }) => [part.name, count])).toEqual([
    ['http', 2],
    ['store', 1]
  ]);
  expect(uses[0]!.strongest).toContainEqual({ source: at('Server.start'), target: at('Router.add') });
});

test('a place that is not there is shown as the whole', () => {
  expect(shown({ part: 'nowhere/else', rest: 7 }).level.root.path).toBe('src/app');
  expect(shown({ part: 'src/app/server.py', inside: 0 }).level.root.path).toBe('src/app/server.py');
});

test('more parts than a level shows are put together, and are shown when that is opened', () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [`src/part${String(n).padStart(2, '0')}.py`, { symbols: ['a', 'b'] }])
  );
  const first = shown({}, { files, calls: [] });
  expect(first.names.length).toBe(24);
  expect(first.names.at(-1)).toBe('37 more');
  const { opens } = first.level.root.parts.at(-1)!;
  const second = shown({ ...opens! }, { files, calls: [] });
  const third = shown({ ...second.level.root.parts.at(-1)!.opens! }, { files, calls: [] });
  const all = [first, second, third].flatMap(({ names }) => names.filter((name) => name.endsWith('.py')));
  expect(new Set(all).size).toBe(60);
  expect(crumbsOf(second.level, second.table, 'pack').at(-1)!.name).toBe('more');
});

test('in Rust, the file of a module belongs to its folder', () => {
  const code = codeOf({
    files: {
      'src/routing.rs': { symbols: ['Route'] },
      'src/routing/path.rs': { symbols: ['Path', 'split'] },
      'src/lib.rs': { symbols: ['run', 'stop'] }
    },
    calls: []
  });
  const { root } = levelAt(code.table, code.edges, START);
  expect(root.parts.map(({ path, files }) => [path, files]).sort()).toEqual([
    ['src/lib.rs', 1],
    ['src/routing', 2]
  ]);
});

test('each box keeps its strongest arrows, and a light way back is left out', () => {
  const joins = [
    { from: 0, to: 1, weight: 60 },
    { from: 2, to: 1, weight: 3 },
    { from: 1, to: 0, weight: 2 },
    { from: 0, to: 2, weight: 1 }
  ];
  expect(drawnJoins(joins, 3)).toEqual([joins[0], joins[1], joins[3]]);
});

test('an arrow key leads to the nearest part on that side', () => {
  const box = (x: number, y: number) => ({ x, y, width: 100, height: 40, isFrame: false }) as never;
  const parts = [box(0, 0), box(200, 0), box(10, 100), box(220, 100)];
  expect(nearest(parts, 0, 'right')).toBe(1);
  expect(nearest(parts, 0, 'down')).toBe(2);
  expect(nearest(parts, 3, 'left')).toBe(2);
  expect(nearest(parts, 0, 'up')).toBe(0);
});

test('every symbol that is shown lies in one leaf, whatever the folders', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'src');
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}.py`);
  fc.assert(
    fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 40 }), (paths) => {
      const files = Object.fromEntries(paths.map((each, n) => [each, { symbols: [`f${n}`, `g${n}`] }]));
      const { level } = shown({}, { files, calls: [] });
      const counted = new Set(level.leafOf);
      expect(leaves(level.root).map(({ first }) => first)).toEqual([...Array(level.root.end).keys()]);
      if (level.root.kind === 'folder') expect(counted.has(-1)).toBe(false);
    })
  );
});
