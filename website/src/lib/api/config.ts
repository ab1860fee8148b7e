import { ApiError } from './problem';

/** Reads what `/config.json` says; null where it is not there or no JSON. Read at run time, so that one build serves any host. */
export async function fetchConfig(fetcher: typeof fetch = fetch): Promise<unknown> {
  const response = await fetcher('/config.json', { cache: 'no-cache' }).catch(() => null);
  return response?.ok ? response.json().catch(() => null) : null;
}

/** Takes from it where the API is. */
export function apiBaseOf(config: unknown): string {
  const base = typeof config === 'object' && config !== null && 'api_base_url' in config ? config.api_base_url : null;
  if (typeof base !== 'string' || (base !== '' && !isAddress(base))) {
    throw new ApiError({
      code: 'config_unusable',
      title: 'This site is not set up',
      detail: '`/config.json` has no valid `api_base_url`.',
      help: 'If you run this site, set it to the address of the API, or to an empty text if the API is on the same host.'
    });
  }
  return base.replace(/\/+$/, '');
}

/** Tells whether people sign in to the server. */
export function hasAccounts(config: unknown): boolean {
  return typeof config === 'object' && config !== null && 'accounts' in config && config.accounts === true;
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && ['https:', 'http:'].includes(new URL(text).protocol);
}
