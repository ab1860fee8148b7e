import { fetchRecent } from '$lib/site/recent';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent }) => {
  const { api } = await parent();
  const recent = fetchRecent(api);
  // Its failure is shown where it is awaited.
  recent.catch(() => undefined);
  return { recent };
};
