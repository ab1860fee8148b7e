import { Visitor } from '$lib/account/visitor.svelte';
import { ApiClient } from '$lib/api/client';
import { apiBaseOf, fetchConfig, hasAccounts } from '$lib/api/config';
import { examplesOf } from '$lib/site/examples';
import { KeptPacks } from '$lib/site/kept-packs';
import type { LayoutLoad } from './$types';

// A static build: pages are drawn in the browser, whatever serves the files.
export const ssr = false;
export const prerender = false;

export const load: LayoutLoad = ({ fetch }) => {
  const first = fetchConfig(fetch);
  let isFirst = true;
  const base = async () => {
    const config = isFirst ? await first : await fetchConfig();
    isFirst = false;
    return apiBaseOf(config);
  };
  const api = new ApiClient(base);
  return {
    api,
    examples: first.then(examplesOf),
    visitor: new Visitor(api, first.then(hasAccounts)),
    kept: new KeptPacks()
  };
};
