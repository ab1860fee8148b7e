import { parseAddress } from '$lib/repo/address';
import { findFor } from '$lib/site/find-built';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

/** Looks for the pack of an address, or for the job that builds it. It starts none, so a reload or a step back cannot either. */
export const load: PageLoad = async ({ params, url, parent, depends }) => {
  depends(SHOWN);
  const { api, visitor } = await parent();
  const path = [params.owner, params.repo, params.rest].filter(Boolean).join('/');
  // Still encoded: decoded, a `#` in a branch name would end the path.
  const parsed = parseAddress(`https://github.com${url.pathname}`);
  return { path, parsed, built: parsed.ok ? shownLater(findFor(api, visitor, parsed.address)) : null };
};
