import { Gunzip } from 'fflate';
import { crc32 } from './crc32';
import { bytes as size } from '../ui/format';
import { DocpackError } from './errors';
import { joined } from './joined';
import type { ReadLimits } from './limits';

/** Gives the inflated bytes of a gzip file of any number of members, in pieces, within the limits. */
export async function* gunzip(input: Uint8Array, limits: ReadLimits): AsyncGenerator<Uint8Array> {
  if (input.length === 0) throw new DocpackError('not_a_docpack', 'the file is empty');
  if (input[0] !== 0x1f || input[1] !== 0x8b) {
    throw new DocpackError('not_a_docpack', 'not a .docpack file (missing gzip header)');
  }
  const allowance = new Allowance(input.length, limits);
  const starts = memberStarts(input);
  for (let n = 0; n < starts.length; n++) {
    const start = starts[n] ?? 0;
    const member = await inflateMember(input.subarray(start, starts[n + 1]), allowance.copy());
    if (member === null) {
      // What looked like a header lay inside of a member, or the file is damaged: go on one byte at a time.
      yield* inflateRest(input.subarray(start), allowance);
      return;
    }
    for (const piece of member) {
      allowance.spend(piece.length);
      yield piece;
    }
  }
}

/** Inflates a range ahead of what comes before it; null where members do not begin and end with it. */
export async function inflateRange(
  input: Uint8Array,
  from: number,
  to: number,
  limits: ReadLimits
): Promise<Uint8Array | null> {
  const allowance = new Allowance(input.length, limits);
  const starts = memberStarts(input);
  const pieces: Uint8Array[] = [];
  let place = 0;
  for (let n = 0; n < starts.length && place < to; n++) {
    const member = input.subarray(starts[n], starts[n + 1]);
    if (place >= from) {
      const inflated = await inflateMember(member, allowance);
      if (inflated === null) return null;
      pieces.push(...inflated);
    }
    place += trailerSize(member);
  }
  const bytes = joined(pieces);
  return bytes.length === to - from ? bytes : null;
}

/** Counts what was inflated: total and ratio are what a bomb exceeds first. */
class Allowance {
  private readonly compressedBytes: number;
  private readonly limits: ReadLimits;
  private spentBytes: number;

  constructor(compressedBytes: number, limits: ReadLimits, spentBytes = 0) {
    this.compressedBytes = compressedBytes;
    this.limits = limits;
    this.spentBytes = spentBytes;
  }

  copy(): Allowance {
    return new Allowance(this.compressedBytes, this.limits, this.spentBytes);
  }

  spend(bytes: number): void {
    this.spentBytes += bytes;
    const { totalBytes, ratio, ratioFromBytes } = this.limits;
    if (this.spentBytes > totalBytes) {
      throw new DocpackError(
        'docpack_too_large',
        `the pack decompresses to more than ${size(totalBytes)}, the limit of this page`
      );
    }
    if (this.spentBytes > ratioFromBytes && this.spentBytes > this.compressedBytes * ratio) {
      throw new DocpackError('docpack_too_large', `the pack decompresses to more than ${ratio} times its size`);
    }
  }
}

/**
 * Finds where members seem to begin, by the ten bytes that the writer starts each with.
 *
 * A browser's own inflater refuses a second member, and ours is several times slower.
 * A false find costs speed, not truth: such a piece does not inflate, and `inflateRest` takes over.
 */
function memberStarts(input: Uint8Array): number[] {
  const starts = [0];
  for (let at = input.indexOf(0x1f, 1); at !== -1; at = input.indexOf(0x1f, at + 1)) {
    const isHeader =
      input[at + 1] === 0x8b &&
      input[at + 2] === 8 &&
      input[at + 3] === 0 &&
      input[at + 4] === 0 &&
      input[at + 5] === 0 &&
      input[at + 6] === 0 &&
      input[at + 7] === 0;
    if (isHeader) starts.push(at);
  }
  return starts;
}

/** Inflates one member with the browser's own code; null when it is not exactly one whole member. */
async function inflateMember(member: Uint8Array, allowance: Allowance): Promise<Uint8Array[] | null> {
  const inflater = new DecompressionStream('gzip');
  const writer = inflater.writable.getWriter();
  const written = writer
    .write(member as Uint8Array<ArrayBuffer>)
    .then(() => writer.close())
    .catch(() => undefined);
  const reader = inflater.readable.getReader();
  const pieces: Uint8Array[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      allowance.spend(value.length);
      pieces.push(value);
    }
    await written;
    return pieces;
  } catch (error) {
    reader.cancel().catch(() => undefined);
    if (error instanceof DocpackError) throw error;
    return null;
  }
}

/** What is given to the slow inflater at once: it inflates to 1,032 times as much at most. */
const PUSH_BYTES = 16_384;

function* inflateRest(input: Uint8Array, allowance: Allowance): Generator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let crc = 0;
  let memberBytes = 0;
  const checkTrailer = (end: number) => {
    const trailer = new DataView(input.buffer, input.byteOffset + end - 8, 8);
    if (trailer.getUint32(0, true) !== crc || trailer.getUint32(4, true) !== memberBytes >>> 0) {
      throw new DocpackError('gzip_corrupt', 'a gzip member has a wrong checksum');
    }
    crc = 0;
    memberBytes = 0;
  };
  const inflater = new Gunzip((piece) => {
    allowance.spend(piece.length);
    crc = crc32(piece, crc);
    memberBytes += piece.length;
    if (piece.length > 0) ready.push(piece);
  });
  inflater.onmember = checkTrailer;
  for (let at = 0; at < input.length; at += PUSH_BYTES) {
    const end = Math.min(at + PUSH_BYTES, input.length);
    try {
      // Never as the final piece: after that one the inflater would not look for another member.
      inflater.push(input.slice(at, end));
    } catch (error) {
      if (error instanceof DocpackError) throw error;
      throw inflateError(error);
    }
    yield* ready;
    ready = [];
  }
  if (input.length < 18 || trailerSize(input) !== memberBytes >>> 0) throw inflateError({ code: UNEXPECTED_END });
  checkTrailer(input.length);
}

/** How long a member says that it is inflated. */
function trailerSize(input: Uint8Array): number {
  return new DataView(input.buffer, input.byteOffset + input.length - 4, 4).getUint32(0, true);
}

/** The inflater numbers its errors: this is an end too early, all others are damage. */
const UNEXPECTED_END = 0;

function inflateError(error: unknown): DocpackError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === UNEXPECTED_END) return new DocpackError('truncated', 'the file ends in the middle of a gzip member');
  return new DocpackError('gzip_corrupt', 'a gzip member is damaged');
}
