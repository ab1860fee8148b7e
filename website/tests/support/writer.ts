import { gzipSync } from 'fflate';
import { docpackId, LayerHasher } from '../../src/lib/docpack/layers';
import { Sha256 } from '../../src/lib/docpack/sha256';
import { BLOCK_BYTES, type Entry } from '../../src/lib/docpack/tar';

/** The contents of a pack by entry, as JSON values or bytes; the manifest lacks what follows from the rest. */
export type Contents = Map<string, unknown>;

const encoder = new TextEncoder();

/** Writes a value as canonical JSON: keys sorted by their UTF-16 units, numbers rounded to six decimals. */
export function canonical(value: unknown): string {
  if (typeof value === 'number')
    return JSON.stringify(Math.abs(value) < 1e9 ? Math.round(value * 1e6) / 1e6 + 0 : value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

/** Makes the entries of a pack, the manifest first, with sizes, digests and id that fit the contents. */
export function entriesOf(contents: Contents, change: (manifest: Record<string, unknown>) => void = () => {}): Entry[] {
  const entries = [...contents]
    .filter(([path]) => path !== 'manifest.json')
    .map(([path, value]) => ({ path, bytes: value instanceof Uint8Array ? value : encoder.encode(canonical(value)) }));
  const hasher = new LayerHasher();
  for (const entry of entries) hasher.add(entry);
  const digests = hasher.finish();
  const manifest: Record<string, unknown> = {
    ...(contents.get('manifest.json') as object),
    facts_digest: digests.facts,
    semantics_digest: digests.semantics,
    prose_digest: digests.prose,
    docpack_id: `sha256:${'0'.repeat(64)}`,
    checksum: { algorithm: 'sha256', value: `sha256:${'0'.repeat(64)}` },
    entries: entries.map(({ path, bytes }) => ({ path, bytes: bytes.length, sha256: new Sha256().update(bytes).hex() }))
  };
  change(manifest);
  const id = docpackId(encoder.encode(canonical(manifest)));
  const named = { ...manifest, docpack_id: id, checksum: { algorithm: 'sha256', value: id } };
  return [{ path: 'manifest.json', bytes: encoder.encode(canonical(named)) }, ...entries];
}

export interface HeaderChange {
  size?: number;
  type?: string;
  magic?: string;
  checksum?: number;
  prefix?: string;
}

export function tarHeader(path: string, size: number, change: HeaderChange = {}): Uint8Array {
  const header = new Uint8Array(BLOCK_BYTES);
  const put = (at: number, text: string) => header.set(encoder.encode(text), at);
  put(0, path);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, `${(change.size ?? size).toString(8).padStart(11, '0')}\0`);
  put(136, '00000000000\0');
  put(148, '        ');
  put(156, change.type ?? '0');
  put(257, change.magic ?? 'ustar\u000000');
  put(345, change.prefix ?? '');
  const sum = change.checksum ?? header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return header;
}

/** One entry as it lies in the tar: header, bytes, zeros up to the next block. */
export function tarEntry({ path, bytes }: Entry, change: HeaderChange = {}): Uint8Array {
  const padded = Math.ceil(bytes.length / BLOCK_BYTES) * BLOCK_BYTES;
  const out = new Uint8Array(BLOCK_BYTES + padded);
  out.set(tarHeader(path, bytes.length, change));
  out.set(bytes, BLOCK_BYTES);
  return out;
}

export const END_MARKER = new Uint8Array(2 * BLOCK_BYTES);

/** One gzip member as the writer of the format starts each: no name, no time. */
export function member(bytes: Uint8Array, level: 0 | 6 = 6): Uint8Array {
  const out = gzipSync(bytes, { level, mtime: 0 });
  out[9] = 255;
  return out;
}

export function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function archive(entries: Entry[]): Uint8Array<ArrayBuffer> {
  const members = entries.map((entry) => member(tarEntry(entry), entry.path === 'embeddings.bin' ? 0 : 6));
  return concat(...members, member(END_MARKER));
}

export function writePack(contents: Contents): Uint8Array<ArrayBuffer> {
  return archive(entriesOf(contents));
}
