import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachRow, eachRowFrom, haystackOf } from './haystack';

test('rows are found as one by one, whatever pieces they lie in', () => {
  const row = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', 'é', '猫'), maxLength: 12 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '猫'), minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), text, fc.integer({ min: 1, max: 60 }), (rows, text, pieceChars) => {
      const stack = haystackOf(rows, pieceChars);
      const having: [number, number][] = [];
      eachRow(stack, text, (at, found) => having.push([at, found - stack.starts[at]! - 1]));
      expect(having).toEqual(rows.flatMap((row, at) => (row.includes(text) ? [[at, row.indexOf(text)]] : [])));
      const beginning: [number, boolean][] = [];
      eachRowFrom(stack, text, (at, isAll) => beginning.push([at, isAll]));
      expect(beginning).toEqual(rows.flatMap((row, at) => (row.startsWith(text) ? [[at, row === text]] : [])));
    })
  );
});
