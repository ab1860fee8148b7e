import { queryOf, type ApiClient, type Schemas } from './client';

/*
 * Operations that `schema.ts` does not have yet, with their types written by hand.
 * Once it has them, each type here becomes an alias of the generated one.
 */

export const COMMONS_ORDERS = ['newest', 'name', 'symbols'] as const;
export type CommonsOrder = (typeof COMMONS_ORDERS)[number];

export interface CommonsQuery {
  cursor?: string;
  limit?: number;
  /** Part of a repository's name. */
  name?: string;
  owner?: string;
  repo_url?: string;
  sort?: CommonsOrder;
}

/** Lists docpacks that everybody may read. */
export function commons(api: ApiClient, query: CommonsQuery = {}): Promise<Schemas['PageOfDocpackSummary']> {
  return api.get(`/v1/commons${queryOf({ ...query })}`);
}

/** An account as its owner sees it. */
export type Me = Schemas['Me'] & {
  limits: { members?: number };
  private_repositories?: {
    /** Whether the plan allows them. */
    allowed: boolean;
    /** Whether Doctown holds the access that GitHub gave. */
    connected: boolean;
  };
};

export function me(api: ApiClient): Promise<Me> {
  return api.me();
}

/** A repository whose docpacks its owner took out of Doctown. */
export interface Withdrawal {
  repo_url: string;
  reason?: string | null;
  withdrawn_at: string;
}

export function withdrawals(api: ApiClient): Promise<{ items: Withdrawal[] }> {
  return api.get('/v1/withdrawals');
}

export function withdraw(api: ApiClient, repoUrl: string): Promise<void> {
  return api.act('/v1/withdrawals', { repo_url: repoUrl });
}

export function giveBack(api: ApiClient, repoUrl: string): Promise<void> {
  return api.remove(`/v1/withdrawals${queryOf({ repo_url: repoUrl })}`);
}

/** Somebody who shares the plan of a team. */
export interface Member {
  account: string;
  login: string;
  avatar_url?: string | null;
  added_at: string;
}

export interface Members {
  items: Member[];
  limit: number;
}

export function members(api: ApiClient): Promise<Members> {
  return api.get('/v1/me/members');
}

export async function addMember(api: ApiClient, login: string): Promise<void> {
  await api.post('/v1/me/members', { login });
}

export function removeMember(api: ApiClient, account: string): Promise<void> {
  return api.remove(`/v1/me/members/${encodeURIComponent(account)}`);
}

/** A program that waits for somebody to let it in. */
export interface Device {
  user_code: string;
  /** What the program says it is, and on which machine. */
  client_name: string;
  scopes: string[];
  requested_at: string;
  expires_at: string;
}

export function device(api: ApiClient, code: string): Promise<Device> {
  return api.get(`/v1/devices/${encodeURIComponent(code)}`);
}

export function answerDevice(api: ApiClient, code: string, answer: 'approve' | 'deny'): Promise<void> {
  return api.act(`/v1/devices/${encodeURIComponent(code)}/${answer}`);
}
