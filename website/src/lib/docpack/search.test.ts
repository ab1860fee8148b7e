import { expect, test } from 'vitest';
import type { SymbolRecord } from './records';
import { SearchIndex, wordsOf } from './search';
import type { SymbolTable } from './source';

const NAMES = ['parseHTTPHeader', 'parser', 'header_of', 'Http', 'unrelated', 'reparse', 'p'];

function index(): SearchIndex {
  const numbers = new Float32Array(NAMES.length);
  const table = {
    names: NAMES, qualifiedNames: NAMES.map((name) => `app.${name}`), file: new Uint32Array(NAMES.length), centrality: numbers,
    files: [{ path: 'src/wire.py', language: 0, bytes: 1, lines: 1, symbols: NAMES.length }]
  } as unknown as SymbolTable;
  const symbols = NAMES.map((name) => ({ doc_comment: name === 'unrelated' ? 'Reads a header.' : null, documentation: null }) as SymbolRecord);
  return new SearchIndex(table, symbols);
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

test('typing on finds what typing at once finds', () => {
  const typed = index();
  for (let length = 1; length <= 'header http'.length; length++) {
    const query = 'header http'.slice(0, length);
    expect(found(typed, query)).toEqual(found(index(), query));
  }
  expect(found(typed, 'parse')).toEqual(found(index(), 'parse'));
});
