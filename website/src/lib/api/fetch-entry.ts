import type { Get } from '$lib/docpack/entries';
import { DocpackError } from '$lib/docpack/errors';
import { joined } from '$lib/docpack/joined';
import { PATIENCE, patiently, type Patience } from './patience';
import { ApiError, problemOf, unreachable } from './problem';

/** Gets entries from below an address of the API, whose query each request keeps; every failure is a `DocpackError` with the API's own words. */
export function entriesBelow(base: string, patience: Patience = PATIENCE): Get {
  return (path, limit) => patiently(() => fetchEntry(base, path, limit), patience).catch(inPack);
}

/** Throws what the API said as the pack's error, so that the explorer shows all of it. */
export function inPack(error: unknown): never {
  if (!(error instanceof ApiError)) throw error;
  const { code, title, detail, help, requestId } = error;
  throw DocpackError.of({ code, title, message: detail || title, help, requestId });
}

/** Fetches an entry, and no more of it than it may have. */
async function fetchEntry(base: string, path: string, limit: number): Promise<Uint8Array> {
  const [folder, query] = base.split('?');
  const entry = `${folder}/${path.split('/').map(encodeURIComponent).join('/')}`;
  const address = query === undefined ? entry : `${entry}?${query}`;
  const response = await fetch(address).catch(() => null);
  if (!response) throw unreachable(URL.canParse(base) ? new URL(base).origin : '');
  if (!response.ok || !response.body) throw await problemOf(response);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => Promise.reject(cut(path)));
    if (done) break;
    length += value.length;
    if (length > limit) {
      void reader.cancel();
      throw new DocpackError(
        'entry_size_mismatch',
        `\`${path}\` is longer than the ${limit} bytes that the manifest gives it`
      );
    }
    parts.push(value);
  }
  return joined(parts);
}

function cut(path: string): ApiError {
  return new ApiError({
    code: 'api_unreachable',
    title: 'The server’s answer was cut short',
    detail: `The connection broke while \`${path}\` was loading.`,
    help: 'Try again.'
  });
}
