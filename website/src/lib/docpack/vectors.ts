import { DocpackError } from './errors';

const HEADER_BYTES = 8;
const MAX_DIMENSIONS = 16_384;

/** The vectors of a pack's chunks, and the nearest ones to any of them. */
export class Vectors {
  readonly rowOf: ReadonlyMap<string, number>;
  readonly dimensions: number;
  private readonly rows: Float32Array;

  private constructor(rowOf: ReadonlyMap<string, number>, dimensions: number, rows: Float32Array) {
    this.rowOf = rowOf;
    this.dimensions = dimensions;
    this.rows = rows;
  }

  static read(bytes: Uint8Array, offsets: [string, number][] | null): Vectors {
    const refuse = (what: string): never => {
      throw new DocpackError('embeddings_malformed', `\`embeddings.bin\`: ${what}`);
    };
    if (bytes.length < HEADER_BYTES) refuse('shorter than its header');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const count = view.getUint32(0, true);
    const dimensions = view.getUint32(4, true);
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) refuse(`${dimensions} dimensions are not allowed`);
    const rowBytes = dimensions * 4;
    if (bytes.length !== HEADER_BYTES + count * rowBytes) refuse('its length does not match its header');
    if (offsets === null || offsets.length !== count) refuse('its index has a different number of chunks');
    const rows = new Float32Array(bytes.slice(HEADER_BYTES).buffer);
    if (rows.some((value) => !Number.isFinite(value))) refuse('a number is not finite');
    const rowOf = new Map<string, number>();
    for (const [chunk, offset] of offsets ?? []) {
      if (offset !== HEADER_BYTES + rowOf.size * rowBytes) refuse(`the offset of \`${chunk}\` is wrong`);
      rowOf.set(chunk, rowOf.size);
    }
    return new Vectors(rowOf, dimensions, rows);
  }

  /** Adds rows up to one vector of length one: what is long was cut into several texts. */
  direction(rows: readonly number[]): Float32Array {
    const { dimensions } = this;
    const sum = new Float32Array(dimensions);
    for (const row of rows) {
      const at = row * dimensions;
      for (let n = 0; n < dimensions; n++) sum[n]! += this.rows[at + n]!;
    }
    const length = Math.hypot(...sum) || 1;
    return sum.map((value) => value / length);
  }

  /** Gives the cosine of what rows add up to and of a vector of length one. */
  cosine(rows: readonly number[], to: Float32Array): number {
    const other = this.direction(rows);
    let dot = 0;
    for (let n = 0; n < other.length; n++) dot += other[n]! * to[n]!;
    return dot;
  }
}
