import { forPerson, type ForPerson, type Visitor } from '$lib/account/visitor.svelte';
import type { ApiClient, DocpackSummary, Schemas } from '$lib/api/client';

const PAGE = 20;

/** What `/library` shows, at one time, so that all ages in it agree. */
export interface Library {
  packs: DocpackSummary[];
  next: string | null;
  /** What repositories' names must contain; empty for all. */
  name: string;
  atMs: number;
}

/** Finds the packs of whoever is signed in; a server without accounts would list those of everybody. */
export async function fetchLibrary(api: ApiClient, visitor: Visitor, name: string): Promise<ForPerson<Library>> {
  const who = await visitor.find();
  if (typeof who === 'string') return who;
  return forPerson(async () => {
    const page = await api.docpacks({ limit: PAGE, name });
    return { packs: page.items, next: page.next_cursor ?? null, name, atMs: Date.now() };
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
export const VISIBILITIES: readonly [word: Visibility, name: string, about: string][] = [
  ['private', 'Private', 'Only you can read it.'],
  ['unlisted', 'Unlisted', 'You and people with a share link can read it.'],
  ['public', 'Public', 'Everybody can read it, and the commons list it.']
];

/** Says who can read a pack: others who ordered it may keep it public, and a private repository cannot be. */
export function readersOf({ visibility, is_public }: Pick<Schemas['Sharing'], 'visibility' | 'is_public'>): string {
  if (is_public && visibility !== 'public') return 'Somebody else who ordered this pack keeps it public.';
  if (!is_public && visibility === 'public')
    return 'Its repository is private or withdrawn, so only you and people with a share link can read it.';
  return VISIBILITIES.find(([word]) => word === visibility)?.[2] ?? '';
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
