import { expect, test } from 'vitest';
import { windowsAround } from './windows';

test.each<[lines: number[], windows: [first: number, last: number, marked: number[]][]]>([
  [[10], [[8, 12, [10]]]],
  [[1], [[1, 3, [1]]]],
  [[10, 15], [[8, 17, [10, 15]]]],
  [
    [16, 10, 10],
    [
      [8, 12, [10]],
      [14, 18, [16]]
    ]
  ],
  [[], []]
])('around %j', (lines, windows) => {
  expect(windowsAround(lines, 2).map(({ first, last, marked }) => [first, last, marked])).toEqual(windows);
});
