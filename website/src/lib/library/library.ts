import { forPerson, type ForPerson, type Visitor } from '$lib/account/visitor.svelte';
import type { ApiClient, DocpackSummary, Schemas } from '$lib/api/client';

const PAGE = 20;

/** What `/library` shows, at one time, so that all ages in it agree. */
export interface Library {
  /** The account of somebody else that is looked at; null for one's own. */
  account: string | null;
  /** Whether members may use the account besides its owner. */
  isTeam: boolean;
  packs: DocpackSummary[];
  next: string | null;
  /** What repositories' names must contain; empty for all. */
  name: string;
  atMs: number;
}

/** Finds the packs of an account; a server without accounts would list those of everybody. */
export async function fetchLibrary(
  site: ApiClient,
  visitor: Visitor,
  account: string | null,
  name: string
): Promise<ForPerson<Library>> {
  const who = await visitor.find();
  if (typeof who === 'string') return who;
  return forPerson(async () => {
    const page = await site.actingFor(account).docpacks({ limit: PAGE, name });
    const isTeam = account !== null || who.limits.members > 1;
    return { account, isTeam, packs: page.items, next: page.next_cursor ?? null, name, atMs: Date.now() };
  });
}

/** Adds the next page of packs. */
export async function fetchOlder(api: Pick<ApiClient, 'docpacks'>, shown: Library): Promise<Library> {
  if (shown.next === null) return shown;
  const page = await api.docpacks({ limit: PAGE, name: shown.name, cursor: shown.next });
  return { ...shown, packs: [...shown.packs, ...page.items], next: page.next_cursor ?? null };
}

/** Takes a pack off what is shown. */
export function without(shown: Library, id: string): Library {
  return { ...shown, packs: shown.packs.filter(({ docpack_id }) => docpack_id !== id) };
}

type Visibility = Schemas['VisibilityWord'];

/** Who can read a pack, in the order from few to many. */
export const VISIBILITIES: readonly [word: Visibility, name: string][] = [
  ['private', 'Private'],
  ['unlisted', 'Unlisted'],
  ['public', 'Public']
];

/**
 * Says with whom an account shares a pack; `isPublic` is whether everybody can read it, null where that is not known.
 *
 * Others who ordered the same pack may keep it public, and nobody can read the packs of a withdrawn repository.
 */
export function readersOf(visibility: Visibility, isTeam: boolean, isPublic: boolean | null): string {
  if (isPublic === true && visibility !== 'public') return 'Somebody else who ordered this pack keeps it public.';
  if (isPublic === false && visibility === 'public') return 'Its repository is withdrawn, so nobody can read it.';
  if (visibility === 'public') return 'Everybody can read it, and the commons list it.';
  if (visibility === 'unlisted') return `${isTeam ? 'Your team' : 'You'} and people with a share link can read it.`;
  return isTeam ? 'You share it with nobody outside your team.' : 'You share it with nobody.';
}

/** How long a link works, in days; 0 for ever. */
export const EXPIRIES: readonly [days: number, name: string][] = [
  [1, '1 day'],
  [7, '7 days'],
  [30, '30 days'],
  [365, '1 year'],
  [0, 'No expiry']
];

/** The links that still open the pack. */
export function usableLinks(links: readonly Schemas['LinkSummary'][], nowMs: number): Schemas['LinkSummary'][] {
  return links.filter(
    ({ expires_at, revoked_at }) => !revoked_at && (expires_at == null || Date.parse(expires_at) > nowMs)
  );
}

/** Writes the address that a share link has. */
export function linkAddress(origin: string, docpackId: string, token: string): string {
  return `${origin}/packs/${docpackId.replace('sha256:', '')}?link=${encodeURIComponent(token)}`;
}
