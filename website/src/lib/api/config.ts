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
    throw new ApiError({ code: 'config_unusable', title: 'This site does not know its API', detail: '`/config.json` has no usable `api_base_url`.', help: 'Put `{ "api_base_url": "" }` there where the API is at the same host, else its address.' });
  }
  return base.replace(/\/+$/, '');
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && ['https:', 'http:'].includes(new URL(text).protocol);
}
