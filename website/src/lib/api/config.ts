import { ApiError } from './problem';

/** Reads where the API is from `/config.json`: one build of the site serves any API. */
export async function readApiBase(fetcher: typeof fetch = fetch): Promise<string> {
  const response = await fetcher('/config.json', { cache: 'no-cache' }).catch(() => null);
  const config: unknown = response?.ok ? await response.json().catch(() => null) : null;
  const base = typeof config === 'object' && config !== null && 'api_base_url' in config ? config.api_base_url : null;
  if (typeof base !== 'string' || (base !== '' && !isAddress(base))) {
    throw new ApiError({ code: 'config_unusable', title: 'This site does not know its API', detail: '`/config.json` has no usable `api_base_url`.', help: 'Put `{ "api_base_url": "" }` there where the API is at the same host, else its address.' });
  }
  return base.replace(/\/+$/, '');
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && ['https:', 'http:'].includes(new URL(text).protocol);
}
