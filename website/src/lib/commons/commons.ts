import { forPerson, type ForPerson, type Visitor } from '$lib/account/visitor.svelte';
import type { ApiClient, DocpackSummary } from '$lib/api/client';
import { COMMONS_ORDERS, commons, withdrawals, type CommonsOrder, type CommonsQuery } from '$lib/api/people';
import { repositoryName } from '$lib/repo/name';

const PAGE = 24;
const OF_HOME = 3;

/** Public packs, at one time, so that all ages of a page agree. */
export interface PublicPacks {
  packs: DocpackSummary[];
  next: string | null;
  query: CommonsQuery;
  atMs: number;
}

export const ORDER_NAMES: Readonly<Record<CommonsOrder, string>> = {
  newest: 'Newest first',
  name: 'By name',
  symbols: 'Largest first'
};

/** Reads an order from an address; the newest are first without one. */
export function orderOf(text: string | null): CommonsOrder {
  return COMMONS_ORDERS.find((order) => order === text) ?? 'newest';
}

/** Writes the address of the commons for a search. */
export function commonsHref(name: string, order: CommonsOrder): string {
  const query = new URLSearchParams();
  if (name !== '') query.set('q', name);
  if (order !== 'newest') query.set('sort', order);
  return query.size === 0 ? '/commons' : `/commons?${query}`;
}

async function page(api: ApiClient, query: CommonsQuery): Promise<PublicPacks> {
  const { items, next_cursor } = await commons(api, { limit: PAGE, ...query });
  return { packs: items, next: next_cursor ?? null, query, atMs: Date.now() };
}

/** Finds public packs by part of a repository's name. */
export function fetchCommons(api: ApiClient, name: string, order: CommonsOrder): Promise<ForPerson<PublicPacks>> {
  // The server's own order has no name in the request.
  return forPerson(() => page(api, { name, ...(order !== 'newest' && { sort: order }) }));
}

/** Finds the newest public packs for the home page; null where there are no accounts. */
export async function fetchNewest(api: ApiClient, visitor: Visitor): Promise<PublicPacks | null> {
  return (await visitor.find()) === 'no-accounts' ? null : page(api, { limit: OF_HOME });
}

/** Finds the public packs of one owner's repositories. */
export function fetchOwner(api: ApiClient, owner: string): Promise<ForPerson<PublicPacks>> {
  return forPerson(() => page(api, { owner, sort: 'name', limit: 100 }));
}

/** Public packs of one repository. */
export interface RepositoryPacks extends PublicPacks {
  repoUrl: string;
  /** Whether the reader is signed in. */
  isSignedIn: boolean;
  /** When the reader withdrew the repository; null where it is not withdrawn. */
  withdrawnAt: string | null;
}

export function fetchRepository(
  api: ApiClient,
  visitor: Visitor,
  repoUrl: string
): Promise<ForPerson<RepositoryPacks>> {
  return forPerson(async () => {
    const [found, who] = await Promise.all([page(api, { repo_url: repoUrl }), visitor.find()]);
    const isSignedIn = typeof who === 'object';
    const { items } = isSignedIn ? await withdrawals(api) : { items: [] };
    const withdrawn = items.find(({ repo_url }) => repo_url === repoUrl.toLowerCase());
    return { ...found, repoUrl, isSignedIn, withdrawnAt: withdrawn?.withdrawn_at ?? null };
  });
}

/** Adds the next page. */
export async function fetchMore<T extends PublicPacks>(api: ApiClient, shown: T): Promise<T> {
  if (shown.next === null) return shown;
  const more = await page(api, { ...shown.query, cursor: shown.next });
  return { ...shown, packs: [...shown.packs, ...more.packs], next: more.next };
}

/** Where a repository is: its owner, its name, and the host if it is another than GitHub. */
interface Whereabouts {
  owner: string;
  repo: string;
  host: string | null;
}

function whereabouts(repoUrl: string | null | undefined): Whereabouts | null {
  if (repoUrl == null || !URL.canParse(repoUrl)) return null;
  const { protocol, host } = new URL(repoUrl);
  const [owner, repo, ...rest] = repositoryName(repoUrl, '').split('/');
  if (protocol !== 'https:' || !owner || !repo || rest.length > 0) return null;
  return { owner, repo, host: host === 'github.com' ? null : host };
}

/** Gives the page of a repository's public packs; null for a repository without an address of two parts. */
export function repositoryHref(repoUrl: string | null | undefined): string | null {
  const found = whereabouts(repoUrl);
  if (!found) return null;
  const { owner, repo, host } = found;
  return `${ownerHref(owner)}/${encodeURIComponent(repo)}${host === null ? '' : `?host=${encodeURIComponent(host)}`}`;
}

export const ownerHref = (owner: string) => `/commons/${encodeURIComponent(owner)}`;

/** Reads a repository's address from that of its page; null for what can be no repository. */
export function repoUrlOf(owner: string, repo: string, host: string | null): string | null {
  if (!/^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(host ?? 'github.com')) return null;
  const address = `https://${host ?? 'github.com'}/${owner}/${repo}`;
  return URL.canParse(address) && repositoryName(address, '') === `${owner}/${repo}` ? address : null;
}

/** Gives the newest pack of each repository, in the order in which repositories come first. */
export function newestOf(packs: readonly DocpackSummary[]): DocpackSummary[] {
  const found = new Map<string, DocpackSummary>();
  for (const pack of packs) {
    const key = pack.repo_url ?? pack.docpack_id;
    const known = found.get(key);
    if (!known || Date.parse(pack.created_at) > Date.parse(known.created_at)) found.set(key, pack);
  }
  return [...found.values()];
}

export const packHref = (id: string) => `/packs/${id.replace('sha256:', '')}`;
