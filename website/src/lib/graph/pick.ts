/** Cells along one side of the map; a symbol is looked for in the cells around a point. */
const CELLS = 160;

/**
 * Finds the symbol at a point of the map.
 *
 * Sigma reads the pixel under the pointer back from the graphics card, which waits for all drawing to end: without a
 * card that took seconds. A grid that is filled once answers at once.
 */
export class PickGrid {
  private readonly start: Uint32Array;
  private readonly symbols: Uint32Array;
  private readonly x: ArrayLike<number>;
  private readonly y: ArrayLike<number>;

  constructor(x: ArrayLike<number>, y: ArrayLike<number>) {
    this.x = x;
    this.y = y;
    this.start = new Uint32Array(CELLS * CELLS + 1);
    for (let symbol = 0; symbol < x.length; symbol++) this.start[cellOf(x[symbol]!, y[symbol]!) + 1]!++;
    for (let cell = 0; cell < CELLS * CELLS; cell++) this.start[cell + 1]! += this.start[cell]!;
    const next = this.start.slice();
    this.symbols = new Uint32Array(x.length);
    for (let symbol = 0; symbol < x.length; symbol++) this.symbols[next[cellOf(x[symbol]!, y[symbol]!)]!++] = symbol;
  }

  /** Gives the nearest symbol within a distance, or -1. */
  nearest(x: number, y: number, within: number): number {
    let best = -1;
    let bestDistance = within;
    const [top, bottom] = [line(y - within), line(y + within)];
    const [left, right] = [line(x - within), line(x + within)];
    for (let row = top; row <= bottom; row++) {
      for (let at = this.start[row * CELLS + left]!; at < this.start[row * CELLS + right + 1]!; at++) {
        const symbol = this.symbols[at]!;
        const distance = Math.hypot(this.x[symbol]! - x, this.y[symbol]! - y);
        if (distance < bestDistance) [best, bestDistance] = [symbol, distance];
      }
    }
    return best;
  }
}

function line(coordinate: number): number {
  return Math.min(CELLS - 1, Math.max(0, Math.floor(coordinate * CELLS) || 0));
}

function cellOf(x: number, y: number): number {
  return line(y) * CELLS + line(x);
}
