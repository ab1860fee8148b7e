import { DocpackError } from './errors';
import { wholeName } from './layers';
import type { ReadLimits } from './limits';
import type { EntryDigest } from './records';
import type { Entry } from './tar';

/** What the explorer can do without until a pack is verified: by far the largest entries. */
const LATE = new Set(['embeddings.bin', 'embeddings_index.json', 'symbol_contexts.json']);
/** So many requests are under way at once; the entries still come in their order. */
const AHEAD = 3;

export const isLate = (path: string): boolean => LATE.has(wholeName(path));

/** Gives the manifest and then the entries that it lists, fetched one by one from below an address. */
export async function* fetchEntries(base: string, limits: ReadLimits, listed: (manifest: Uint8Array) => EntryDigest[]): AsyncGenerator<Entry> {
  const manifest = await fetchEntry(base, 'manifest.json', limits.manifestBytes);
  yield manifest;
  yield* fetchListed(base, listed(manifest.bytes).filter(({ path }) => !isLate(path)), limits);
}

/** Fetches the entries that were left for later. */
export function fetchLate(base: string, listed: readonly EntryDigest[], limits: ReadLimits): AsyncGenerator<Entry> {
  return fetchListed(base, listed.filter(({ path }) => isLate(path)), limits);
}

async function* fetchListed(base: string, listed: readonly EntryDigest[], limits: ReadLimits): AsyncGenerator<Entry> {
  if (listed.length > limits.entries) throw new DocpackError('too_many_entries', `the pack has more than ${limits.entries} entries`);
  const coming: Promise<Entry>[] = [];
  for (let next = 0, at = 0; at < listed.length; at++) {
    for (; next < Math.min(listed.length, at + AHEAD); next++) coming.push(begin(base, listed[next]!, limits));
    yield await coming[at]!;
    // What was given is the reader's; held here too it would be in memory twice as long.
    delete coming[at];
  }
}

function begin(base: string, { path, bytes }: EntryDigest, limits: ReadLimits): Promise<Entry> {
  const limit = path === 'embeddings.bin' ? limits.embeddingsBytes : limits.entryBytes;
  const entry = bytes > limit ? Promise.reject(new DocpackError('entry_too_large', `\`${path}\` has ${bytes} bytes, the limit is ${limit}`)) : fetchEntry(base, path, bytes);
  // A request that failed ahead of its turn is told in its turn.
  entry.catch(() => undefined);
  return entry;
}

async function fetchEntry(base: string, path: string, limit: number): Promise<Entry> {
  const address = `${base}/${path.split('/').map(encodeURIComponent).join('/')}`;
  const response = await fetch(address).catch(() => null);
  if (!response) throw new DocpackError('io', `nothing answers where \`${path}\` should be`);
  if (!response.ok || !response.body) throw new DocpackError('io', `\`${path}\` was answered with ${response.status}`);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      void reader.cancel();
      throw new DocpackError('entry_size_mismatch', `\`${path}\` has more than ${limit} bytes, which is what it should have at most`);
    }
    parts.push(value);
  }
  return { path, bytes: joined(parts, length) };
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
