import { expect, test } from 'vitest';
import { writtenBy } from './verdict';

test('words that nobody checked are never called checked', () => {
  expect(writtenBy('unchecked')).toBe('Written by a language model; not checked');
  expect(writtenBy('verified')).toContain('checked against the code');
  expect(writtenBy('extractive')).toBeUndefined();
});
