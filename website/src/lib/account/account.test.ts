import { expect, test, vi } from 'vitest';
import type { ApiClient, Schemas } from '$lib/api/client';
import type { Me } from '$lib/api/people';
import { ApiError } from '$lib/api/problem';
import { endOfKey } from './account';
import { accountName, accountOf, inAccount } from './acting';
import { browserName } from './browser-name';
import { day, dayOfYear } from './dates';
import { deviceCode } from './device';
import { failedSignIn } from './failed-sign-in';
import { ownPath, signInHref } from './own-path';
import { forPerson, Visitor } from './visitor.svelte';

const key = (change: Partial<Schemas['ApiKeySummary']>): Schemas['ApiKeySummary'] => ({
  id: '1',
  name: 'ci',
  prefix: 'dtk_abcdefgh',
  scopes: ['jobs:write'],
  created_at: '2026-11-01T00:00:00.000Z',
  expires_at: null,
  revoked_at: null,
  used_at: null,
  ...change
});

test('a key ends when it is revoked or its time is up', () => {
  const now = Date.parse('2026-11-24T00:00:00Z');
  expect(endOfKey(key({}), now)).toBe(null);
  expect(endOfKey(key({ expires_at: '2026-11-25T00:00:00.000Z' }), now)).toBe(null);
  expect(endOfKey(key({ expires_at: '2026-11-24T00:00:00.000Z' }), now)).toBe('expired');
  expect(endOfKey(key({ revoked_at: '2026-11-02T00:00:00.000Z' }), now)).toBe('revoked');
});

test('nobody, no accounts and a broken server are told apart', async () => {
  const failing = (code: string, status: number) =>
    forPerson(() => Promise.reject(new ApiError({ code, title: code, status })));
  expect(await failing('sign_in_required', 401)).toBe('nobody');
  expect(await failing('no_accounts', 404)).toBe('no-accounts');
  await expect(failing('store_unavailable', 503)).rejects.toThrow('store_unavailable');
  expect(await forPerson(() => Promise.resolve(7))).toBe(7);
});

test('the visitor is asked for once, and again after a failure', async () => {
  const answers = [new ApiError({ code: 'api_unreachable', title: 'no answer' }), { login: 'ada' }];
  const me = vi.fn(() => {
    const answer = answers.shift();
    return answer instanceof ApiError ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const visitor = new Visitor({ me } as unknown as ApiClient, Promise.resolve(true));
  await expect(visitor.find()).rejects.toThrow('no answer');
  expect(visitor.who).toBe(null);
  expect(await visitor.find()).toEqual({ login: 'ada' });
  expect(await visitor.find()).toEqual({ login: 'ada' });
  expect(me).toHaveBeenCalledTimes(2);
});

test('a server without accounts is not asked who the visitor is', async () => {
  const me = vi.fn();
  expect(await new Visitor({ me } as unknown as ApiClient, Promise.resolve(false)).find()).toBe('no-accounts');
  expect(me).not.toHaveBeenCalled();
});

test('days are written out', () => {
  expect(day('2026-12-01T00:00:00.000Z')).toBe('1 December 2026');
  expect(dayOfYear('2026-12-01T00:00:00.000Z')).toBe('1 December');
});

test('only a path of this site is a place to come back to', () => {
  expect(ownPath('/packs/abc?view=map&link=x')).toBe('/packs/abc?view=map&link=x');
  for (const elsewhere of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'packs',
    '',
    `/${'a'.repeat(500)}`,
    '/a b'
  ])
    expect([elsewhere, ownPath(elsewhere)]).toEqual([elsewhere, null]);
  expect(ownPath(null)).toBe(null);
  expect(signInHref('/library?q=a')).toBe('/login?return_to=%2Flibrary%3Fq%3Da');
  expect(signInHref('/')).toBe('/login');
});

test('a browser is named as people call it', () => {
  const of = (system: string, rest: string) => browserName(`Mozilla/5.0 (${system}) AppleWebKit/537.36 ${rest}`);
  expect(of('X11; Linux x86_64', '(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36')).toBe('Chrome on Linux');
  expect(of('Windows NT 10.0; Win64', 'Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0')).toBe('Edge on Windows');
  expect(browserName('Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0')).toBe(
    'Firefox on macOS'
  );
  expect(of('iPhone; CPU iPhone OS 18_0 like Mac OS X', 'Version/18.0 Mobile/15E148 Safari/604.1')).toBe(
    'Safari on iPhone'
  );
  expect(browserName('curl/8.5.0')).toBe('curl/8.5.0');
  expect(browserName('')).toBe('Unknown browser');
});

test('a failed sign-in says what to do', () => {
  expect(failedSignIn('sign_in_failed').help).toContain('Sign in again');
  expect(failedSignIn('upstream_unavailable').detail).toBe('GitHub did not answer.');
});

test('a code of a device is read however it is typed', () => {
  expect(deviceCode('abcd efgh')).toBe('ABCD-EFGH');
  expect(deviceCode('ABCDEFGH')).toBe('ABCD-EFGH');
  expect(deviceCode(' abcd–efgh ')).toBe('ABCD-EFGH');
  expect(deviceCode('../../v1')).toBe('V1');
  expect(deviceCode('--')).toBe('');
});

test('an address says whose account it is about', () => {
  const of = (query: string) => accountOf(new URL(`https://doctown.example/library${query}`));
  expect(of('?account=acc1')).toBe('acc1');
  expect(of('?account=a%26b')).toBe(null);
  expect(of('')).toBe(null);
  expect(inAccount('/library', null)).toBe('/library');
  expect(inAccount('/library', 'acc1')).toBe('/library?account=acc1');
  expect(inAccount('/library?q=a', 'acc1')).toBe('/library?q=a&account=acc1');
});

test('an account is named by its owner', () => {
  const me = { account: 'own', memberships: [{ account: 'acc1', login: 'ada' }] } as Me;
  expect(accountName(me, null)).toBe('Your account');
  expect(accountName(me, 'acc1')).toBe('ada’s team');
  expect(accountName(me, 'acc2')).toBe('Another account');
});
