import { accountOf } from '$lib/account/acting';
import { SHOWN, shownLater } from '$lib/site/loading';
import { bringReader } from '$lib/site/reader';
import { fetchStored } from '$lib/site/stored';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, depends, url }) => {
  depends(SHOWN);
  bringReader();
  const { api } = await parent();
  const link = url.searchParams.get('link');
  const account = accountOf(url);
  return { link, account, stored: shownLater(fetchStored(api, params.docpack, { link, account })) };
};
