import { accountOf } from '$lib/account/acting';
import { fetchLibrary } from '$lib/library/library';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, depends, url }) => {
  depends(SHOWN);
  const { api, visitor } = await parent();
  const name = (url.searchParams.get('q') ?? '').slice(0, 100);
  return { library: shownLater(fetchLibrary(api, visitor, accountOf(url), name)) };
};
