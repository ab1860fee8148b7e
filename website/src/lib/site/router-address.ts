import { afterNavigate, goto } from '$app/navigation';
import type { Address } from '$lib/explorer/state.svelte';

/** Keeps the explorer's place in the query of the page's address; call it while a component is made. */
export function routerAddress(): Address {
  let told: (() => void) | null = null;
  afterNavigate(({ type }) => {
    // Only steps back and forth, and links, come from outside of the explorer.
    if (type === 'popstate' || type === 'link') told?.();
  });
  return {
    read: () => location.search,
    write: (query, mode) => void goto(query === '' ? location.pathname : `?${query}`, { replaceState: mode === 'replace', keepFocus: true, noScroll: true }),
    href: (query) => `?${query}`,
    listen: (changed) => {
      told = changed;
      return () => (told = null);
    }
  };
}
