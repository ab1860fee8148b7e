import { fetchLibrary } from '$lib/library/library';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, depends, url }) => {
  depends(SHOWN);
  const { api, visitor } = await parent();
  return { library: shownLater(fetchLibrary(api, visitor, (url.searchParams.get('q') ?? '').slice(0, 100))) };
};
