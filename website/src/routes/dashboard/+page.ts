import { accountOf } from '$lib/account/acting';
import { fetchDashboard } from '$lib/dashboard/dashboard';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, depends, url }) => {
  depends(SHOWN);
  const { api } = await parent();
  return {
    toBuild: url.searchParams.get('build') ?? '',
    dashboard: shownLater(fetchDashboard(api, accountOf(url)))
  };
};
