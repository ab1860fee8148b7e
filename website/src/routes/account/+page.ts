import { fetchAccount } from '$lib/account/account';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, depends, url }) => {
  depends(SHOWN);
  const { api } = await parent();
  return { account: shownLater(fetchAccount(api)), error: url.searchParams.get('error') };
};
