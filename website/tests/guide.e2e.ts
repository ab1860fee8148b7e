import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withSource } from './support/additions';
import { expectAccessible } from './support/axe';
import { launch, openPack, openPage } from './support/browser';
import { modelOf } from './support/model';
import { serveBuild } from './support/server';
import { SMALL, synthetic } from './support/synthetic';
import { findFile, openView } from './support/views';
import { writePack } from './support/writer';

const program = process.env.DOCTOWN_PROGRAM;
const PACK = resolve('.packs/guide.docpack');
let browser: Browser;
let server: Awaited<ReturnType<typeof serveBuild>>;

beforeAll(async () => {
  if (!program) throw new Error('set DOCTOWN_PROGRAM to a doctown program: the packs of these tests are real');
  if (!existsSync('build/200.html')) throw new Error('run `npm run build` first');
  mkdirSync('.packs', { recursive: true });
  execFileSync(program, ['build', 'src', '-q', '-o', PACK, '--no-embeddings'], { stdio: 'pipe' });
  server = await serveBuild('build');
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

type Look = Parameters<typeof openPage>[2];
async function opened(look?: Look, query = '') {
  const watched = await openPage(browser, `${server.url}/open${query}`, look);
  await openPack(watched.page, PACK);
  return watched;
}

const contents = (page: Page) => page.locator('aside nav[aria-label=Contents]');
const current = (page: Page) => contents(page).locator('[aria-current=page]').innerText();
const source = (page: Page) => page.locator('aside[aria-label=Source]');

test('a pack opens on its guide, and all evidence in it is in the pack', async () => {
  const { page, complaints, context } = await opened();
  const guide = page.getByRole('region', { name: 'Guide' });
  await guide.locator('h2#guide-purpose').waitFor();
  const model = await modelOf(Uint8Array.from(readFileSync(PACK)));
  const linesOf = new Map(model.pack.files.map(({ file_path, lines }) => [file_path, lines]));
  const texts = new Set(model.pack.sourceIndex!.files.map(({ file_path }) => file_path));
  const ids = new Set(model.table.ids);
  const nChapters = model.pack.tour!.flows.length + 1;
  const found = new Set<string>();
  for (let nPages = 0; ; nPages++) {
    await guide.locator('[data-evidence]').first().waitFor();
    for (const link of await guide.locator('[data-evidence]').all()) found.add((await link.getAttribute('href'))!);
    const next = page.getByRole('navigation', { name: 'Chapters' }).locator('a', { hasText: 'Next' });
    if ((await next.count()) === 0) {
      expect(nPages).toBeGreaterThanOrEqual(nChapters);
      break;
    }
    const before = page.url();
    await next.click();
    await page.waitForURL((url) => url.href !== before);
  }
  expect(found.size).toBeGreaterThan(50);
  for (const href of found) {
    const query = new URL(href, server.url).searchParams;
    const [symbol, file, line] = [query.get('symbol'), query.get('file'), Number(query.get('line') ?? 0)];
    if (symbol !== null) expect(ids, href).toContain(symbol);
    else if (file !== null) {
      expect(texts, href).toContain(file);
      expect(line, href).toBeLessThanOrEqual(linesOf.get(file) ?? Infinity);
    } else if (query.has('part'))
      expect(
        [...texts].some((path) => path.startsWith(`${query.get('part')}/`)),
        href
      ).toBe(true);
    else expect(query.get('view'), href).toBe('files');
  }
  expect(complaints).toEqual([]);
  await context.close();
});

test('chapters are chosen with the keyboard, and a link holds the chapter', async () => {
  const { page, complaints, context } = await opened();
  expect(await current(page)).toBe('Overview');
  const flow = contents(page).locator('a[href*=flow-1]');
  await flow.focus();
  await page.keyboard.press('Enter');
  const heading = page.locator('article h1');
  await expect.poll(() => heading.evaluate((found) => found === document.activeElement)).toBe(true);
  expect(await current(page)).toBe(await flow.innerText());
  expect(new URL(page.url()).searchParams.get('chapter')).toBe('flow-1');
  const previous = page.getByRole('navigation', { name: 'Chapters' }).locator('a', { hasText: 'Previous' });
  await previous.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/chapter=start/);
  await page.goBack();
  await page.locator('article h1', { hasText: 'What happens in' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('the section that is read is marked in the table of contents', async () => {
  const { page, context } = await opened();
  const layout = contents(page).locator('a', { hasText: 'How it is laid out' });
  await layout.click();
  await expect.poll(() => layout.getAttribute('aria-current')).toBe('location');
  await page.getByRole('region', { name: 'Guide' }).evaluate((box) => box.scrollTo(0, 0));
  await expect.poll(() => layout.getAttribute('aria-current')).toBe(null);
  await context.close();
});

test.each([1440, 360])('a step of a flow has its line beside it, which opens in its file, at %i px', async (width) => {
  const { page, complaints, context } = await opened({ width, height: 800, theme: 'light' }, '?chapter=flow-1');
  const step = page.locator('ol[aria-label=Steps] > li').first();
  await step.getByRole('group').locator('span[class*=text-code]').first().waitFor();
  const place = step.locator('[data-evidence]').last();
  await place.focus();
  await page.keyboard.press('Enter');
  const line = new URL(page.url()).searchParams.get('line');
  await source(page).locator(`[data-line="${line}"][aria-current=location]`).waitFor();
  await page.keyboard.press('Escape');
  await source(page).waitFor({ state: 'detached' });
  expect(await place.evaluate((link) => link === document.activeElement)).toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a file is chosen, walked through by its outline and names, with the keyboard alone', async () => {
  const { page, complaints, context } = await opened(undefined, '?view=files');
  // `stringEnd` is called by the scanner in this file.
  const path = 'lib/docpack/scan.ts';
  await (await findFile(page, path)).focus();
  await page.keyboard.press('Enter');
  const code = page.getByRole('group', { name: `Source of ${path}` });
  await code.locator('span.text-code-keyword').first().waitFor();
  const outline = page.getByRole('navigation', { name: 'Symbols of this file' });
  await outline.locator('button', { hasText: 'checkStructure' }).focus();
  await page.keyboard.press('Enter');
  await code.locator('[aria-current=location]', { hasText: 'checkStructure' }).waitFor();
  const call = code.locator('a[data-mark=call]', { hasText: /^stringEnd$/ }).first();
  // The keyboard is what shows the card.
  await page.keyboard.press('Tab');
  await call.focus();
  const card = page.getByRole('tooltip');
  await card.locator('p', { hasText: /^Calls this/ }).waitFor();
  await card.locator('pre', { hasText: 'stringEnd(' }).waitFor();
  await expectAccessible(page, 'card');
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  const symbol = page.locator('aside[aria-label=Symbol]');
  await symbol.locator('h2', { hasText: 'stringEnd' }).waitFor();
  await symbol
    .getByRole('group', { name: 'Source of stringEnd' })
    .locator('a[data-mark=declaration]')
    .first()
    .waitFor();
  await page.getByLabel('Line', { exact: true }).fill('3');
  await page.keyboard.press('Enter');
  await code.locator('[data-line="3"][aria-current=location]').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('a file of 20,000 lines has only the lines in sight on the page', async () => {
  const text = () => Array.from({ length: 20_000 }, (_, n) => `const value_${n} = call(${n});\n`).join('');
  const bytes = writePack(withSource(synthetic(SMALL), text));
  const file = encodeURIComponent((await modelOf(bytes)).table.files[0]!.path);
  const address = `${server.url}/open?view=files&file=${file}&line=19000`;
  const { page, complaints, context } = await openPage(browser, address);
  await openPack(page, { name: 'long.docpack', bytes });
  await page.locator('[data-line="19000"][aria-current=location]', { hasText: 'value_18999' }).waitFor();
  expect(await page.locator('[data-line]').count()).toBeLessThan(200);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a pack without a guide or without source text says so', async () => {
  const bytes = writePack(synthetic(SMALL));
  const file = encodeURIComponent((await modelOf(bytes)).table.files[0]!.path);
  const { page, complaints, context } = await openPage(browser, `${server.url}/open?file=${file}`);
  await openPack(page, { name: 'plain.docpack', bytes });
  await page.locator('article p', { hasText: 'This pack holds no guide' }).waitFor();
  await source(page).locator('p', { hasText: 'built without source text' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each([360, 768, 1440])(
    'guide and source have no finding of axe, nor scroll sideways, at %i px',
    async (width) => {
      const { page, complaints, context } = await opened({ width, height: 800, theme });
      await page.locator('article h2').first().waitFor();
      await expectAccessible(page, 'guide');
      await page.locator('article [data-evidence][href*="line="]').first().click();
      await source(page).locator('[data-line]').first().waitFor({ state: 'attached' });
      await expectAccessible(page, 'guide and what is beside it');
      await page.keyboard.press('Escape');
      const flow = page.locator('article a[href*=flow-1]:visible').first();
      await flow.click();
      await page.locator('ol[aria-label=Steps]').waitFor();
      await expectAccessible(page, 'flow');
      await openView(page, 'files');
      await (await findFile(page, 'lib/docpack/code.ts')).click();
      await page.locator('[data-line="1"]').waitFor();
      await expectAccessible(page, 'file');
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
        0
      );
      expect(complaints).toEqual([]);
      await context.close();
    }
  );
});
