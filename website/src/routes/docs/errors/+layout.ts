import { SHOWN, shownLater } from '$lib/site/loading';
import type { LayoutLoad } from './$types';

/** The pages below share one list of codes. */
export const load: LayoutLoad = async ({ parent, depends }) => {
  depends(SHOWN);
  const { api } = await parent();
  // Codes of the site itself need no list.
  return { codes: shownLater(api.errors().then(({ items }) => items)) };
};
