import { bytes as size } from '../ui/format';
import { DocpackError } from './errors';
import { joined } from './joined';
import { limitOf, MAX_TRAILING_ZEROS, type ReadLimits } from './limits';

/** One entry of a pack: its path and its inflated bytes. */
export interface Entry {
  path: string;
  bytes: Uint8Array;
}

export const BLOCK_BYTES = 512;
const MAX_PATH_BYTES = 100;
const PATH = /^[a-z0-9][a-z0-9_.-]*(?:\/[a-z0-9][a-z0-9_.-]*)*$/;

/** Gives the entries of a tar in order; nothing of it is believed before it is checked. */
export async function* untar(pieces: AsyncIterable<Uint8Array>, limits: ReadLimits): AsyncGenerator<Entry> {
  const input = new ByteReader(pieces);
  const seen = new Set<string>();
  let totalBytes = 0;
  for (;;) {
    const block = await input.read(BLOCK_BYTES);
    if (isZero(block)) break;
    const header = parseHeader(block);
    checkSize(header, limits);
    totalBytes += header.sizeBytes;
    if (totalBytes > limits.totalBytes) {
      throw new DocpackError(
        'docpack_too_large',
        `all entries together are larger than ${size(limits.totalBytes)}, the limit of this page`
      );
    }
    if (seen.size === limits.entries) {
      throw new DocpackError('too_many_entries', `the pack has more than ${limits.entries} entries`);
    }
    if (seen.has(header.path)) throw new DocpackError('entry_duplicate', `two entries are named \`${header.path}\``);
    seen.add(header.path);
    const bytes = await input.read(header.sizeBytes);
    const padding = await input.read((BLOCK_BYTES - (header.sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES);
    if (!isZero(padding)) throw new DocpackError('tar_malformed', `the padding after \`${header.path}\` is not zeros`);
    yield { path: header.path, bytes };
  }
  if (!isZero(await input.read(BLOCK_BYTES))) {
    throw new DocpackError('tar_malformed', 'the end marker has one block of zeros instead of two');
  }
  await expectOnlyZeros(input);
}

/** Reads what should be exactly one entry; null where it is not, which the reading in order says better. */
export function onlyEntry(bytes: Uint8Array, limits: ReadLimits): Entry | null {
  try {
    const header = parseHeader(bytes.subarray(0, BLOCK_BYTES));
    checkSize(header, limits);
    const isWhole = bytes.length === sizeInTar(header.sizeBytes);
    return isWhole ? { path: header.path, bytes: bytes.subarray(BLOCK_BYTES, BLOCK_BYTES + header.sizeBytes) } : null;
  } catch {
    return null;
  }
}

/** How much of a tar an entry takes: its header, its bytes, and zeros to the end of the block. */
export function sizeInTar(sizeBytes: number): number {
  return BLOCK_BYTES + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
}

interface Header {
  path: string;
  sizeBytes: number;
}

function parseHeader(block: Uint8Array): Header {
  const magic = latin(block.subarray(257, 265));
  if (magic !== 'ustar\u000000') throw new DocpackError('tar_malformed', 'a tar header is not of the ustar form');
  checkChecksum(block);
  const type = block[156];
  if (type !== 0x30) throw new DocpackError('entry_type_forbidden', 'an entry is not a regular file');
  const path = text(block.subarray(0, MAX_PATH_BYTES));
  const hasPrefix = block.subarray(345, 500).some((byte) => byte !== 0);
  if (hasPrefix || !PATH.test(path)) {
    throw new DocpackError('entry_path_unsafe', `the path \`${path.slice(0, MAX_PATH_BYTES)}\` is not allowed`);
  }
  return { path, sizeBytes: octal(block.subarray(124, 136)) };
}

function checkChecksum(block: Uint8Array): void {
  let sum = 0;
  block.forEach((byte, at) => (sum += at >= 148 && at < 156 ? 0x20 : byte));
  if (octal(block.subarray(148, 156)) !== sum)
    throw new DocpackError('tar_malformed', 'a tar header has a wrong checksum');
}

function checkSize({ path, sizeBytes }: Header, limits: ReadLimits): void {
  const limit = limitOf(path, limits);
  if (sizeBytes > limit) {
    throw new DocpackError(
      'entry_too_large',
      `\`${path}\` is ${size(sizeBytes)}, the limit of this page is ${size(limit)}`
    );
  }
}

async function expectOnlyZeros(input: ByteReader): Promise<void> {
  let trailing = 0;
  for (let piece = await input.next(); piece !== null; piece = await input.next()) {
    trailing += piece.length;
    if (!isZero(piece) || trailing > MAX_TRAILING_ZEROS) {
      throw new DocpackError('trailing_bytes', 'the archive is followed by something other than zeros');
    }
  }
}

function octal(field: Uint8Array): number {
  const digits = latin(field).replace(/[\0 ]+$/, '');
  if (!/^[0-7]{1,12}$/.test(digits)) throw new DocpackError('tar_malformed', 'a number in a tar header is not octal');
  return parseInt(digits, 8);
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return latin(end === -1 ? field : field.subarray(0, end));
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** Reads exact counts of bytes from pieces of any size. */
class ByteReader {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private rest: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.pieces = pieces[Symbol.asyncIterator]();
  }

  /** Gives what is left of the current piece, or the next one; null at the end. */
  async next(): Promise<Uint8Array | null> {
    if (this.rest.length > 0) {
      const piece = this.rest;
      this.rest = new Uint8Array(0);
      return piece;
    }
    const { done, value } = await this.pieces.next();
    return done ? null : value;
  }

  /** Memory is taken as bytes arrive, whatever a header says. */
  async read(count: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (let missing = count; missing > 0;) {
      const piece = await this.next();
      if (piece === null) throw new DocpackError('truncated', 'the file ends before its end marker');
      const taken = piece.subarray(0, missing);
      this.rest = piece.subarray(taken.length);
      missing -= taken.length;
      pieces.push(taken);
    }
    return joined(pieces);
  }
}
