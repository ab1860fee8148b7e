import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PickGrid } from './pick';

test('the grid finds what looking at every symbol finds', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(unit, unit), { maxLength: 80 }),
      unit,
      unit,
      fc.double({ min: 0.001, max: 0.6, noNaN: true }),
      (places, x, y, within) => {
        const distances = places.map(([px, py]) => Math.hypot(px - x, py - y));
        const nearest = Math.min(Infinity, ...distances);
        const found = new PickGrid(
          places.map(([px]) => px),
          places.map(([, py]) => py)
        ).nearest(x, y, within);
        expect(found === -1 ? null : distances[found]).toBe(nearest < within ? nearest : null);
      }
    )
  );
});

test('symbols without a place are never found, nor outside of the map', () => {
  const grid = new PickGrid([NaN, 0.5], [NaN, 0.5]);
  expect(grid.nearest(0, 0, 0.1)).toBe(-1);
  expect(grid.nearest(-4, 9, 0.1)).toBe(-1);
  expect(grid.nearest(0.51, 0.5, 0.1)).toBe(1);
});
