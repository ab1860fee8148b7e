/** A label that wants to be drawn; those that come first have the better claim. */
export interface LabelWish {
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Keeps the labels that overlap none kept before: cells of a grid hold what lies in them. */
export class LabelSpace {
  private readonly cells = new Map<number, LabelWish[]>();
  private readonly cellPx = 64;

  /** Takes the room if it is free; `x` and `y` are the upper left corner. */
  take(wish: LabelWish): boolean {
    const covered = this.covered(wish);
    for (const cell of covered) {
      if (this.cells.get(cell)?.some((other) => overlap(wish, other))) return false;
    }
    for (const cell of covered) {
      const list = this.cells.get(cell);
      if (list) list.push(wish);
      else this.cells.set(cell, [wish]);
    }
    return true;
  }

  private covered({ x, y, width, height }: LabelWish): number[] {
    const out: number[] = [];
    const [left, right] = [Math.floor(x / this.cellPx), Math.floor((x + width) / this.cellPx)];
    const [top, bottom] = [Math.floor(y / this.cellPx), Math.floor((y + height) / this.cellPx)];
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++) out.push(row * 65_536 + column);
    return out;
  }
}

function overlap(a: LabelWish, b: LabelWish): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
