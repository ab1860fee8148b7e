import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe';
import { launch, openPage, READY } from './support/browser';
import { startView } from './support/view';

/** One pack without an API: `doctown export --html` and `doctown view`. */
const program = resolve(process.env.DOCTOWN_PROGRAM ?? '');
const PACK = resolve('.packs/one.docpack');
const PAGE = resolve('.packs/one.html');
let browser: Browser;

beforeAll(async () => {
  if (!process.env.DOCTOWN_PROGRAM)
    throw new Error('set DOCTOWN_PROGRAM to a doctown program: the packs of these tests are real');
  if (!existsSync('build/200.html') || !existsSync('dist/export.html'))
    throw new Error('run `npm run build` and `npm run build:export` first');
  mkdirSync('.packs', { recursive: true });
  const vectors = process.env.DOCTOWN_MODEL ? [] : ['--no-embeddings'];
  execFileSync(program, ['build', 'src', '-q', '-o', PACK, ...vectors], { stdio: 'pipe' });
  execFileSync(program, ['export', '--html', PACK, '-q', '-o', PAGE, '--template', 'dist/export.html'], {
    stdio: 'pipe'
  });
  browser = await launch();
});

afterAll(async () => browser?.close());

/** Finds a symbol by its name, as a reader would. */
async function search(page: Page, name: string): Promise<void> {
  await page.locator(READY).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type(name.toLowerCase());
  await page.locator(`#hits[data-query=${name.toLowerCase()}] [role=option]`).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('aside[aria-label=Symbol] h2', { hasText: name }).waitFor();
}

async function verify(page: Page): Promise<void> {
  await page.locator('nav[aria-label=Views] a', { hasText: 'Pack' }).click();
  await page.locator('h2', { hasText: /^Verified$/ }).waitFor();
}

async function downloaded(page: Page): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Download/ }).click()
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** A symbol is found, its address outlives a reload, and the pack verifies and comes back whole under its name. */
async function findsKeepsAndGivesBack(page: Page, as: string) {
  await page.locator('nav[aria-label=Views] a', { hasText: 'Map' }).click();
  await page.locator('[data-part]').first().waitFor();
  await search(page, 'stringEnd');
  const link = page.url();
  expect(link).toMatch(/view=map.*symbol=sym_/);
  await page.reload();
  await page.locator('aside[aria-label=Symbol] h2', { hasText: 'stringEnd' }).waitFor();
  expect(page.url()).toBe(link);
  await verify(page);
  const { name, bytes } = await downloaded(page);
  expect([name, bytes.equals(readFileSync(PACK))]).toEqual([as, true]);
}

test('an exported page opens from disk without a network, finds a symbol, verifies and gives the pack back', async () => {
  const { page, complaints, context } = await openPage(browser, `file://${PAGE}`, {
    width: 1440,
    height: 900,
    theme: 'light',
    offline: true
  });
  await page.getByRole('region', { name: 'Guide' }).getByRole('heading', { level: 1 }).waitFor();
  await findsKeepsAndGivesBack(page, 'one.docpack');
  expect(complaints).toEqual([]);
  await context.close();
});

test('a viewed pack is explored, keeps its place, and the program ends without an error', async () => {
  const pack = resolve('.packs/ü (view) é.docpack');
  copyFileSync(PACK, pack);
  const viewing = await startView(program, pack);
  const { page, complaints, context } = await openPage(browser, new URL(viewing.url).origin);
  await page.waitForURL(viewing.url);
  await findsKeepsAndGivesBack(page, 'ü (view) é.docpack');
  expect(complaints).toEqual([]);
  await context.close();
  expect(await viewing.interrupt()).toBe(0);
});

test('a viewed pack that another file takes the place of stays, and one that is written into is refused', async () => {
  const [pack, other] = [resolve('.packs/changing.docpack'), resolve('.packs/other.docpack')];
  copyFileSync(PACK, pack);
  copyFileSync(PACK, other);
  const viewing = await startView(program, pack);
  renameSync(other, pack);
  const { page, context } = await openPage(browser, viewing.url);
  await page.locator(READY).waitFor();
  await viewing.interrupt();

  const again = await startView(program, pack);
  appendFileSync(pack, 'x');
  await page.goto(again.url);
  await page.locator('[role=alert] a', { hasText: 'pack_changed' }).waitFor();
  await again.interrupt();
  await context.close();
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each([360, 1440])('neither has a serious finding of axe, nor scrolls sideways, at %i px', async (width) => {
    const viewing = await startView(program, PACK);
    for (const [name, url] of [
      ['view', viewing.url],
      ['export', `file://${PAGE}`]
    ] as const) {
      const { page, complaints, context } = await openPage(browser, url, { width, height: 800, theme });
      await page.locator(READY).waitFor();
      await expectAccessible(page, name);
      expect(complaints).toEqual([]);
      await context.close();
    }
    await viewing.interrupt();
  });
});
