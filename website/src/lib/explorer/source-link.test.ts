import { expect, test } from 'vitest';
import type { Manifest } from '$lib/docpack/records';
import { packTitle, sourceLink } from './source-link';

const manifest = (repo_url: string | null, commit_hash: string | null = 'c'.repeat(40)) =>
  ({ source: { repo_url, commit_hash, git_ref: null, tree_digest: '', dirty: false } }) as Manifest;

test.each([
  ['https://github.com/o/r', `https://github.com/o/r/blob/${'c'.repeat(40)}/src/a%20b.py#L2-L5`],
  ['https://github.com/o/r.git', `https://github.com/o/r/blob/${'c'.repeat(40)}/src/a%20b.py#L2-L5`],
  ['https://gitlab.com/o/g/r', `https://gitlab.com/o/g/r/-/blob/${'c'.repeat(40)}/src/a%20b.py#L2-5`],
  ['javascript:alert(1)', null],
  ['https://github.com.evil.example/o/r', null],
  ['https://constructor/o/r', null],
  [null, null]
])('the source of %s', (url, link) => {
  expect(sourceLink(manifest(url).source, 'src/a b.py', 2, 5)).toBe(link);
});

test('without a commit there is no link, and a title all the same', () => {
  expect(sourceLink(manifest('https://github.com/o/r', null).source, 'a', 1, 1)).toBeNull();
  expect(packTitle(manifest('https://github.com/o/r.git'), 'x.docpack')).toBe('o/r');
  expect(packTitle(manifest(null), 'x.docpack')).toBe('x');
});
