import { fetchSettings } from '$lib/account/account';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, depends }) => {
  depends(SHOWN);
  const { api } = await parent();
  return { settings: shownLater(fetchSettings(api)) };
};
