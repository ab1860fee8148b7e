import { accountOf } from '$lib/account/acting';
import { fetchChanges } from '$lib/compare/changes';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, depends, url }) => {
  depends(SHOWN);
  const { api } = await parent();
  const wanted = { from: url.searchParams.get('from'), account: accountOf(url) };
  return { changes: shownLater(fetchChanges(api, params.docpack, wanted)) };
};
