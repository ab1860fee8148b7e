import type { ApiClient, Schemas } from '$lib/api/client';
import { notices, type Notices } from '$lib/api/notices';
import {
  members,
  repositories,
  withdrawals,
  type Me,
  type Members,
  type Repositories,
  type Withdrawal
} from '$lib/api/people';
import { schedules, type Schedule } from '$lib/api/schedules';
import { fetchBilling, type Billing } from './billing';
import { forPerson, type ForPerson } from './visitor.svelte';

/** What `/settings` shows. */
export interface Settings {
  me: Me;
  sessions: Schemas['SessionSummary'][];
  keys: Schemas['ApiKeySummary'][];
  withdrawals: Withdrawal[];
  notices: Notices;
  schedules: Schedule[];
  /** Null where the server builds nothing at pushes. */
  repositories: Repositories | null;
  /** Null where the plan is for one person. */
  members: Members | null;
  /** Null where no plans are sold. */
  billing: Billing | null;
}

export function fetchSettings(api: ApiClient): Promise<ForPerson<Settings>> {
  return forPerson(async () => {
    // First of all: it looks at Stripe, and the plan may be another one then.
    const billing = await fetchBilling(api);
    const person = await api.me();
    const [sessions, keys, withdrawn, told, scheduled, installed, team] = await Promise.all([
      api.sessions(),
      api.keys(),
      withdrawals(api),
      notices(api),
      schedules(api),
      repositories(api),
      person.limits.members > 1 ? members(api) : null
    ]);
    return {
      me: person,
      sessions: sessions.items,
      keys: keys.items,
      withdrawals: withdrawn.items,
      notices: told,
      schedules: scheduled,
      repositories: installed,
      members: team,
      billing
    };
  });
}

/** What a key may do, in words. */
export const SCOPES = [
  ['jobs:write', 'Order, repeat and cancel jobs'],
  ['jobs:read', 'List and follow jobs'],
  ['packs:read', 'Read packs'],
  ['packs:write', 'Share and delete packs']
] as const;

/** Says in words what a key may do; a scope of a newer server keeps its name. */
export function scopeWords(scopes: readonly string[]): string[] {
  return scopes.map((scope) => SCOPES.find(([known]) => known === scope)?.[1] ?? scope);
}

/** Why a key can no longer be used; null where it can. */
export function endOfKey(key: Schemas['ApiKeySummary'], now: number): 'revoked' | 'expired' | null {
  if (key.revoked_at) return 'revoked';
  return key.expires_at && Date.parse(key.expires_at) <= now ? 'expired' : null;
}
