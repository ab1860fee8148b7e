import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './support/axe';
import { launch, openPack, openPage, READY, type Look, type Watched } from './support/browser';
import { answerOfBoth, impactOfBoth, modelOf, pathOfBoth } from './support/query-compare';
import { serveBuild } from './support/server';
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
  await watched.page.locator(READY).waitFor();
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
  // What is drawn keeps its place when the quoted lines come.
  const names = async () => (await rows.allInnerTexts()).map((text) => text.split('\n')[0]);
  const before = await names();
  await page.locator('#hits mark', { hasText: 'price' }).first().waitFor();
  expect((await names()).slice(0, before.length)).toEqual(before);
  await expectAccessible(page, 'search');
  const groups = await page.locator('#hits [role=group]').evaluateAll((all) => all.map((group) => group.ariaLabel));
  expect(groups).toEqual(['Best matches', 'In tests and examples']);
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

async function openImpact(page: Page, name: string): Promise<void> {
  await type(page, name);
  await page.keyboard.press('Enter');
  await page.locator('aside[aria-label=Symbol] h2', { hasText: name }).waitFor();
  await page.getByRole('link', { name: 'Impact and paths' }).click();
  await page.locator('h1', { hasText: `Impact of ${name}` }).waitFor();
}

test.each(LOOKS)('what a change may affect is read, deepened and linked, at $width px', async (look) => {
  const { page, complaints, context } = await open(look);
  await openImpact(page, 'price_of');
  expect(await page.locator('header p').last().innerText()).toMatch(
    /may affect 3 symbols in 3 files; 2 tests reach it/
  );
  await expectAccessible(page, 'impact');
  await page.getByRole('radio', { name: '3' }).check({ force: true });
  expect(new URL(page.url()).searchParams.get('depth')).toBe('3');
  await page.locator('summary', { hasText: 'Tests' }).click();
  await page.locator('li a', { hasText: 'test_price_of' }).filter({ visible: true }).first().waitFor();
  const link = page.url();
  await page.goto('about:blank');
  await page.goto(link);
  await page.locator('h1', { hasText: 'Impact of price_of' }).waitFor();
  expect(await page.getByRole('radio', { name: '3' }).isChecked()).toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});

test('the way between two symbols is found with the search box, and the other way is offered', async () => {
  const { page, context } = await open();
  await openImpact(page, 'take_order');
  await page.getByRole('button', { name: 'Choose a symbol' }).click();
  await page.keyboard.type('price_of');
  await page.locator('#hits[data-query=price_of] [role=option]').first().waitFor();
  await page.keyboard.press('Enter');
  const steps = page.locator('section[aria-labelledby=path] ol > li');
  await steps.nth(2).waitFor();
  expect((await steps.allInnerTexts()).map((text) => /take_order|total|price_of/.exec(text)?.[0])).toEqual([
    'take_order',
    'total',
    'price_of'
  ]);
  await page.getByRole('button', { name: 'Swap the two' }).click();
  await page.locator('section[aria-labelledby=path]', { hasText: 'No certain call leads there' }).waitFor();
  await page.locator('section[aria-labelledby=path]', { hasText: 'The other way it is 2 steps' }).waitFor();
  await context.close();
});

test('impact, callers and paths are those of the command line, for every symbol', async () => {
  const model = await modelOf(PACK);
  const all = model.table.ids.map((_, at) => at);
  for (const at of all) {
    const both = impactOfBoth(program, PACK, model, at);
    expect(both.page, model.table.qualifiedNames[at]).toEqual(both.program);
  }
  for (const at of all) {
    const both = pathOfBoth(program, PACK, model, at, model.table.qualifiedNames.indexOf('shop.catalogue.price_of'));
    expect(both.page, model.table.qualifiedNames[at]).toEqual(both.program);
  }
});

test.each(LOOKS)('a question is answered with evidence beside it, with keys alone, at $width px', async (look) => {
  const { page, complaints, context } = await open(look);
  await page.keyboard.press('/');
  await page.keyboard.type('how is an order priced?');
  await page
    .locator('#hits [role=option][aria-selected=true]', { hasText: 'Answer: how is an order priced?' })
    .waitFor();
  await page.keyboard.press('Enter');
  await page.locator('h1', { hasText: 'how is an order priced?' }).waitFor();
  await page.locator('h2', { hasText: 'In the authors’ words' }).waitFor();
  await page.locator('blockquote', { hasText: 'An order passes through the register' }).waitFor();
  await page.locator('aside[aria-label=Evidence] ol li').first().waitFor();
  await expectAccessible(page, 'answer');
  const link = page.url();
  await page.goto('about:blank');
  await page.goto(link);
  await page.locator('h2', { hasText: 'In the code' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('what the pack says nothing about is answered as unknown, with the words that stand nowhere', async () => {
  const { page, context } = await open();
  await page.keyboard.press('/');
  await page.keyboard.type('how does a rocket fly?');
  await page.keyboard.press('Enter');
  await page.locator('text=nothing in this pack answers this question').waitFor();
  await page.locator('text=Found nowhere in this pack: rocket, fly.').waitFor();
  await context.close();
});

test('answers without vectors are those of the command line', async () => {
  const model = await modelOf(PACK);
  const questions = [
    'how is an order priced?',
    'what happens when an item is unknown?',
    'how does a rocket fly?',
    'what writes the receipt',
    'what does `taxed` do',
    'which tests reach the register',
    "what happens when an order can't be priced?",
    'which versions changed the Register'
  ];
  for (const question of questions) {
    const both = await answerOfBoth(program, PACK, model, question);
    expect(both.page, question).toEqual(both.program);
  }
});

/** Saves the open pack as a page with the menu, and gives where it lies. */
async function savePage(page: Page): Promise<string> {
  await page.locator('summary', { hasText: 'Share' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as one HTML file' }).click()
  ]);
  expect(download.suggestedFilename()).toBe('shop.html');
  const path = resolve('.packs/saved.html');
  await download.saveAs(path);
  return path;
}

test('a pack is saved as one page, which opens without a network and saves itself again', async () => {
  const { page, complaints, context } = await open();
  const first = await savePage(page);
  expect(complaints).toEqual([]);
  await context.close();
  const offline = { ...LOOKS[0]!, offline: true };
  const saved = await openPage(browser, `file://${first}`, offline);
  await saved.page.locator(READY).waitFor();
  const packIn = (page: string) => /id="docpack"[^>]*>([^<]*)</.exec(readFileSync(page, 'utf8'))![1];
  const pack = packIn(first);
  const second = await savePage(saved.page);
  expect(packIn(second) === pack).toBe(true);
  await saved.page.goto(`file://${second}`);
  await saved.page.locator(READY).waitFor();
  expect(saved.complaints).toEqual([]);
  await saved.context.close();
});

test('the share menu is used with keys, and copies a link to the place', async () => {
  const { page, context } = await open();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('summary', { hasText: 'Share' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('[role=status]', { hasText: 'Link copied' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
  await expectAccessible(page, 'share');
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
  await context.close();
});

test('an opened file survives a reload, is listed, and is forgotten', async () => {
  const server = await serveBuild('build');
  const { page, complaints, context } = await openPage(browser, `${server.url}/open`);
  await openPack(page, PACK);
  expect(new URL(page.url()).searchParams.get('kept')).toContain('shop-');
  await page.reload();
  await page.locator(READY).waitFor();
  await page.getByRole('button', { name: 'Close this pack' }).click();
  await page.locator('section[aria-labelledby=recent-files] a', { hasText: 'shop.docpack' }).waitFor();
  await expectAccessible(page, 'open');
  await page.getByRole('button', { name: 'Forget shop.docpack' }).click();
  await page.locator('section[aria-labelledby=recent-files]').waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
  await context.close();
  await server.close();
});

test('a pack that is dropped on the home page opens', async () => {
  const server = await serveBuild('build');
  const { page, context } = await openPage(browser, server.url);
  await page.locator('h1').waitFor();
  const bytes = readFileSync(PACK).toString('base64');
  await page.evaluate((text) => {
    const file = new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], 'shop.docpack');
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(file);
    document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
  }, bytes);
  await page.waitForURL(/\/open\?kept=shop-/);
  await page.locator(READY).waitFor();
  await context.close();
  await server.close();
});
