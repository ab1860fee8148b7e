import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe';
import { launch, openPage, READY } from './support/browser';
import { Doctown } from './support/doctown';
import { largeFolder } from './support/sources';

/** A folder that is read in a second or two. */
const SMALL = resolve('src/lib');
let browser: Browser;
let server: Doctown;
let jobId = '';
let packPath = '';

beforeAll(async () => {
  const program = process.env.DOCTOWN_PROGRAM;
  if (!program) throw new Error('set DOCTOWN_PROGRAM to a doctown program: jobs of these tests are real');
  if (!existsSync('build/200.html')) throw new Error('run `npm run build` first');
  server = await Doctown.start(resolve(program));
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function order(page: Page, address: string): Promise<void> {
  await page.locator('#address').fill(address);
  await page.locator('summary', { hasText: 'Options' }).click();
  await page.getByLabel('Embeddings').uncheck();
  await page.getByRole('button', { name: 'Build', exact: true }).click();
}

const log = (page: Page) => page.locator('[aria-label="Event log"]');
const nEvents = async (page: Page) => Number(await page.locator('[data-events]').getAttribute('data-events'));
const toldOf = async (job: string) =>
  (await server.json<{ events: unknown[] }>(`/v1/jobs/${job}/events?limit=1000`)).events.length;
const jobOf = (page: Page) => new URL(page.url()).pathname.split('/').at(-1)!;

test('an address is pasted, the job watched, its pack explored, searched and downloaded', async () => {
  const { page, complaints, context } = await openPage(browser, server.url);
  await page.locator('text=No packs yet').waitFor();
  await page.locator('section[aria-labelledby=examples] a').first().click();
  await page.locator(READY).waitFor();
  await page.goBack();
  await page.locator('#address').fill('https://github.com/a');
  await page.keyboard.press('Tab');
  await page.locator('#address-note', { hasText: 'does not name a repository' }).waitFor();
  await order(page, SMALL);
  await page.waitForURL(/\/jobs\/job-/);
  jobId = jobOf(page);
  await page.locator('h2', { hasText: 'Receipt' }).waitFor();
  expect(await page.locator('ol[aria-label=Stages] > li').count()).toBe(5);
  expect(await log(page).count()).toBe(0);
  await page.getByRole('button', { name: 'Log', exact: true }).click();
  await page.locator('ol[aria-label^=Events] li', { hasText: 'Finished in' }).waitFor();
  await page.getByLabel('Show every event').check();
  const seen = await nEvents(page);
  expect(seen).toBe(await toldOf(jobId));
  // The reader's place is kept: scrolled up, the log stays there until it is led to the end again.
  await log(page).evaluate((box) => box.scrollTo(0, 0));
  await page.getByRole('button', { name: 'Jump to latest' }).click();
  await page.locator('ol[aria-label^=Events] li', { hasText: 'Finished in' }).waitFor();
  await page.reload();
  await page.locator(`[data-events="${seen}"]`).waitFor();

  await page.getByRole('link', { name: 'Explore' }).click();
  await page.waitForURL(/\/packs\/[0-9a-f]{64}/);
  packPath = new URL(page.url()).pathname;
  await page.locator(READY).waitFor();
  await page.locator('nav[aria-label=Views] a', { hasText: 'Map' }).click();
  await page.keyboard.press('/');
  await page.keyboard.type('gunzip');
  // First by the index of this browser, then by that of the API; no vectors were made.
  await page.locator('#hits[data-query=gunzip][data-ranked=words] [role=option]').first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('aside[aria-label=Symbol] h2', { hasText: /gunzip/i }).waitFor();
  const link = page.url();
  await page.reload();
  await page.locator('aside[aria-label=Symbol] h2', { hasText: /gunzip/i }).waitFor();
  expect(page.url()).toBe(link);
  await page.locator('nav[aria-label=Views] a', { hasText: 'Pack' }).click();
  await page.locator('h2', { hasText: /^Verified$/ }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Download/ }).click()
  ]);
  const archive = Buffer.from(
    await (await fetch(`${server.url}/v1/docpacks/${packPath.split('/').at(-1)}/download`)).arrayBuffer()
  );
  expect(readFileSync(await download.path()).equals(archive)).toBe(true);
  await page.getByRole('button', { name: 'Close this pack' }).click();
  await page.locator('section[aria-labelledby=packs] a').first().waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('what the API does not give of a pack is said with its words, and asked for again', async () => {
  const problem = (status: number, code: string) => ({
    status,
    headers: { 'content-type': 'application/problem+json', 'retry-after': '0' },
    body: JSON.stringify({ code, title: 'what it means', detail: 'what is wrong', help: 'what to do', status })
  });
  const { page, context } = await openPage(browser, server.url);
  // A proxy that is overloaded for a moment is not noticed.
  let n = 0;
  await page.route('**/entries/nodes.json', (route) =>
    n++ === 0 ? route.fulfill(problem(503, 'too_many_streams')) : route.continue()
  );
  await page.goto(server.url + packPath);
  await page.locator(READY).waitFor();
  expect(n).toBe(2);
  await page.unroute('**/entries/nodes.json');
  await page.route('**/entries/graph.json', (route) => route.fulfill(problem(500, 'internal')));
  await page.goto(server.url + packPath);
  const alert = page.locator('[role=alert]', { hasText: 'What to do: Try again.' });
  await alert.locator('code', { hasText: 'internal' }).waitFor();
  await expectAccessible(page, 'a pack that was not got');
  await page.unroute('**/entries/graph.json');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.locator(READY).waitFor();
  await context.close();
});

test('a pack is built anew by the job that made it', async () => {
  const { page, context } = await openPage(browser, `${server.url}${packPath}?view=pack`);
  await page.getByRole('button', { name: 'Rebuild' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/jobs/') && !url.pathname.endsWith(jobId));
  await page.locator('h1 + p', { hasText: 'completed' }).waitFor();
  await page.getByRole('link', { name: 'previous run' }).waitFor();
  await context.close();
});

test('a server that is killed in the middle of a job and comes back leaves no gap', { timeout: 300_000 }, async () => {
  const { page, context } = await openPage(browser, server.url);
  await order(page, largeFolder('killed'));
  await page.waitForURL(/\/jobs\/job-/);
  const job = jobOf(page);
  await page.waitForFunction(
    () => Number(document.querySelector<HTMLElement>('[data-events]')?.dataset.events ?? 0) > 0
  );
  await server.kill();
  expect(
    (await page.locator('h2', { hasText: 'Receipt' }).count()) === 0,
    'the job was over before the server was killed'
  ).toBe(true);
  await page.locator('section[aria-labelledby=events] [role=status]', { hasText: 'reconnecting' }).waitFor();
  await server.start();
  await page.locator('h2', { hasText: 'Receipt' }).waitFor({ timeout: 240_000 });
  await page.locator('section[aria-labelledby=events] [role=status]', { hasText: 'complete' }).waitFor();
  expect(await nEvents(page)).toBe(await toldOf(job));
  await context.close();
});

test('a job is cancelled, and made once more', { timeout: 300_000 }, async () => {
  const { page, complaints, context } = await openPage(browser, server.url);
  await order(page, largeFolder('cancelled'));
  await page.waitForURL(/\/jobs\/job-/);
  const first = page.url();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('h1 + p', { hasText: 'cancelled' }).waitFor();
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.waitForURL((url) => url.href !== first && url.pathname.startsWith('/jobs/'));
  await page.getByRole('link', { name: 'previous run' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('h1 + p', { hasText: 'cancelled' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('what is refused is said in words, with a page about it', async () => {
  const { page, context } = await openPage(browser, server.url);
  await order(page, '/nowhere/at/all');
  const alert = page.locator('[role=alert]');
  await alert.waitFor();
  const code = (await alert.locator('a').innerText()).trim();
  await alert.locator('a').click();
  await page.locator('h1', { hasText: code }).waitFor();
  await page.locator('h2', { hasText: 'What to do' }).waitFor();
  await page.goto(`${server.url}/jobs/job-none`);
  await page.locator('[role=alert] a', { hasText: 'no_such_job' }).waitFor();
  await page.goto(`${server.url}/packs/${'0'.repeat(64)}`);
  await page.locator('[role=alert] a', { hasText: 'no_such_docpack' }).waitFor();
  await context.close();
});

test('an address without a page says so, and leads on by search or link', async () => {
  const { page, context } = await openPage(browser, `${server.url}/nothing`);
  await page.locator('h1', { hasText: 'Page not found' }).waitFor();
  await expectAccessible(page, 'page not found');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByLabel('Search the documentation').fill('quick');
  await page.locator('ul[aria-label=Results] a', { hasText: 'Quick start' }).first().click();
  await page.waitForURL(/\/docs\/quick-start/);
  await page.goto(`${server.url}/docs/nothing`);
  await page.locator('main h1', { hasText: 'Page not found' }).waitFor();
  await page.locator('nav[aria-label^=Pages] a', { hasText: 'Install' }).click();
  await page.locator('article h1', { hasText: 'Install' }).waitFor();
  await context.close();
});

test('the documentation is read, searched and linked', async () => {
  const { page, complaints, context } = await openPage(browser, `${server.url}/docs`);
  await page.locator('article a', { hasText: 'Quick start' }).click();
  const block = page.locator('.code-block').first();
  await block.getByRole('button', { name: 'Copy' }).click();
  await block.getByRole('button', { name: /^(Copied|Not allowed)$/ }).waitFor();
  await page.getByRole('navigation', { name: 'Next pages' }).getByRole('link').first().waitFor();
  await page.getByLabel('Search the documentation').fill('archive');
  await page.locator('ul[aria-label=Results] a', { hasText: 'The archive' }).click();
  await page.waitForURL(/\/docs\/docpack#the-archive/);
  await page.locator('h2', { hasText: 'The archive' }).waitFor();
  await page.locator('nav a', { hasText: 'Error codes' }).click();
  await page.getByLabel('Search codes').fill('repo_too_large');
  await page.getByRole('link', { name: 'repo_too_large' }).click();
  await page.locator('h1', { hasText: 'repo_too_large' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each([360, 1440])('no page has a serious finding of axe, nor scrolls sideways, at %i px', async (width) => {
    const { page, complaints, context } = await openPage(browser, server.url, { width, height: 800, theme });
    await page.locator('section[aria-labelledby=jobs]').waitFor();
    await page.locator('summary', { hasText: 'Options' }).click();
    await expectAccessible(page, 'home');
    for (const [path, sign] of [
      [`/jobs/${jobId}`, 'h2:has-text("Receipt")'],
      [packPath, READY],
      ['/docs', 'article h1'],
      ['/docs/truth', 'article h1'],
      ['/docs/errors', 'dl'],
      ['/docs/errors/api_unreachable', 'h2']
    ] as const) {
      await page.goto(server.url + path);
      await page.locator(sign).first().waitFor();
      await expectAccessible(page, path);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});
