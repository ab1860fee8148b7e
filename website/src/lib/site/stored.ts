import type { ApiClient, Schemas } from '$lib/api/client';
import { patiently } from '$lib/api/patience';
import { ApiError } from '$lib/api/problem';

/** A pack behind the API, and the addresses of its entries and of the picture that links to it show. */
export interface Stored {
  /** The client that may read it. */
  api: ApiClient;
  pack: Schemas['Docpack'];
  entries: string;
  picture: string;
  /** Whether a share link opened it. */
  isShared: boolean;
  /** The account of somebody else that it was opened in; null for one's own. */
  account: string | null;
}

/** How a pack is read: through a share link, of which this is the token, or as a member of an account. */
interface Access {
  link?: string | null;
  account?: string | null;
}

export async function fetchStored(
  site: ApiClient,
  id: string,
  { link = null, account = null }: Access = {}
): Promise<Stored> {
  const api = (link === null ? site : site.through(link)).actingFor(account);
  const pack = await patiently(() => api.docpack(id)).catch((error: unknown) => {
    // Somebody got the address from a member: they may be allowed to read the pack all the same.
    if (account !== null && error instanceof ApiError && error.code === 'no_such_account') return null;
    throw error;
  });
  if (pack === null) return fetchStored(site, id, { link });
  return {
    api,
    pack,
    entries: await api.address(pack.links.entries.replace(/\/$/, '')),
    picture: await api.address(pack.links.preview),
    isShared: link !== null,
    account
  };
}
