import { getContext, setContext } from 'svelte';
import type { Me } from '$lib/api/people';

/** Ids of accounts as the server writes them; an address may hold any text. */
const ID = /^[A-Za-z0-9_-]{1,100}$/;

/** Reads from an address whose account it is about; null for the reader's own. */
export function accountOf(url: URL): string | null {
  const account = url.searchParams.get('account');
  return account !== null && ID.test(account) ? account : null;
}

/** Adds to an address of this site whose account it is about. */
export function inAccount(href: string, account: string | null): string {
  return account === null ? href : `${href}${href.includes('?') ? '&' : '?'}account=${account}`;
}

/** Names an account as its owner or a member calls it. */
export function accountName(me: Me, account: string | null): string {
  if (account === null || account === me.account) return 'Your account';
  const login = me.memberships.find((membership) => membership.account === account)?.login;
  return login === undefined ? 'Another account' : `${login}’s team`;
}

const KEY = Symbol('account');
export const provideAccount = (account: string | null) => setContext(KEY, account);
/** The account that a page is about; null for the reader's own. */
export const useAccount = () => getContext<string | null | undefined>(KEY) ?? null;
