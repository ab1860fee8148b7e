import { SHOWN, shownLater } from '$lib/site/loading';
import { bringReader } from '$lib/site/reader';
import { fetchStored } from '$lib/site/stored';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, depends }) => {
  depends(SHOWN);
  bringReader();
  const { api } = await parent();
  return { stored: shownLater(fetchStored(api, params.docpack)) };
};
