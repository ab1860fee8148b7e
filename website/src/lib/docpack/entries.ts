import { bytes as size } from '../ui/format';
import { DocpackError } from './errors';
import { gunzip, inflateRange } from './gunzip';
import { wholeName } from './layers';
import { limitOf, type ReadLimits } from './limits';
import type { EntryDigest } from './records';
import { onlyEntry, sizeInTar, untar, type Entry } from './tar';

/** The largest entries, which are read when they are needed, or when the pack is verified. */
const LATE = new Set([
  'bodies.json',
  'embeddings.bin',
  'embeddings_index.json',
  'symbol_contexts.json',
  'vectors.bin',
  'source_index.json'
]);
/** What the explorer opens on, read before the long entries. */
const FIRST = 'tour.json';
/** So many requests are under way at once; the entries still come in their order. */
const AHEAD = 3;

export const sourcePartPath = (part: number): string => `source/${String(part).padStart(4, '0')}.txt`;
export const isSourcePart = (path: string): boolean => /^source\/\d{4}\.txt$/.test(path);
export const isLate = (path: string): boolean => LATE.has(wholeName(path)) || isSourcePart(path);

/** Gets the bytes of one entry, of which there are so many at most. */
export type Get = (path: string, limitBytes: number) => Promise<Uint8Array>;

/** Gives the entries of an archive in memory, in its order but for the guide. */
export async function* entriesInFile(
  input: Uint8Array,
  limits: ReadLimits,
  listed: (manifest: Uint8Array) => EntryDigest[]
): AsyncGenerator<Entry> {
  let ahead: Entry | null = null;
  for await (const entry of untar(gunzip(input, limits), limits)) {
    if (entry.path === ahead?.path) continue;
    yield entry;
    if (entry.path !== 'manifest.json') continue;
    ahead = await entryAhead(input, entry.bytes.length, listed(entry.bytes), limits);
    if (ahead) yield ahead;
  }
}

/** Reads the guide before its turn; null where it does not lie as the writer of the format puts it. */
async function entryAhead(
  input: Uint8Array,
  manifestBytes: number,
  listed: readonly EntryDigest[],
  limits: ReadLimits
): Promise<Entry | null> {
  const at = listed.findIndex(({ path }) => path === FIRST);
  if (at < 0 || listed[at]!.bytes > limits.entryBytes) return null;
  const before = listed.slice(0, at).reduce((sum, { bytes }) => sum + sizeInTar(bytes), sizeInTar(manifestBytes));
  const piece = await inflateRange(input, before, before + sizeInTar(listed[at]!.bytes), limits);
  const entry = piece && onlyEntry(piece, limits);
  return entry?.path === FIRST ? entry : null;
}

/** Gives the manifest and then the entries that it lists, one by one, the guide first. */
export async function* fetchEntries(
  get: Get,
  limits: ReadLimits,
  listed: (manifest: Uint8Array) => EntryDigest[]
): AsyncGenerator<Entry> {
  const manifest = await get('manifest.json', limits.manifestBytes);
  yield { path: 'manifest.json', bytes: manifest };
  const wanted = listed(manifest).filter(({ path }) => !isLate(path));
  const isFirst = ({ path }: EntryDigest) => path === FIRST;
  yield* fetchListed(get, [...wanted.filter(isFirst), ...wanted.filter((entry) => !isFirst(entry))], limits);
}

/** Fetches the entries that were left for later. */
export function fetchLate(get: Get, listed: readonly EntryDigest[], limits: ReadLimits): AsyncGenerator<Entry> {
  return fetchListed(
    get,
    listed.filter(({ path }) => isLate(path)),
    limits
  );
}

async function* fetchListed(get: Get, listed: readonly EntryDigest[], limits: ReadLimits): AsyncGenerator<Entry> {
  if (listed.length > limits.entries)
    throw new DocpackError('too_many_entries', `the pack has more than ${limits.entries} entries`);
  const coming: Promise<Entry>[] = [];
  for (let next = 0, at = 0; at < listed.length; at++) {
    for (; next < Math.min(listed.length, at + AHEAD); next++) coming.push(begin(get, listed[next]!, limits));
    yield await coming[at]!;
    // What was given is the reader's; held here too it would be in memory twice as long.
    delete coming[at];
  }
}

function begin(get: Get, { path, bytes }: EntryDigest, limits: ReadLimits): Promise<Entry> {
  const limit = limitOf(path, limits);
  const entry =
    bytes > limit
      ? Promise.reject(
          new DocpackError('entry_too_large', `\`${path}\` is ${size(bytes)}, the limit is ${size(limit)}`)
        )
      : get(path, bytes).then((got) => ({ path, bytes: got }));
  // A request that failed ahead of its turn is told in its turn.
  entry.catch(() => undefined);
  return entry;
}
