import { expect, test } from 'vitest';
import { fromBase64 } from './base64';

test.each([0, 1, 2, 3, 786_432, 786_433, 2_000_000])('%i bytes survive', (length) => {
  const bytes = Uint8Array.from({ length }, (_, n) => (n * 31) & 255);
  expect(Buffer.from(fromBase64(Buffer.from(bytes).toString('base64'))).equals(Buffer.from(bytes))).toBe(true);
});

test('what is no base64 is refused', () => {
  expect(() => fromBase64('@DOCPACK')).toThrow();
});
