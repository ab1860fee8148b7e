import { fetchOwner } from '$lib/commons/commons';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, depends }) => {
  depends(SHOWN);
  const { api } = await parent();
  return { owner: params.owner, packs: shownLater(fetchOwner(api, params.owner)) };
};
