import type { ApiClient, Schemas } from '$lib/api/client';
import { patiently } from '$lib/api/patience';

/** A pack behind the API, and the addresses of its entries and of the picture that links to it show. */
export interface Stored {
  pack: Schemas['Docpack'];
  entries: string;
  picture: string;
}

export async function fetchStored(api: ApiClient, id: string): Promise<Stored> {
  const pack = await patiently(() => api.docpack(id));
  return {
    pack,
    entries: await api.address(pack.links.entries.replace(/\/$/, '')),
    picture: await api.address(pack.links.preview)
  };
}
