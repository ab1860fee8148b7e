import { expect, test } from 'vitest';
import { filesOf, isAround, type Manifest } from './budget';

const MANIFEST: Manifest = {
  page: { file: 'page.js', imports: ['shared', 'reader'], css: ['page.css'] },
  layout: { file: 'layout.js', imports: ['shared'] },
  shared: { file: 'shared.js', imports: ['layout'] },
  reader: { file: 'reader.js' },
  later: { file: 'later.js', imports: ['shared'] }
};
const textOf = (file: string) => (file === 'reader.js' ? 'new Worker("../workers/worker-Ab_1.js")' : '');

test('a page counts what it imports, its styles and its worker once, and nothing that is loaded later', () => {
  expect([...filesOf(MANIFEST, ['layout', 'page'], textOf)].sort()).toEqual([
    '_app/immutable/workers/worker-Ab_1.js',
    'layout.js',
    'page.css',
    'page.js',
    'reader.js',
    'shared.js'
  ]);
});

test('a chunk that the build does not have is an error', () => {
  expect(() => filesOf(MANIFEST, ['gone'], textOf)).toThrow('no chunk `gone`');
});

test('a page loads the layouts and error pages of its folder and of those above it', () => {
  expect(isAround('docs/[slug]/+page', '+layout')).toBe(true);
  expect(isAround('docs/[slug]/+page', 'docs/+error')).toBe(true);
  expect(isAround('docs/+page', 'docs/errors/+layout')).toBe(false);
  expect(isAround('+page', 'docs/+layout')).toBe(false);
});
