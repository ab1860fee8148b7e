import { expect, test, vi } from 'vitest';
import type { DocpackSummary, Schemas } from '$lib/api/client';
import { fetchOlder, linkAddress, readersOf, usableLinks, without, type Library } from './library';

const AT = Date.parse('2026-11-24T12:00:00Z');
const pack = (docpack_id: string) => ({ docpack_id }) as DocpackSummary;
const link = (id: string, more: Partial<Schemas['LinkSummary']> = {}): Schemas['LinkSummary'] => ({
  id,
  created_at: '2026-11-20T00:00:00Z',
  expires_at: null,
  revoked_at: null,
  ...more
});

test('a link that expired or was revoked opens nothing', () => {
  const links = [
    link('for ever'),
    link('still', { expires_at: '2026-11-24T12:00:01Z' }),
    link('over', { expires_at: '2026-11-24T12:00:00Z' }),
    link('revoked', { revoked_at: '2026-11-21T00:00:00Z' })
  ];
  expect(usableLinks(links, AT).map(({ id }) => id)).toEqual(['for ever', 'still']);
});

test('the address of a link holds the pack and the token', () => {
  expect(linkAddress('https://doctown.example', `sha256:${'a'.repeat(64)}`, 't+/=')).toBe(
    `https://doctown.example/packs/${'a'.repeat(64)}?link=t%2B%2F%3D`
  );
});

test('a row says with whom a pack is shared, and when others decide', () => {
  expect(readersOf('private', false, null)).toBe('You share it with nobody.');
  expect(readersOf('private', true, false)).toBe('You share it with nobody outside your team.');
  expect(readersOf('private', false, true)).toContain('keeps it public');
  expect(readersOf('unlisted', true, null)).toBe('Your team and people with a share link can read it.');
  expect(readersOf('public', false, null)).toContain('Everybody');
  expect(readersOf('public', false, false)).toContain('withdrawn');
});

test('older packs keep the search, and a deleted pack is gone', async () => {
  const docpacks = vi.fn().mockResolvedValue({ items: [pack('b')], next_cursor: null });
  const first: Library = { account: null, isTeam: false, packs: [pack('a')], next: 'next', name: 'flask', atMs: AT };
  const all = await fetchOlder({ docpacks }, first);
  expect(docpacks).toHaveBeenCalledExactlyOnceWith({ limit: 20, name: 'flask', cursor: 'next' });
  expect(without(all, 'a').packs).toEqual([pack('b')]);
});
