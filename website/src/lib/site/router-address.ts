import { afterNavigate, goto } from '$app/navigation';
import type { Address } from '$lib/explorer/state.svelte';

/**
 * Keeps the explorer's place in the query of the page's address; call it while a component is made.
 *
 * `own` are fields of the page itself, which stay before those of the place.
 */
export function routerAddress(own: () => Record<string, string> = () => ({})): Address {
  let told: (() => void) | null = null;
  afterNavigate(({ type }) => {
    // Only steps back and forth, and links, come from outside of the explorer.
    if (type === 'popstate' || type === 'link') told?.();
  });
  const whole = (query: string) => [new URLSearchParams(own()).toString(), query].filter(Boolean).join('&');
  return {
    read: () => location.search,
    write: (query, mode) =>
      void goto(`${location.pathname}${whole(query) === '' ? '' : `?${whole(query)}`}`, {
        replaceState: mode === 'replace',
        keepFocus: true,
        noScroll: true
      }),
    href: (query) => `?${whole(query)}`,
    listen: (changed) => {
      told = changed;
      return () => (told = null);
    }
  };
}
