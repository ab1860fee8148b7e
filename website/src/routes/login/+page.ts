import { ownPath } from '$lib/account/own-path';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

/** Where somebody goes who came for no other page. */
const FIRST_PAGE = '/dashboard';

export const load: PageLoad = async ({ parent, depends, url }) => {
  depends(SHOWN);
  const { api, visitor } = await parent();
  const returnTo = ownPath(url.searchParams.get('return_to')) ?? FIRST_PAGE;
  return {
    who: shownLater(visitor.find()),
    signIn: shownLater(api.address(`/v1/sign-in?return_to=${encodeURIComponent(returnTo)}`)),
    returnTo,
    error: url.searchParams.get('error')
  };
};
