import type { LayoutLoad } from './$types';

/** The pages below share one list of codes. */
export const load: LayoutLoad = async ({ parent }) => {
  const { api } = await parent();
  const codes = api.errors().then(({ items }) => items);
  // Its failure is shown where it is awaited; codes of the site itself need no list.
  codes.catch(() => undefined);
  return { codes };
};
