import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dedented, pieces, reflow } from './text';

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
      const joined = pieces(text)
        .map((piece) => piece.text)
        .join('');
      expect(joined.replaceAll('`', '')).toBe(text.replaceAll('`', ''));
    })
  );
});

test('paragraphs flow; lists, code and blank lines stay', () => {
  expect(reflow('One line\nand the next.\n\nSecond.')).toBe('One line and the next.\n\nSecond.');
  for (const kept of ['Items:\n- one\n- two', 'Code:\n    a = 1', '```\na\n\nb\nc\n```', ':param a:\n:param b:'])
    expect(reflow(kept)).toBe(kept);
});

test.each([
  [
    ['    a', '', '      b', '    c'],
    ['a', '', '  b', 'c']
  ],
  [
    ['\ta', '\t  ', '\t\tb'],
    ['a', '  ', '\tb']
  ],
  [
    ['\ta', '  b'],
    ['\ta', '  b']
  ],
  [
    ['a', '  b'],
    ['a', '  b']
  ],
  [
    ['  ', ''],
    ['  ', '']
  ],
  [[], []]
])('the common indentation of %j is taken away', (lines, wanted) => {
  expect(dedented(lines)).toEqual(wanted);
});
