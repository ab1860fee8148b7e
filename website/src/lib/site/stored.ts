import type { ApiClient, Schemas } from '$lib/api/client';
import { patiently } from '$lib/api/patience';

/** A pack behind the API, and the address of its entries. */
export interface Stored {
  pack: Schemas['Docpack'];
  entries: string;
}

export async function fetchStored(api: ApiClient, id: string): Promise<Stored> {
  const pack = await patiently(() => api.docpack(id));
  return { pack, entries: await api.address(pack.links.entries.replace(/\/$/, '')) };
}
