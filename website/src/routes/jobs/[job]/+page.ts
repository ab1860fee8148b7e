import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, depends }) => {
  depends(SHOWN);
  const { api } = await parent();
  return { id: params.job, first: shownLater(api.job(params.job)) };
};
