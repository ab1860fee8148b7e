import { redirect } from '@sveltejs/kit';
import type { PageLoad } from './$types';

/** Servers and bookmarks of before lead here: failed sign-ins to the page to sign in at, all else to the settings. */
export const load: PageLoad = ({ url }) =>
  redirect(307, `${url.searchParams.has('error') ? '/login' : '/settings'}${url.search}`);
