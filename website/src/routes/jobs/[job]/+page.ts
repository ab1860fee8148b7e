import { accountOf } from '$lib/account/acting';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, depends, url }) => {
  depends(SHOWN);
  const { api } = await parent();
  const account = accountOf(url);
  return { id: params.job, account, first: shownLater(api.actingFor(account).job(params.job)) };
};
