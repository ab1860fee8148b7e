import { DocpackError } from './errors';
import type { EmbeddingsIndex } from './records';

const HEADER_BYTES = 8;
const MAX_DIMENSIONS = 16_384;

/** The vectors of a pack's chunks, and how near they are to each other. */
export abstract class Vectors {
  readonly dimensions: number;

  protected constructor(dimensions: number) {
    this.dimensions = dimensions;
  }

  /** Gives the row of a chunk by its id and its place among all chunks; null where it has no vector. */
  abstract rowOf(chunk: string, place: number): number | null;
  /** Adds a row to a sum. */
  protected abstract add(row: number, sum: Float32Array): void;

  /** Adds rows up to one vector of length one: a long text was cut into several chunks. */
  direction(rows: readonly number[]): Float32Array {
    const sum = new Float32Array(this.dimensions);
    for (const row of rows) this.add(row, sum);
    let squares = 0;
    for (let n = 0; n < sum.length; n++) squares += sum[n]! * sum[n]!;
    const length = Math.sqrt(squares) || 1;
    for (let n = 0; n < sum.length; n++) sum[n]! /= length;
    return sum;
  }

  /** Gives the cosine of what rows add up to and of a vector of length one. */
  cosine(rows: readonly number[], to: Float32Array): number {
    const other = this.direction(rows);
    let dot = 0;
    for (let n = 0; n < other.length; n++) dot += other[n]! * to[n]!;
    return dot;
  }
}

/** `vectors.bin`: a scale for each chunk in the pack's order, then a row of whole numbers for each. */
export class ScaledVectors extends Vectors {
  private readonly scales: Float32Array;
  private readonly rows: Int8Array;

  constructor(bytes: Uint8Array, chunks: number) {
    const { view, count, dimensions } = readHeader('vectors.bin', bytes);
    if (count !== chunks) refuse('vectors.bin', `it has ${count} rows for ${chunks} chunks`);
    const scaleBytes = count * 4;
    if (bytes.length !== HEADER_BYTES + scaleBytes + count * dimensions)
      refuse('vectors.bin', 'its length does not match its header');
    super(dimensions);
    this.scales = Float32Array.from({ length: count }, (_, row) => view.getFloat32(HEADER_BYTES + row * 4, true));
    if (this.scales.some((scale) => !(scale >= 0 && scale < Infinity)))
      refuse('vectors.bin', 'a scale is negative or not finite');
    this.rows = new Int8Array(bytes.buffer, bytes.byteOffset + HEADER_BYTES + scaleBytes, count * dimensions);
  }

  override rowOf(_: string, place: number): number | null {
    return this.scales[place]! > 0 ? place : null;
  }

  protected override add(row: number, sum: Float32Array): void {
    const [at, scale] = [row * this.dimensions, this.scales[row]!];
    for (let n = 0; n < sum.length; n++) sum[n]! += scale * this.rows[at + n]!;
  }
}

/** `embeddings.bin`: rows of floating-point numbers, which older packs have. */
export class FloatVectors extends Vectors {
  private readonly rowOfChunk = new Map<string, number>();
  private readonly rows: Float32Array;

  constructor(bytes: Uint8Array, offsets: EmbeddingsIndex['chunks'] | null) {
    const { count, dimensions } = readHeader('embeddings.bin', bytes);
    const rowBytes = dimensions * 4;
    if (bytes.length !== HEADER_BYTES + count * rowBytes)
      refuse('embeddings.bin', 'its length does not match its header');
    if (offsets === null || offsets.length !== count)
      refuse('embeddings.bin', 'its index has a different number of chunks');
    super(dimensions);
    this.rows = new Float32Array(bytes.slice(HEADER_BYTES).buffer);
    if (this.rows.some((value) => !Number.isFinite(value))) refuse('embeddings.bin', 'a number is not finite');
    for (const [chunk, offset] of offsets) {
      if (offset !== HEADER_BYTES + this.rowOfChunk.size * rowBytes)
        refuse('embeddings.bin', `the offset of \`${chunk}\` is wrong`);
      this.rowOfChunk.set(chunk, this.rowOfChunk.size);
    }
  }

  override rowOf(chunk: string): number | null {
    return this.rowOfChunk.get(chunk) ?? null;
  }

  protected override add(row: number, sum: Float32Array): void {
    const at = row * this.dimensions;
    for (let n = 0; n < sum.length; n++) sum[n]! += this.rows[at + n]!;
  }
}

const CODES = { 'embeddings.bin': 'embeddings_malformed', 'vectors.bin': 'vectors_malformed' } as const;
type VectorEntry = keyof typeof CODES;

function readHeader(path: VectorEntry, bytes: Uint8Array): { view: DataView; count: number; dimensions: number } {
  if (bytes.length < HEADER_BYTES) refuse(path, 'it is shorter than its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [count, dimensions] = [view.getUint32(0, true), view.getUint32(4, true)];
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) refuse(path, `${dimensions} dimensions are not allowed`);
  return { view, count, dimensions };
}

function refuse(path: VectorEntry, what: string): never {
  throw new DocpackError(CODES[path], `\`${path}\`: ${what}`);
}
