import { expect, test } from 'vitest';
import { percent } from './format';

test.each([
  [0, 0, 'none'],
  [0, 7, '0 %'],
  [7, 7, '100 %'],
  [1, 5_000, 'under 0.1 %'],
  [4_999, 5_000, 'over 99.9 %'],
  [25, 1_000, '2.5 %'],
  [975, 1_000, '97.5 %'],
  [1, 3, '33 %']
])('%i of %i is %s', (part, whole, told) => {
  expect(percent(part, whole)).toBe(told);
});
