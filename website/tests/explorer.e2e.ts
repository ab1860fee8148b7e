import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe';
import { launch, openPack, openPage, READY } from './support/browser';
import { poisoned } from './support/mutate';
import { serveBuild } from './support/server';
import { SMALL, synthetic } from './support/synthetic';
import { openView, VIEWS } from './support/views';
import { writePack } from './support/writer';

const program = process.env.DOCTOWN_PROGRAM;
const PACK = resolve('.packs/website.docpack');
let browser: Browser;
let server: Awaited<ReturnType<typeof serveBuild>>;

beforeAll(async () => {
  if (!program) throw new Error('set DOCTOWN_PROGRAM to a doctown program: the packs of these tests are real');
  if (!existsSync('build/200.html')) throw new Error('run `npm run build` first');
  mkdirSync('.packs', { recursive: true });
  const vectors = process.env.DOCTOWN_MODEL ? [] : ['--no-embeddings'];
  execFileSync(program, ['build', 'src', '-q', '-o', PACK, ...vectors], { stdio: 'pipe' });
  server = await serveBuild('build');
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const start = (look?: Parameters<typeof openPage>[2]) => openPage(browser, `${server.url}/open`, look);
/** Lists the symbols of the first cluster, from the map. */
async function openCluster(page: Page): Promise<void> {
  await page.locator('summary', { hasText: 'Clusters by meaning' }).click();
  await page.locator('ul[aria-label=Clusters] button').first().click();
}

test('a real pack is opened, searched, followed, compared and downloaded', async () => {
  const { page, complaints, context } = await start();
  await openPack(page, PACK);
  expect(await page.locator('nav[aria-label=Views] [aria-current]').innerText()).toBe('Guide');
  await page.keyboard.press('/');
  await page.keyboard.type('stringend');
  await page.locator('#hits[data-query=stringend] [role=option]').first().waitFor();
  await page.keyboard.press('Enter');
  const panel = page.locator('aside[aria-label=Symbol]');
  await panel.locator('h2', { hasText: 'stringEnd' }).waitFor();
  // `stringEnd` is called by the scanner beside it, in src/lib/docpack/scan.ts.
  await panel.locator('section', { hasText: 'Called by' }).locator('a', { hasText: 'checkStructure' }).click();
  await panel.locator('h2', { hasText: 'checkStructure' }).waitFor();
  await page.goBack();
  await panel.locator('h2', { hasText: 'stringEnd' }).waitFor();
  const similar = panel.locator('section[aria-label="Similar symbols"]');
  if (process.env.DOCTOWN_MODEL) {
    await similar.locator('button').click();
    await similar.locator('h3', { hasText: 'by meaning' }).waitFor();
    expect(await similar.locator('h3').evaluate((heading) => heading === document.activeElement)).toBe(true);
    expect(await similar.locator('li a').count()).toBeGreaterThan(0);
  } else await similar.locator('p', { hasText: 'built without embeddings' }).waitFor();
  await openView(page, 'pack');
  await page.locator('h2', { hasText: /^Verified$/ }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('button', { hasText: 'Download' }).click()
  ]);
  expect(download.suggestedFilename()).toBe(basename(PACK));
  expect(readFileSync(await download.path()).equals(readFileSync(PACK))).toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a host without an API has an example on its home page, and its link holds the place in it', async () => {
  const { page, complaints, context } = await openPage(browser, server.url);
  // What answers in the API's place is the page itself.
  await page.locator('[role=alert] code', { hasText: 'api_unreadable' }).waitFor();
  await page.locator('section[aria-labelledby=examples] a').first().click();
  await page.locator(READY).waitFor();
  await openView(page, 'map');
  expect(await page.locator('h1').innerText()).toBe('flask');
  await openCluster(page);
  const cluster = page.locator('section[aria-labelledby=cluster]');
  await cluster.locator('dd', { hasText: /^\s*[01]\.\d\d, (low|medium|high)/ }).waitFor();
  await cluster.locator('dt', { hasText: 'Connected to' }).waitFor();
  await page.locator('ul[aria-label^=Symbols] a').first().click();
  await page.locator('aside[aria-label=Symbol] dd', { hasText: /more central than \d+ % of the symbols/ }).waitFor();
  expect(new URL(page.url()).searchParams.get('pack')).toBe('/examples/flask.docpack');
  const link = page.url();
  await page.reload();
  await page.locator('aside[aria-label=Symbol] h2').waitFor();
  await cluster.waitFor();
  expect(page.url()).toBe(link);
  await openView(page, 'pack');
  await page.locator('h2', { hasText: /^Verified$/ }).waitFor();
  expect(await page.getByRole('button', { name: 'Rebuild' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Close this pack' }).click();
  await page.locator('section[aria-labelledby=examples]').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test.each(['https://evil.example/examples/a.docpack', '/examples/../packs/a.docpack', '/examples/none.docpack'])(
  'no pack is opened from another place, nor one that is not there: %s',
  async (address) => {
    const { page, complaints, context } = await openPage(
      browser,
      `${server.url}/open?pack=${encodeURIComponent(address)}`
    );
    await page.locator('[role=alert] code', { hasText: 'no_such_example' }).waitFor();
    await page.locator('[aria-label="Drop a docpack here"]').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }
);

test('the address of a repository opens its own pack, whatever ran last', async () => {
  const pack = (letter: string) => `sha256:${letter.repeat(64)}`;
  const jobs = [
    { job_id: 'job-failed', docpack_id: null, git_ref: null, is_over: true, options: {} },
    { job_id: 'job-branch', docpack_id: pack('b'), git_ref: 'next', is_over: true, options: {} },
    { job_id: 'job-part', docpack_id: pack('c'), git_ref: null, is_over: true, options: { include: ['src/**'] } },
    { job_id: 'job-whole', docpack_id: pack('a'), git_ref: null, is_over: true, options: {} }
  ].map((job, n) => ({ ...job, created_at: new Date(1e12 - n).toISOString() }));
  const { page, context } = await start();
  const ordered: string[] = [];
  await page.route('**/v1/**', (route) => {
    const { pathname } = new URL(route.request().url());
    if (route.request().method() === 'POST') ordered.push(pathname);
    const job = jobs.find(({ job_id }) => pathname.endsWith(job_id));
    const items = pathname === '/v1/jobs' ? jobs : [];
    return job || pathname === '/v1/jobs'
      ? route.fulfill({ json: job ?? { items } })
      : route.fulfill({ status: 404, json: {} });
  });
  await page.goto(`${server.url}/owner/repo`);
  await page.waitForURL(`${server.url}/packs/${'a'.repeat(64)}`);
  await page.goto(`${server.url}/owner/repo/tree/next`);
  await page.waitForURL(`${server.url}/packs/${'b'.repeat(64)}`);
  expect(ordered).toEqual([]);
  await context.close();
});

test('the address of a repository without a pack offers to build one, and a reload or a step back builds no second', async () => {
  const { page, context } = await start();
  const ordered: unknown[] = [];
  let isRefused = true;
  await page.route('**/v1/**', (route) => {
    const { pathname } = new URL(route.request().url());
    if (route.request().method() !== 'POST')
      return route.fulfill(pathname === '/v1/jobs' ? { json: { items: [] } } : { status: 404, json: {} });
    if (isRefused) return route.fulfill({ status: 200, contentType: 'text/html', body: 'a proxy' });
    ordered.push(route.request().postDataJSON());
    return route.fulfill({ status: 202, json: { job: { job_id: 'job-1' } } });
  });
  await page.goto(`${server.url}/docs`);
  await page.goto(`${server.url}/owner/repo`);
  const build = page.getByRole('button', { name: 'Build the pack' });
  await build.waitFor();
  await page.reload();
  await build.click();
  await page.locator('[role=alert] code', { hasText: 'api_unreadable' }).waitFor();
  isRefused = false;
  await build.click();
  await page.waitForURL(`${server.url}/jobs/job-1`);
  expect(ordered).toEqual([{ repo_url: 'https://github.com/owner/repo', options: { source: true } }]);
  await page.goBack();
  await page.waitForURL(`${server.url}/docs`);
  expect(ordered).toHaveLength(1);
  await context.close();
});

test('a page without a pack has the header of the site, which leads on', async () => {
  const { page, complaints, context } = await start();
  const header = page.getByRole('navigation', { name: 'Site' });
  expect(await header.getByRole('link', { name: 'Open a file' }).getAttribute('aria-current')).toBe('page');
  await header.getByRole('link', { name: 'Docs' }).click();
  await page.waitForURL(`${server.url}/docs`);
  await page.goBack();
  await page.getByRole('link', { name: 'Doctown, home' }).click();
  await page.waitForURL(`${server.url}/`);
  await page.locator('[role=alert]').getByRole('button', { name: 'Try again' }).click();
  await page.locator('[role=alert] code', { hasText: 'api_unreadable' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('a file is dropped and explored while there is no network', async () => {
  const { page, complaints, context } = await start();
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  const bytes = readFileSync(PACK).toString('base64');
  await page.evaluate((base64) => {
    const list = new DataTransfer();
    list.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], 'dropped.docpack'));
    document
      .querySelector('[aria-label="Drop a docpack here"]')!
      .dispatchEvent(new DragEvent('drop', { dataTransfer: list, bubbles: true, cancelable: true }));
  }, bytes);
  await openView(page, 'map');
  await openCluster(page);
  for (const name of VIEWS) await openView(page, name);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a link holds the place, steps go back, and the file that was given opens there again', async () => {
  const { page, context } = await start();
  await openPack(page, PACK);
  await openView(page, 'symbols');
  await page.locator('input[aria-label="Name contains"]').fill('gunzip');
  await page
    .locator('ul[aria-label^=Symbols] a', { has: page.getByText('gunzip', { exact: true }) })
    .first()
    .click();
  await page.locator('aside[aria-label=Symbol] h2').waitFor();
  const link = page.url();
  expect(link).toMatch(/view=symbols.*symbol=sym_[0-9a-f]{32}.*q=gunzip/);
  await page.reload();
  await page.locator('aside[aria-label=Symbol] h2', { hasText: /^gunzip$/ }).waitFor();
  expect(await page.locator('input[aria-label="Name contains"]').inputValue()).toBe('gunzip');
  expect(page.url()).toBe(link);
  await openView(page, 'quality');
  await page.goBack();
  await page.locator('ul[aria-label^=Symbols]').waitFor();
  await context.close();
});

test('a symbol that is closed gives the focus back, and covers what is behind it where there is no room', async () => {
  for (const width of [1440, 360]) {
    const { page, context } = await start({ width, height: 800, theme: 'light' });
    await openPack(page, PACK);
    await openView(page, 'symbols');
    const row = page.locator('ul[aria-label^=Symbols] a').nth(1);
    await row.focus();
    await page.keyboard.press('Enter');
    const panel = page.locator('aside[aria-label=Symbol]');
    await panel.locator('h2').waitFor();
    const isBehindInert = await row.evaluate((link) => link.closest('[inert]') !== null);
    expect(isBehindInert).toBe(width < 768);
    if (width < 768) expect(await panel.evaluate((aside) => aside === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(await row.evaluate((link) => link === document.activeElement), `${width} px`).toBe(true);
    await context.close();
  }
});

test.each([
  ['not_a_docpack', () => new TextEncoder().encode('{"hello": 1}')],
  ['truncated', () => writePack(synthetic(SMALL)).slice(0, 2_000)],
  ['json_malformed', () => writePack(synthetic(SMALL).set('quality.json', {}))]
])('a pack that is refused says why: %s', async (code, bytes) => {
  const { page, complaints, context } = await start();
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'bad.docpack', mimeType: 'application/octet-stream', buffer: Buffer.from(bytes()) });
  await page.locator('[role=alert] code', { hasText: code }).waitFor();
  await page.locator('button', { hasText: 'Open another file' }).click();
  await openPack(page, PACK);
  expect(complaints).toEqual([]);
  await context.close();
});

test('an empty pack has a page that says so', async () => {
  const { page, complaints, context } = await start();
  const contents = synthetic({ ...SMALL, symbols: 0, edges: 0, clusters: 0 });
  await openPack(page, { name: 'empty.docpack', bytes: writePack(contents) });
  await openView(page, 'map');
  await page.locator('text=There is no code here.').waitFor();
  for (const name of VIEWS) await openView(page, name);
  expect(complaints).toEqual([]);
  await context.close();
});

test.each([1440, 360])('no text of a pack becomes HTML or runs, at %i px', async (width) => {
  const { page, complaints, context } = await start({ width, height: 900, theme: 'light' });
  await openPack(page, {
    name: '<img src=x onerror=window.__xss=10>.docpack',
    bytes: writePack(poisoned(synthetic(SMALL)))
  });
  for (const name of VIEWS) {
    await openView(page, name);
    if (name === 'symbols') {
      // The second symbol has ambiguous and unresolved references of its own.
      await page.locator('input[aria-label="Name contains"]').fill('_1 ');
      await page.locator('ul[aria-label^=Symbols] a').first().click();
      await page.locator('aside[aria-label=Symbol] h3', { hasText: /^Ambiguous/ }).waitFor();
      await page.locator('button', { hasText: 'Find similar' }).click();
      if (width < 768) await page.locator('button[aria-label="Close the symbol"]').click();
    }
  }
  await page.keyboard.press('Control+k');
  await page.keyboard.type('script');
  await page.locator('#hits[data-query=script]').waitFor();
  const found = await page.evaluate(() => ({
    ran: '__xss' in window,
    elements: document.querySelectorAll(
      'script:not([type]):not(:empty)[src], img, iframe, svg[onload], [onerror], [onload], a[href^="javascript"], a[href^="data:"]'
    ).length
  }));
  expect(found).toEqual({ ran: false, elements: 0 });
  expect(complaints).toEqual([]);
  await context.close();
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each([360, 1440])('no page has a serious finding of axe, nor scrolls sideways, at %i px', async (width) => {
    const { page, complaints, context } = await start({ width, height: 800, theme });
    const check = (name: string) => expectAccessible(page, name);
    await page.locator('h1').waitFor();
    await check('open');
    await openPack(page, PACK);
    for (const name of VIEWS) {
      await openView(page, name);
      await check(name);
    }
    await openView(page, 'map');
    await openCluster(page);
    await page.locator('section[aria-labelledby=cluster]').waitFor();
    await check('cluster');
    await page.locator('ul[aria-label^=Symbols] a').first().click();
    await page.locator('aside[aria-label=Symbol] h2').waitFor();
    await check('symbol');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('parse');
    await page.locator('#hits[data-query=parse]').waitFor();
    await check('search');
    expect(complaints).toEqual([]);
    await context.close();
  });
});
