import type { ApiClient, Schemas } from '$lib/api/client';
import { patiently } from '$lib/api/patience';

/** A pack behind the API, and the addresses of its entries and of the picture that links to it show. */
export interface Stored {
  /** The client that may read it. */
  api: ApiClient;
  pack: Schemas['Docpack'];
  entries: string;
  picture: string;
  /** Whether a share link opened it. */
  isShared: boolean;
}

/** Finds a pack; `link` is the token of a share link, which every request for the pack then shows. */
export async function fetchStored(site: ApiClient, id: string, link: string | null = null): Promise<Stored> {
  const api = link === null ? site : site.through(link);
  const pack = await patiently(() => api.docpack(id));
  return {
    api,
    pack,
    entries: await api.address(pack.links.entries.replace(/\/$/, '')),
    picture: await api.address(pack.links.preview),
    isShared: link !== null
  };
}
