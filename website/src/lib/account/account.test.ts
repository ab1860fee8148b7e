import { expect, test } from 'vitest';
import type { ApiClient, Schemas } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';
import { day, endOfKey, fetchAccount } from './account';

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
    ({ me: () => Promise.reject(new ApiError({ code, title: code, status })) }) as unknown as ApiClient;
  expect(await fetchAccount(failing('sign_in_required', 401))).toBe('nobody');
  expect(await fetchAccount(failing('no_accounts', 404))).toBe('no-accounts');
  await expect(fetchAccount(failing('store_unavailable', 503))).rejects.toThrow('store_unavailable');
});

test('days are written out', () => {
  expect(day('2026-12-01T00:00:00.000Z')).toBe('1 December 2026');
});
