import { expect, test } from 'vitest';
import { renderAll } from './docs';

const pictures: string[] = [];
const pages = renderAll(pictures);

test('the format, the writing and this site have a page each, with a title and headings', () => {
  const bySlug = new Map(pages.map((page) => [page.slug, page]));
  for (const slug of ['readme', 'docpack', 'writing', 'website', 'truth']) {
    expect(bySlug.get(slug)?.title).toBeTruthy();
    expect(bySlug.get(slug)?.headings.length).toBeGreaterThan(0);
  }
});

test('no page brings a style, a script or an element that the text wrote itself', () => {
  for (const { slug, html } of pages) {
    const tags = new Set(Array.from(html.matchAll(/<\/?([a-z0-9]+)/g), ([, tag]) => tag));
    const known = 'h1 h2 h3 h4 h5 p ul ol li a span strong em code pre table thead tbody tr th td div img hr blockquote br s'.split(' ');
    expect([slug, [...tags].filter((tag) => !known.includes(tag!))]).toEqual([slug, []]);
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=|javascript:/);
  }
});

test('every link within the site leads to a page and a heading that are there', () => {
  const anchors = new Set(pages.flatMap(({ slug, html }) => [`/docs/${slug}`, ...Array.from(html.matchAll(/ id="([^"]+)"/g), ([, id]) => `/docs/${slug}#${id}`)]));
  const links = pages.flatMap(({ html }) => Array.from(html.matchAll(/<a href="([^"]+)"/g), ([, href]) => href!));
  const inner = links.filter((href) => !/^https?:/.test(href));
  expect(inner.length).toBeGreaterThan(10);
  expect(inner.filter((href) => !anchors.has(decodeURI(href)))).toEqual([]);
});
