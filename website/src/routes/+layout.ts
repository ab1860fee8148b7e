import { ApiClient } from '$lib/api/client';
import { apiBaseOf, fetchConfig } from '$lib/api/config';
import { examplesOf } from '$lib/site/examples';
import { KeptPacks } from '$lib/site/kept-packs';
import type { LayoutLoad } from './$types';

// A static build: pages are drawn in the browser, whatever serves the files.
export const ssr = false;
export const prerender = false;

export const load: LayoutLoad = ({ fetch }) => {
  const config = fetchConfig(fetch);
  const base = config.then(apiBaseOf);
  // A page that never uses the API, such as the one for files, does not show this failure.
  base.catch(() => undefined);
  return { api: new ApiClient(base), examples: config.then(examplesOf), kept: new KeptPacks() };
};
