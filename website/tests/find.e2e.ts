import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './support/axe';
import { launch, openPage, type Look, type Watched } from './support/browser';
import { buildShop } from './support/shop';
import { startView, type Viewing } from './support/view';

/** Finding what one looks for, with a pack that `doctown view` serves. */
const program = resolve(process.env.DOCTOWN_PROGRAM ?? '');
const PACK = resolve('.packs/shop.docpack');
const LOOKS: Look[] = [
  { width: 1440, height: 900, theme: 'light' },
  { width: 360, height: 740, theme: 'dark' }
];
let browser: Browser;
let viewing: Viewing;

beforeAll(async () => {
  if (!process.env.DOCTOWN_PROGRAM)
    throw new Error('set DOCTOWN_PROGRAM to a doctown program: the packs of these tests are real');
  if (!existsSync('build/200.html')) throw new Error('run `npm run build` first');
  mkdirSync('.packs', { recursive: true });
  buildShop(program, PACK);
  viewing = await startView(program, PACK);
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await viewing?.interrupt();
});

async function open(look: Look = LOOKS[0]!, query = ''): Promise<Watched> {
  const watched = await openPage(browser, viewing.url + query, look);
  await watched.page.locator('header button[aria-keyshortcuts="/"]:enabled').waitFor();
  return watched;
}

async function type(page: Page, query: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type(query);
  await page.locator(`#hits[data-query="${query}"] [role=option]`).first().waitFor();
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');

test.each(LOOKS)('something is searched, opened and left with keys alone, at $width px', async (look) => {
  const { page, complaints, context } = await open(look);
  await type(page, 'price');
  const rows = page.locator('#hits [role=option]');
  expect(await rows.first().innerText()).toMatch(/price_of[\s\S]*function[\s\S]*shop\/catalogue\.py:8/);
  await page.locator('#hits mark', { hasText: 'price' }).first().waitFor();
  await expectAccessible(page, 'search');
  const before = await rows.allInnerTexts();
  const groups = await page.locator('#hits [role=group]').evaluateAll((all) => all.map((group) => group.ariaLabel));
  expect(groups).toEqual(['Best matches', 'In tests and examples']);
  await page.waitForTimeout(400);
  expect((await rows.allInnerTexts()).length).toBe(before.length);
  await page.keyboard.press('Enter');
  await page.locator('aside[aria-label=Symbol] h2', { hasText: 'price_of' }).waitFor();
  await expect.poll(() => focused(page)).toBe('Symbol');
  await page.keyboard.press('Escape');
  await page.locator('aside[aria-label=Symbol]').waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
  await context.close();
});

test('files, folders and sections of the documentation are found beside symbols', async () => {
  const { page, context } = await open();
  await type(page, 'catalogue');
  const text = (await page.locator('#hits [role=option]').allInnerTexts()).join('\n');
  for (const kind of ['module', 'file']) expect(text).toContain(kind);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('how an order is priced');
  await page.locator('#hits[data-query="how an order is priced"]').waitFor();
  const section = page.locator('#hits [role=option]', { hasText: 'documentation' }).first();
  expect(await section.innerText()).toContain('README.md:5');
  await section.locator('mark', { hasText: /order/i }).first().waitFor();
  await context.close();
});
