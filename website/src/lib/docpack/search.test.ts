import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SymbolRecord } from './records';
import { SearchIndex, searchableOf, wordsOf } from './search';
import type { SymbolTable } from './source';

const NAMES = ['parseHTTPHeader', 'parser', 'header_of', 'Http', 'unrelated', 'reparse', 'p'];

function index(names: readonly string[] = NAMES, centrality: ArrayLike<number> = new Float32Array(names.length)): SearchIndex {
  const table = {
    names, qualifiedNames: names.map((name) => `app.${name}`), file: new Uint32Array(names.length), centrality,
    files: [{ path: 'src/wire.py', language: 0, bytes: 1, lines: 1, symbols: names.length }]
  } as unknown as SymbolTable;
  const symbols = names.map((name) => ({ doc_comment: name === 'unrelated' ? 'Reads a header.' : null, documentation: null }) as SymbolRecord);
  return new SearchIndex(searchableOf(table, symbols));
}

const found = (search: SearchIndex, query: string) => search.search(query, 10).map(({ symbol }) => NAMES[symbol]);

test.each([
  ['parseHTTPHeader_v2', ['parse', 'http', 'header', 'v', '2']],
  ['__init__', ['init']],
  ['XMLHttpRequest2', ['xml', 'http', 'request', '2']],
  ['größeÄndern', ['größe', 'ändern']],
  ['', []]
])('the words of %s', (name, words) => {
  expect(wordsOf(name)).toEqual(words);
});

test.each([
  ['http', ['Http', 'parseHTTPHeader']],
  ['header http', ['parseHTTPHeader']],
  ['phh', ['parseHTTPHeader']],
  ['parse', ['parser', 'parseHTTPHeader', 'reparse']],
  ['header', ['header_of', 'parseHTTPHeader', 'unrelated']],
  ['p', ['p', 'parser', 'parseHTTPHeader', 'Http', 'reparse']],
  ['nothing of that', []],
  ['  ', []]
])('%s finds', (query, names) => {
  expect(found(index(), query)).toEqual(names);
});

test('where names fill the list, it is the beginning of the list of all finds', () => {
  const word = fc.constantFrom('parse', 'http', 'app', 'wire', 'header', 'x', 'Parse', 'unrelated');
  const name = fc.tuple(word, word).map(([a, b]) => `${a}_${b}`);
  const symbols = fc.array(fc.record({ name, centrality: fc.float({ min: 0, max: 1, noNaN: true }) }), { minLength: 1, maxLength: 60 });
  const query = fc.constantFrom('p', 'ap', 'app', 'par', 'header', 'wi', 'pp', 'ph', 'un', 'reads');
  fc.assert(
    fc.property(symbols, query, fc.integer({ min: 1, max: 12 }), (list, typed, limit) => {
      const made = () => index(list.map(({ name }) => name), list.map(({ centrality }) => centrality));
      expect(made().search(typed, limit)).toEqual(made().search(typed, list.length + 1).slice(0, limit));
    })
  );
});

test('typing on finds what typing at once finds', () => {
  const typed = index();
  for (let length = 1; length <= 'header http'.length; length++) {
    const query = 'header http'.slice(0, length);
    expect(found(typed, query)).toEqual(found(index(), query));
  }
  expect(found(typed, 'parse')).toEqual(found(index(), 'parse'));
});
