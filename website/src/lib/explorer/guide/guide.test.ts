import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WORDS, type Tour, type TourEvidence, type TourItem } from '$lib/docpack/records';
import type { SymbolTable } from '$lib/docpack/source';
import { chaptersOf, isShort, minutesOf, statements, stepNumbers } from './chapters';
import { Names } from './evidence';
import { shortPath } from './short-path';
import { isStandard } from './standard';
import { statementLines } from './step-words';

const item = (text: string, depth = 0, evidence: TourEvidence[] = []): TourItem => ({
  text,
  depth,
  quote: null,
  evidence
});
const section = (topic: string, ...items: TourItem[]) => ({
  topic,
  title: topic,
  items,
  diagram: null,
  left_out: null
});
const flow = (title: string) => ({
  title,
  symbol_id: 'sym_1',
  steps: [],
  ends: [],
  quote: null,
  diagram: null,
  left_out: null
});
const tour = (...topics: string[]): Tour => ({
  sections: topics.map((topic) => section(topic, item('It does.'))),
  flows: [flow('`run`')]
});

describe('chapters', () => {
  test('begin with what it is, have the flows after the entry points, and leave out topics without text', () => {
    const keys = chaptersOf(tour('reading', 'layout', 'errors', 'start')).map(({ key }) => key);
    expect(keys).toEqual(['', 'start', 'flow-1', 'operation', 'reading']);
  });
  test('of topics that only later versions know stand at the end', () => {
    expect(chaptersOf(tour('purpose', 'history')).map(({ key }) => key)).toEqual(['', 'flow-1', 'topic-history']);
  });
  test('have the keys, titles and topics by which previews of links describe them', () => {
    const facts = readFileSync(join(import.meta.dirname, '../../../../../common/preview/src/facts.rs'), 'utf8');
    const table = /const CHAPTERS\b[^=]*= \[(.*?)\n\];/s.exec(facts)![1]!;
    const described = Array.from(
      table.matchAll(/\("(\w+)", "([^"]+)", &\[([^\]]+)\]\)/g),
      ([, key, title, topics]) => ({
        key,
        title,
        topics: topics!.split(',').map((topic) => topic.trim().replace('Topic::', '').toLowerCase())
      })
    );
    const [overview, ...shown] = chaptersOf({ ...tour(...WORDS.Topic), flows: [] });
    expect(overview!.key).toBe('');
    expect(
      shown.map(({ key, title, sections }) => ({ key, title, topics: sections.map(({ topic }) => topic) }))
    ).toEqual(described);
    expect(/const FLOW_PREFIX: &str = "([^"]+)"/.exec(facts)![1]).toBe(
      chaptersOf(tour('purpose'))
        .find(({ flow }) => flow !== null)!
        .key.replace('1', '')
    );
  });
  test('that are short together are one page', () => {
    expect(isShort(chaptersOf(tour('purpose')))).toBe(true);
    const long = tour('purpose');
    long.sections[0]!.items = [item('word '.repeat(2_000))];
    expect(isShort(chaptersOf(long))).toBe(false);
    expect(minutesOf('')).toBe(0);
  });
});

test('details stand under their statement, and a detail without one by itself', () => {
  const list = statements([item('a', 1), item('b'), item('c', 1), item('d', 1)]);
  expect(list.map(({ item, details }) => [item.text, details.length])).toEqual([
    ['a', 0],
    ['b', 2]
  ]);
});

test('steps are numbered by how deep they are, and a jump counts as one', () => {
  expect(stepNumbers([0, 0, 1, 1, 3, 0].map((depth) => ({ depth })))).toEqual(['1', '2', '2.1', '2.2', '2.2.1', '3']);
});

test('a call is shown up to its closing bracket, and alone where that is far', () => {
  expect(statementLines(['run(', '  a,', ')', 'next()'])).toHaveLength(3);
  expect(statementLines(['run(', 'a', 'b', 'c', 'd'])).toEqual(['run(']);
  expect(statementLines(['return a', 'b'])).toEqual(['return a']);
});

test('what comes with a language is no dependency', () => {
  expect([isStandard('python', 'os.path'), isStandard('python', 'click')]).toEqual([true, false]);
  expect([isStandard('go', 'net/http'), isStandard('go', 'github.com/lib/pq')]).toEqual([true, false]);
  expect([isStandard('typescript', 'node:fs'), isStandard('typescript', 'zod')]).toEqual([true, false]);
  expect([isStandard('rust', 'std'), isStandard('rust', 'tokio')]).toEqual([true, false]);
});

test('a path is short, with its folder where the name says nothing', () => {
  expect([shortPath('src/flask/app.py'), shortPath('a/b/mod.rs')]).toEqual(['app.py', 'b/mod.rs']);
});

describe('names in a sentence', () => {
  const table = {
    ids: ['sym_0', 'sym_1', 'sym_2', 'sym_3'],
    names: ['App', 'run', 'run', 'only'],
    qualifiedNames: ['pkg.App', 'pkg.App.run', 'pkg.Other.run', 'pkg.only'],
    files: [{ path: 'src/app.py' }]
  } as unknown as SymbolTable;
  const names = new Names(table);
  const symbol = (symbol_id: string, line = 7): TourEvidence => ({
    symbol_id,
    target_id: null,
    file_path: 'src/app.py',
    line
  });
  const targets = (text: string, ...evidence: TourEvidence[]) =>
    names.sentence(text, evidence).flatMap(({ isCode, target }) => (isCode ? [target] : []));

  test('lead to what the evidence means by them', () => {
    expect(targets('`run` and `App.run(x)`', symbol('sym_1'))).toEqual([{ symbol: 1 }, { symbol: 1 }]);
  });
  test('lead to files, and to symbols of which there is one', () => {
    expect(targets('`src/app.py` has `only`')).toEqual([{ file: 'src/app.py', line: 0 }, { symbol: 3 }]);
  });
  test('lead to the documents of their evidence, but not to its folders', () => {
    const place = (file_path: string, line: number | null) => ({ symbol_id: null, target_id: null, file_path, line });
    expect(targets('"Use" in `docs/use.md`', place('docs/use.md', 3))).toEqual([{ file: 'docs/use.md', line: 0 }]);
    expect(targets('`docs`', place('docs', null))).toEqual([null]);
    expect(names.sentence('"Use" it', [])[0]!.text).toBe('“Use” it');
  });
  test('lead nowhere where several have the name, or another scope is written, or it is an expression', () => {
    expect(targets('`run`, `Else.only`, `only + 1`, `constructor`')).toEqual([null, null, null, null]);
  });
  test('that are led to need no place beside them, other evidence does', () => {
    const statement = item('`App` calls', 0, [symbol('sym_0'), symbol('sym_3', 9)]);
    const places = names.places(statement, names.sentence(statement.text!, statement.evidence));
    expect(places).toEqual([{ path: 'src/app.py', line: 9 }]);
  });
});
