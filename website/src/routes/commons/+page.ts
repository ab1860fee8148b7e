import { fetchCommons, orderOf } from '$lib/commons/commons';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, depends, url }) => {
  depends(SHOWN);
  const { api } = await parent();
  const name = (url.searchParams.get('q') ?? '').slice(0, 100);
  return { packs: shownLater(fetchCommons(api, name, orderOf(url.searchParams.get('sort')))) };
};
