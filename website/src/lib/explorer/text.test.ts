import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pieces } from './text';

test('code is what stands between backticks', () => {
  expect(pieces('Calls `a.b` and ``c``.')).toEqual([
    { text: 'Calls ', isCode: false },
    { text: 'a.b', isCode: true },
    { text: ' and ', isCode: false },
    { text: 'c', isCode: true },
    { text: '.', isCode: false }
  ]);
});

test('no character but backticks is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '\n', '<', ' ') }), (text) => {
      const joined = pieces(text).map((piece) => piece.text).join('');
      expect(joined.replaceAll('`', '')).toBe(text.replaceAll('`', ''));
    })
  );
});
