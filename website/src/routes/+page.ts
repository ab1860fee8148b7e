import { fetchNewest } from '$lib/commons/commons';
import { recentOf } from '$lib/site/recent';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, depends }) => {
  depends(SHOWN);
  const { api, visitor } = await parent();
  return { recent: shownLater(recentOf(api, visitor)), commons: shownLater(fetchNewest(api, visitor)) };
};
