import { expect, test, vi } from 'vitest';
import type { ApiClient, DocpackSummary } from '$lib/api/client';
import {
  commonsHref,
  fetchCommons,
  fetchMore,
  orderOf,
  newestOf,
  repositoryHref,
  repoUrlOf,
  type PublicPacks
} from './commons';

const pack = (docpack_id: string, more: Partial<DocpackSummary> = {}) =>
  ({ docpack_id, name: 'flask', created_at: '2026-11-01T00:00:00Z', ...more }) as DocpackSummary;

test('the page of a repository names its host where that is not GitHub', () => {
  expect(repositoryHref('https://github.com/pallets/flask')).toBe('/commons/pallets/flask');
  expect(repositoryHref('https://codeberg.org/forgejo/forgejo')).toBe('/commons/forgejo/forgejo?host=codeberg.org');
  expect(repositoryHref('https://gitlab.com/group/part/repo')).toBe(null);
  expect(repositoryHref(null)).toBe(null);
});

test('the address of a repository is read from that of its page', () => {
  expect(repoUrlOf('pallets', 'flask', null)).toBe('https://github.com/pallets/flask');
  expect(repoUrlOf('forgejo', 'forgejo', 'codeberg.org')).toBe('https://codeberg.org/forgejo/forgejo');
  expect(repoUrlOf('a', 'b', 'evil.example/x?')).toBe(null);
  expect(repoUrlOf('a', 'b#c', null)).toBe(null);
});

test('an address holds what differs from the first page of the commons', () => {
  expect(commonsHref('', 'newest')).toBe('/commons');
  expect(commonsHref('a b', 'symbols')).toBe('/commons?q=a+b&sort=symbols');
  expect(orderOf('symbols')).toBe('symbols');
  expect(orderOf('price')).toBe('newest');
});

test('of each repository the newest pack is shown', () => {
  const flask = 'https://github.com/pallets/flask';
  const found = newestOf([
    pack('a', { repo_url: flask }),
    pack('b', { repo_url: 'https://github.com/pallets/click' }),
    pack('c', { repo_url: flask, created_at: '2026-11-02T00:00:00Z' }),
    pack('d'),
    pack('e')
  ]);
  expect(found.map(({ docpack_id }) => docpack_id)).toEqual(['c', 'b', 'd', 'e']);
});

test('the search and the order are sent, and the next page keeps them', async () => {
  const get = vi.fn().mockResolvedValue({ items: [pack('a')], next_cursor: 'next' });
  const api = { get } as unknown as ApiClient;
  const first = (await fetchCommons(api, 'flask', 'symbols')) as PublicPacks;
  expect(get).toHaveBeenLastCalledWith('/v1/commons?limit=24&name=flask&sort=symbols');
  const more = await fetchMore(api, first);
  expect(get).toHaveBeenLastCalledWith('/v1/commons?limit=24&name=flask&sort=symbols&cursor=next');
  expect(more.packs).toHaveLength(2);
  await fetchCommons(api, '', 'newest');
  expect(get).toHaveBeenLastCalledWith('/v1/commons?limit=24');
});
