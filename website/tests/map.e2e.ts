import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe';
import { launch, openPage } from './support/browser';
import { walkTo } from './support/keys';
import { serveBuild } from './support/server';

const FLASK = '/open?pack=/examples/flask.docpack&view=map';
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

const open = (address = FLASK, look?: Parameters<typeof openPage>[2]) =>
  openPage(browser, `${server.url}${address}`, look);
const part = (page: Page, name: string) => page.locator(`main svg a[aria-label^="${name}"]`);
const openedName = (page: Page) => page.locator('nav[aria-label="Opened part"] [aria-current=page]').innerText();

const walk = (page: Page, name: string) => walkTo(page, part(page, name).first());

test('the map says how Flask is built, and a method is reached by keyboard alone', async () => {
  const { page, complaints, context } = await open();
  await part(page, 'app.py Flask').waitFor();
  await part(page, 'sansio App, Scaffold').waitFor();
  expect(await part(page, 'tests').count()).toBe(0);
  await page.locator('main svg a[tabindex="0"]').focus();
  await walk(page, 'app.py');
  const facts = page.locator('aside[aria-label=Part]');
  await facts.locator('section[aria-label=Uses] button', { hasText: 'ctx.py' }).waitFor();
  await facts
    .locator('section[aria-label=Uses] li', { hasText: /→.*line \d+/ })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await part(page, 'Flask class').waitFor();
  expect(await openedName(page)).toBe('app.py');
  await walk(page, 'Flask class');
  await page.keyboard.press('Enter');
  await walk(page, 'full_dispatch_request');
  await page.keyboard.press('Enter');
  const panel = page.locator('aside[aria-label=Symbol]');
  await panel.locator('h2', { hasText: 'full_dispatch_request' }).waitFor();
  const link = page.url();
  await page.reload();
  await panel.locator('h2', { hasText: 'full_dispatch_request' }).waitFor();
  await part(page, 'full_dispatch_request').waitFor();
  expect(page.url()).toBe(link);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await part(page, 'full_dispatch_request').focus();
  await page.keyboard.press('Escape');
  await part(page, 'Flask class').waitFor();
  await page.keyboard.press('Escape');
  await part(page, 'app.py Flask').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('tests and examples come with one switch, and the back button goes through opened parts', async () => {
  const { page, complaints, context } = await open();
  await part(page, 'json JSONProvider').click();
  await page.locator('main h2', { hasText: 'Used by' }).waitFor();
  await part(page, 'provider.py').waitFor();
  await page.goBack();
  await part(page, 'json JSONProvider').waitFor();
  await page.getByRole('switch', { name: 'Tests and examples' }).click();
  await part(page, 'tests').first().waitFor();
  expect(page.url()).toContain('tests=1');
  await page.goBack();
  await part(page, 'tests').first().waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
  await context.close();
});

test('a phone has the parts as a list with what each uses', async () => {
  const { page, complaints, context } = await open(FLASK, { width: 360, height: 800, theme: 'light' });
  const list = page.locator('section[aria-label=Parts]');
  await list
    .locator('li', { hasText: /app\.py/ })
    .first()
    .waitFor();
  expect(await list.innerText()).toMatch(/uses .*ctx\.py/);
  await list.locator('a', { hasText: 'app.py' }).click();
  await list.locator('a', { hasText: 'Flask' }).click();
  await list.locator('a', { hasText: 'wsgi_app' }).click();
  await page.locator('aside[aria-label=Symbol] h2', { hasText: 'wsgi_app' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each([360, 768, 1440])('no level of the map has a serious finding of axe, at %i px', async (width) => {
    const { page, context } = await open(FLASK, { width, height: 800, theme });
    for (const place of ['', '&tests=1', '&part=src/flask/json', '&part=src/flask/app.py']) {
      await page.goto(`${server.url}${FLASK}${place}`);
      await page.locator('main a[href*="part="], main a[href*="symbol="]').first().waitFor();
      await expectAccessible(page, `map ${place}`);
    }
    await context.close();
  });
});
