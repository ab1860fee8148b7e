import type { Browser, Page } from 'playwright-core';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ofLaterVersion, withRoles, withScaledVectors, withSource } from './support/additions';
import { expectAccessible } from './support/axe';
import { launch, openPack, openPage } from './support/browser';
import { packOf, VERSIONS } from './support/compat';
import { poisoned, VECTORS } from './support/mutate';
import { serveBuild } from './support/server';
import { hexId, SMALL, synthetic } from './support/synthetic';
import { openView, VIEWS } from './support/views';
import { writePack, type Contents } from './support/writer';

type Json = Record<string, any>; // eslint-disable-line
let browser: Browser;
let server: Awaited<ReturnType<typeof serveBuild>>;

beforeAll(async () => {
  if (!existsSync('build/200.html')) throw new Error('run `npm run build` first');
  server = await serveBuild('build');
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const textOf = (path: string) =>
  Array.from(
    { length: 200 },
    (_, n) =>
      `    return call_${n + 1}("${path}")  # a line that is wider than the panel, so that it has to scroll sideways\n`
  ).join('');

/** A pack of the newest version: source text, roles, vectors as whole numbers, and one long definition that has a call. */
function newest(): Contents {
  const contents = withScaledVectors(withSource(synthetic(SMALL), textOf));
  const { edges } = contents.get('graph.json') as Json;
  const { symbols } = contents.get('nodes.json') as Json;
  symbols[1].line_range = { start: 10, end: 69 };
  edges.unshift({
    source: hexId('sym_', 30),
    target: hexId('sym_', 1),
    kind: 'calls',
    confidence: 1,
    evidence: 'import',
    sites: [{ line: 120, byte_start: 9 }]
  });
  return withRoles(contents, (path) =>
    path === symbols[30].file_path ? ['test', 'path:tests/'] : ['product', 'default']
  );
}

async function choose(page: Page, suffix: string) {
  await openView(page, 'symbols');
  await page.locator('input[aria-label="Name contains"]').fill(suffix);
  await page
    .locator('ul[aria-label^=Symbols] a', { hasText: new RegExp(`${suffix}\\b`) })
    .first()
    .click();
  const panel = page.locator('aside[aria-label=Symbol]');
  await panel.locator('h2').waitFor();
  return panel;
}

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each([360, 1440])('source is read beside a symbol with the keyboard alone, at %i px', async (width) => {
    const { page, complaints, context } = await openPage(browser, `${server.url}/open`, { width, height: 800, theme });
    await openPack(page, { name: 'newest.docpack', bytes: writePack(newest()) });
    const panel = await choose(page, '_1');
    const source = panel.locator('section[aria-label=Source]');
    await source.locator('li').nth(39).waitFor();
    expect(await source.locator('li').count()).toBe(40);
    await source.getByRole('button', { name: 'Show more, 20 lines left' }).focus();
    await page.keyboard.press('Enter');
    await source.locator('li', { hasText: 'call_69(' }).waitFor();
    const tests = panel
      .locator('section', { has: page.locator('h3', { hasText: /^Called by/ }) })
      .locator('summary', { hasText: 'In tests' });
    await tests.focus();
    if (!(await tests.evaluate((summary) => (summary.parentElement as HTMLDetailsElement).open)))
      await page.keyboard.press('Enter');
    const call = panel.getByRole('button', { name: /^line 120 of / });
    await call.focus();
    await page.keyboard.press('Enter');
    const excerpt = panel.getByRole('group', { name: /^Line 120 of / });
    await excerpt.locator('mark', { hasText: 'call_120(' }).waitFor();
    expect(await excerpt.locator('li').allInnerTexts()).toHaveLength(5);
    await excerpt.focus();
    const scrolled = async () => {
      await page.keyboard.press('ArrowRight');
      return excerpt.evaluate((box) => box.scrollLeft);
    };
    await expect.poll(scrolled, { timeout: 10_000 }).toBeGreaterThan(0);
    await panel.locator('dt', { hasText: /^Role$/ }).waitFor();
    await panel.getByRole('button', { name: 'Find similar symbols' }).click();
    await panel.locator('h3', { hasText: 'by meaning' }).waitFor();
    await expectAccessible(page, 'source');
    // What a reader hears and does not see must not make the page longer than the screen.
    expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight)).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test('symbols are filtered by role, and a link holds the filter', async () => {
  const { page, context } = await openPage(browser, `${server.url}/open`);
  await openPack(page, { name: 'newest.docpack', bytes: writePack(newest()) });
  await openView(page, 'symbols');
  await page.locator('summary', { hasText: 'Role' }).click();
  await page.getByLabel('test', { exact: true }).check();
  await page.locator('[aria-live=polite]', { hasText: `${SMALL.symbolsPerFile} of ${SMALL.symbols}` }).waitFor();
  expect(new URL(page.url()).searchParams.get('role')).toBe('test');
  await context.close();
});

test('a pack of a later version is shown with its own words', async () => {
  const { page, complaints, context } = await openPage(browser, `${server.url}/open`);
  await openPack(page, { name: 'later.docpack', bytes: writePack(ofLaterVersion(newest())) });
  for (const name of VIEWS) await openView(page, name);
  await page.locator('h2', { hasText: /^Verified$/ }).waitFor();
  await openView(page, 'symbols');
  await page.locator('summary', { hasText: 'Kind' }).click();
  await page.getByLabel('annotation type').check();
  await page.locator('ul[aria-label^=Symbols] a', { hasText: 'annotation type' }).click();
  const panel = page.locator('aside[aria-label=Symbol]');
  await panel.locator('dd', { hasText: 'package private' }).waitFor();
  await panel.locator('dd', { hasText: 'fuzz target, folder:fuzz/' }).waitFor();
  await panel.getByRole('button', { name: 'Close the symbol' }).click();
  await page.getByRole('button', { name: 'Clear' }).click();
  const second = await choose(page, '_1');
  await second.locator('section', { hasText: 'Other outgoing relations' }).locator('a', { hasText: 'mocks' }).waitFor();
  await expectAccessible(page, 'later version');
  expect(complaints).toEqual([]);
  await context.close();
});

test.each(VERSIONS)('a pack of version %s is opened, walked through and verified', async (version) => {
  const { page, complaints, context } = await openPage(browser, `${server.url}/open`);
  await openPack(page, { name: `${version}.docpack`, bytes: packOf(version) });
  for (const name of VIEWS) await openView(page, name);
  await page.locator('h2', { hasText: /^Verified$/ }).waitFor();
  await openView(page, 'symbols');
  const rows = page.locator('ul[aria-label^=Symbols] a');
  for (let n = 0; n < (await rows.count()); n++) {
    await rows.nth(n).click();
    await page.locator('aside[aria-label=Symbol] h2').waitFor();
  }
  expect(complaints).toEqual([]);
  await context.close();
});

test('no source text becomes HTML or runs, and no text reorders another', async () => {
  const { page, complaints, context } = await openPage(browser, `${server.url}/open`);
  const contents = poisoned(withSource(newest(), () => `${VECTORS.join(' ')}\n`.repeat(200)));
  await openPack(page, { name: 'hostile.docpack', bytes: writePack(contents) });
  const bidi = () =>
    page.evaluate(() => document.documentElement.outerHTML.includes('\u202e') || document.title.includes('\u202e'));
  for (const name of VIEWS) {
    await openView(page, name);
    expect(await bidi(), name).toBe(false);
  }
  await openView(page, 'symbols');
  await page.locator('input[aria-label="Name contains"]').fill('_1 ');
  await page.locator('ul[aria-label^=Symbols] a').first().click();
  const panel = page.locator('aside[aria-label=Symbol]');
  await panel.locator('section[aria-label=Source] li', { hasText: '⟨U+202E⟩␀</textarea>' }).first().waitFor();
  await panel
    .getByRole('button', { name: /: show the source$/ })
    .first()
    .click();
  await panel.locator('mark').first().waitFor();
  expect(await bidi()).toBe(false);
  expect(
    await page.evaluate(() => [
      '__xss' in window,
      document.querySelectorAll('img, iframe, svg[onload], [onerror]').length
    ])
  ).toEqual([false, 0]);
  expect(complaints).toEqual([]);
  await context.close();
});
