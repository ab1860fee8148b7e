/** Keeps the first few of many numbers in an order, and of those with the same key the first; the others leave no garbage. */
export class Few {
  readonly kept: number[] = [];

  constructor(
    private readonly most: number,
    private readonly isBefore: (a: number, b: number) => boolean,
    private readonly keyOf: (number: number) => unknown
  ) {}

  add(number: number): void {
    const { kept, isBefore, keyOf } = this;
    const last = kept[this.most - 1];
    if (last !== undefined && !isBefore(number, last)) return;
    const key = keyOf(number);
    const same = kept.findIndex((other) => keyOf(other) === key);
    if (same >= 0) {
      if (!isBefore(number, kept[same]!)) return;
      kept.splice(same, 1);
    }
    const at = kept.findIndex((other) => isBefore(number, other));
    kept.splice(at < 0 ? kept.length : at, 0, number);
    if (kept.length > this.most) kept.pop();
  }
}
