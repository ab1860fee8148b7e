import { deviceCode, fetchDevice } from '$lib/account/device';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, depends, url }) => {
  depends(SHOWN);
  const { api } = await parent();
  return { shown: shownLater(fetchDevice(api, deviceCode(url.searchParams.get('code') ?? ''))) };
};
