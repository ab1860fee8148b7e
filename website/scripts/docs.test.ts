import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ABOUTS } from '../src/lib/docs/abouts';
import { DEVELOPERS } from '../src/lib/docs/parts';
import { renderAll } from './docs';

const DOCS = join(import.meta.dirname, '../docs');

const pictures: string[] = [];
const pages = renderAll(pictures);

test('the user documentation comes first, and the READMEs of the code are apart', () => {
  const slugs = pages.map(({ slug }) => slug);
  expect(slugs.slice(0, 5)).toEqual(['install', 'quick-start', 'explore', 'query', 'share']);
  for (const slug of ['cli', 'cli-reference', 'api', 'format', 'docpack', 'operate', 'faq']) {
    expect(pages.find((page) => page.slug === slug)).toMatchObject({
      title: expect.stringMatching(/^[A-Z]/),
      part: expect.not.stringMatching(DEVELOPERS)
    });
  }
  const parts = pages.map(({ part }) => part);
  expect(parts.lastIndexOf('Operate')).toBeLessThan(parts.indexOf(DEVELOPERS));
  // A reader who begins at the first page came to use the program, not to test it.
  expect(pages[0]!.html).not.toContain('scripts/test');
});

/** The user pages as written, without the reference that they are compared with. */
const guides = readdirSync(DOCS)
  .filter((file) => file !== 'cli-reference.md')
  .map((file) => [file, readFileSync(join(DOCS, file), 'utf8')] as const);
const reference = readFileSync(join(DOCS, 'cli-reference.md'), 'utf8');

/** Code of a page: indented or fenced blocks by line, and code between backticks. */
function codeOf(text: string): string[] {
  const blocks = text
    .split('\n')
    .filter((line) => line.startsWith('    '))
    .map((line) => line.replace(/ # .*/, ''));
  return [...blocks, ...Array.from(text.matchAll(/`([^`\n]+)`/g), ([, code]) => code!)];
}

test.each(guides)('every command and flag of the program in %s is in its help', (_, text) => {
  const commands = new Set(Array.from(reference.matchAll(/^## doctown ([a-z -]+)$/gm), ([, name]) => name));
  const flags = new Set(Array.from(reference.matchAll(/(?<![\w-])--[a-z][a-z-]*/g), ([flag]) => flag));
  expect(commands.size).toBeGreaterThan(15);
  commands.add('help');
  const unknown = codeOf(text).flatMap((code) => {
    const ran = /^\s*(?:\S+=\S+ )*doctown ([a-z]+)(?: ([a-z]+))?(?![\w/@.])/.exec(code);
    const missing =
      ran && !commands.has(ran[1]!) && !/^[a-z]+\//.test(code.replace(/^\s*doctown /, '')) ? [`doctown ${ran[1]}`] : [];
    const isOurs = ran !== null || /^\s*doctown /.test(code) || /^--[a-z]/.test(code);
    const named = isOurs ? Array.from(code.matchAll(/(?<![\w-])--[a-z][a-z-]*/g), ([flag]) => flag) : [];
    return [...missing, ...named.filter((flag) => !flags.has(flag))];
  });
  expect(unknown).toEqual([]);
});

test('no page brings a style, a script or an element that the text wrote itself', () => {
  for (const { slug, html } of pages) {
    const tags = new Set(Array.from(html.matchAll(/<\/?([a-z0-9]+)/g), ([, tag]) => tag));
    const known =
      'h1 h2 h3 h4 h5 p ul ol li a span strong em code pre table thead tbody tr th td div img hr blockquote br s button'.split(
        ' '
      );
    expect([slug, [...tags].filter((tag) => !known.includes(tag!))]).toEqual([slug, []]);
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=|javascript:/);
  }
});

/** Pages of the site that are not documentation pages. */
const SITE = ['/open', '/docs/errors', '/dashboard', '/library', '/commons', '/settings', '/device'];

test('every link within the site leads to a page and a heading that are there', () => {
  const anchors = new Set(
    pages.flatMap(({ slug, html }) => [
      `/docs/${slug}`,
      ...Array.from(html.matchAll(/ id="([^"]+)"/g), ([, id]) => `/docs/${slug}#${id}`)
    ])
  );
  const links = pages.flatMap(({ html }) => Array.from(html.matchAll(/<a href="([^"]+)"/g), ([, href]) => href!));
  const inner = links.filter((href) => !/^https?:/.test(href) && !SITE.includes(href));
  expect(inner.length).toBeGreaterThan(10);
  expect(inner.filter((href) => !anchors.has(decodeURI(href)))).toEqual([]);
});

test('the list of pages says what each page for users is for, and of no other', () => {
  const users = pages.filter(({ part }) => part !== DEVELOPERS).map(({ slug }) => slug);
  expect(Object.keys(ABOUTS).sort()).toEqual(users.sort());
});
