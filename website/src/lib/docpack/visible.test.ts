import { expect, test } from 'vitest';
import { visible } from './visible';

test.each([
  ['is_admin\u202e', 'is_admin⟨U+202E⟩'],
  ['\u2066a\u2069', '⟨U+2066⟩a⟨U+2069⟩'],
  ['\u0000\u001b[31m\u007f', '␀␛[31m␡'],
  ['a\u3164\u00ad', 'a⟨U+3164⟩⟨U+00AD⟩'],
  ['\u0085\ufeff\u200b\u{e0041}', '⟨U+0085⟩⟨U+FEFF⟩⟨U+200B⟩⟨U+E0041⟩']
])('hidden characters of %j are spelt', (text, spelt) => {
  expect(visible(text)).toBe(spelt);
});

test('line breaks, tabs and every script stay as they are', () => {
  for (const text of ['a\tb\r\nc', 'größe', '名前', 'שם', 'اسم', '👩\u200d💻', '']) expect(visible(text)).toBe(text);
});
