import type { ApiClient, Schemas } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';

export interface Account {
  me: Schemas['Me'];
  sessions: Schemas['SessionSummary'][];
  keys: Schemas['ApiKeySummary'][];
}

/** What `/account` shows: an account, nobody, or that the server has no accounts. */
export type Shown = Account | 'nobody' | 'no-accounts';

export async function fetchAccount(api: ApiClient): Promise<Shown> {
  try {
    const me = await api.me();
    const [sessions, keys] = await Promise.all([api.sessions(), api.keys()]);
    return { me, sessions: sessions.items, keys: keys.items };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return 'nobody';
    if (error instanceof ApiError && error.code === 'no_accounts') return 'no-accounts';
    throw error;
  }
}

/** What a key may do, in words. */
export const SCOPES = [
  ['jobs:write', 'Order, repeat and cancel jobs'],
  ['jobs:read', 'List and follow jobs'],
  ['packs:read', 'Read docpacks']
] as const;

/** Why a key can no longer be used; null where it can. */
export function endOfKey(key: Schemas['ApiKeySummary'], now: number): 'revoked' | 'expired' | null {
  if (key.revoked_at) return 'revoked';
  return key.expires_at && Date.parse(key.expires_at) <= now ? 'expired' : null;
}

export const day = (time: string) =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(time)
  );
