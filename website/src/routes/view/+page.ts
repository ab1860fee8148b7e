import { SHOWN, shownLater } from '$lib/site/loading';
import { bringReader } from '$lib/site/reader';
import { fetchViewed } from '$lib/site/viewed';
import type { PageLoad } from './$types';

export const load: PageLoad = ({ fetch, depends }) => {
  depends(SHOWN);
  bringReader();
  return { file: shownLater(fetchViewed(fetch)) };
};
