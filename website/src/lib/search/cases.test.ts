import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Document } from './documents';
import { IndexBuilder } from './index';
import { SearchIndex, type Hit } from './search';

interface Cases {
  documents: Document[];
  cases: { query: string; near: [number, number][]; n_matches: number; hits: Hit[] }[];
}

/** The Rust implementation wrote it, and reads it too. */
const { documents, cases } = JSON.parse(readFileSync('../common/search/tests/cases.json', 'utf8')) as Cases;
const LIMIT = 12;

function index(): SearchIndex {
  const builder = new IndexBuilder();
  for (const document of documents) builder.add(document);
  return new SearchIndex(builder.finish());
}

test.each(cases)('`$query` finds what the Rust implementation finds', ({ query, near, n_matches, hits }) => {
  expect(index().search(query, near, LIMIT)).toEqual({ n_matches, hits });
});

test('an index answers one query after another as a new one does', () => {
  const used = index();
  for (const { query, near, hits } of cases) expect(used.search(query, near, LIMIT).hits).toEqual(hits);
});
