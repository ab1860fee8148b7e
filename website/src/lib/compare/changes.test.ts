import { expect, test } from 'vitest';
import type { ApiClient, Schemas } from '$lib/api/client';
import { fetchChanges, listsOf, versionOf } from './changes';

const id = (letter: string) => `sha256:${letter.repeat(64)}`;
const pack = (letter: string) => ({ docpack_id: id(letter), repo_url: 'https://github.com/acme/shop', links: {} });

function site(others: string[]) {
  const asked: string[][] = [];
  const api = {
    actingFor: () => api,
    docpack: () => Promise.resolve({ ...pack('a'), links: { entries: '/e/', preview: '/p' } }),
    address: (path: string) => Promise.resolve(path),
    docpacks: () => Promise.resolve({ items: [pack('a'), ...others.map(pack)], next_cursor: null }),
    diff: (before: string, after: string) => (asked.push([before, after]), Promise.resolve({ is_cut: false }))
  };
  return { api: api as unknown as ApiClient, asked };
}

test('a pack is compared with the newest other one of its repository, from the other one to this', async () => {
  const { api, asked } = site(['b', 'c']);
  const { others, from } = await fetchChanges(api, id('a'), { from: null, account: null });
  expect([others.map((it) => it.docpack_id), from]).toEqual([[id('b'), id('c')], id('b')]);
  expect(asked).toEqual([[id('b'), id('a')]]);
});

test('the address names the other pack with or without its prefix', async () => {
  const { api, asked } = site(['b', 'c']);
  await fetchChanges(api, id('a'), { from: 'c'.repeat(64), account: null });
  await fetchChanges(api, id('a'), { from: id('c'), account: null });
  expect(asked).toEqual([
    [id('c'), id('a')],
    [id('c'), id('a')]
  ]);
});

test('a pack without another one is not compared', async () => {
  const { api, asked } = site([]);
  expect((await fetchChanges(api, id('a'), { from: null, account: null })).difference).toBe(null);
  expect(asked).toEqual([]);
});

test('a version is named by its tag and commit, else by its id', () => {
  expect(versionOf({ git_ref: 'v1', commit_hash: '0123456789abcdef', docpack_id: id('a') })).toBe('v1 at 0123456789');
  expect(versionOf({ docpack_id: id('a') })).toBe('a'.repeat(12));
});

test('empty lists are left out', () => {
  const calls = { added: [], removed: [], became_ambiguous: [], unresolved_added: [] };
  const symbols = { added: [], removed: [], moved: [] };
  const packages = [{ package: 'yaml', n_calls_before: 0, n_calls_after: 2 }];
  const difference = { changes: { symbols, calls, packages, complexity: [] } } as unknown as Schemas['Difference'];
  expect(listsOf(difference)).toEqual([{ title: 'Packages', rows: [{ name: 'yaml', note: 'newly called' }] }]);
});
