import { expect, test } from 'vitest';
import { Marker, pieces } from './marks';

const marked = (text: string, marks: Parameters<typeof pieces>[1]) =>
  pieces(text, marks)
    .map((piece) => (piece.isMarked ? `[${piece.text}]` : piece.text))
    .join('');

test.each([
  ['urlfor', 'url_for', '[url_for]'],
  ['disp', 'dispatch_request', '[disp]atch_request'],
  ['Flask.url', 'url_for', '[url]_for'],
  ['request dispatch', 'full_dispatch_request', 'full_[dispatch_request]'],
  ['phh', 'parseHTTPHeader', 'parseHTTPHeader']
])('`%s` marks the letters that were typed in `%s`', (typed, name, shown) => {
  expect(marked(name, new Marker(typed).inName(name))).toBe(shown);
});

test('words are marked by their stems, and counted once each', () => {
  const { marks, held } = new Marker('how does routing match?').inText('Routes are matched; the router matches each.');
  expect(marked('Routes are matched; the router matches each.', marks)).toBe(
    '[Routes] are [matched]; the [router] [matches] each.'
  );
  expect(held).toBe(2);
});

test('a text keeps every letter whatever is marked', () => {
  for (const typed of ['', '…', '(', 'x y z', 'İ', '\u0000'])
    for (const text of ['', 'İstanbul x', '((', 'xyz_xyz'])
      expect(
        pieces(text, new Marker(typed).inName(text))
          .map((piece) => piece.text)
          .join('')
      ).toBe(text);
});
