import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Few } from './few';

test('the first few are those of the whole list in order, each key once', () => {
  const pairs = fc.array(fc.record({ score: fc.nat(9), key: fc.nat(5) }));
  fc.assert(
    fc.property(pairs, fc.integer({ min: 1, max: 4 }), (all, most) => {
      const order = (a: number, b: number) => all[b]!.score - all[a]!.score || a - b;
      const few = new Few(
        most,
        (a, b) => order(a, b) < 0,
        (at) => all[at]!.key
      );
      for (const at of all.keys()) few.add(at);
      const keys = new Set<number>();
      const sorted = [...all.keys()].sort(order).filter((at) => !keys.has(all[at]!.key) && keys.add(all[at]!.key));
      expect(few.kept).toEqual(sorted.slice(0, most));
    })
  );
});
