import { gzipSync } from 'node:zlib';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { loadavg } from 'node:os';
import { gunzip } from '../src/lib/docpack/gunzip';
import { DEFAULT_LIMITS } from '../src/lib/docpack/limits';
import { untar } from '../src/lib/docpack/tar';
import { launch, openPage } from '../tests/support/browser';
import { serveBuild } from '../tests/support/server';
import { synthetic, type SyntheticParams } from '../tests/support/synthetic';
import { writePack } from '../tests/support/writer';
import { longTasks } from './trace';

interface Row {
  pack: string;
  symbols: number;
  edges: number;
  map_ms: number;
  ready_ms: number;
  moving: string;
  search_ms: string;
}

const POINTED = 12;
const OPENED = 4;
/** Between two letters: some 120 words a minute. */
const LETTER_MS = 100;

/** Measures loading, moving and searching in a browser, of synthetic packs and of those that are named. */
export async function main(packs: string[]): Promise<void> {
  const build = process.env.DOCTOWN_BUILD ?? 'build';
  bundle(build);
  const server = await serveBuild(build);
  const browser = await launch();
  const rows: Row[] = [];
  const made: [name: string, bytes: () => Buffer][] = [
    [
      'synthetic 2,000',
      () => kept('2000', { symbols: 2_000, edges: 6_000, symbolsPerFile: 25, clusters: 24, dimensions: 384 })
    ],
    [
      'synthetic 50,000',
      () => kept('50000', { symbols: 50_000, edges: 150_000, symbolsPerFile: 25, clusters: 150, dimensions: 64 })
    ],
    ...packs.map((path): [string, () => Buffer] => [path.split('/').at(-1)!, () => readFileSync(path)])
  ];
  for (const [name, bytes] of made) {
    const { page, complaints, context } = await openPage(browser, `${server.url}/open?view=map`);
    await page.locator('input[type=file]').waitFor({ state: 'attached' });
    rows.push(await measure(page, name, bytes()));
    console.log(rows.at(-1));
    if (complaints.length > 0) console.error(name, complaints);
    await context.close();
  }
  console.table(rows);
  console.log(
    `load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')}`
  );
  await browser.close();
  await server.close();
}

/** Writing a large pack takes longer than measuring it. */
function kept(name: string, params: SyntheticParams): Buffer {
  const path = `.packs/synthetic-${name}.docpack`;
  if (!existsSync(path)) {
    mkdirSync('.packs', { recursive: true });
    writeFileSync(path, writePack(synthetic(params)));
  }
  return readFileSync(path);
}

async function measure(page: Page, name: string, buffer: Buffer): Promise<Row> {
  // Playwright hands over 50 MB at most, so the bytes are written where the page can fetch them as a file.
  await page.evaluate(() => performance.clearMarks());
  await page.route('**/bench.docpack', (route) =>
    route.fulfill({ body: buffer, contentType: 'application/octet-stream' })
  );
  await page.evaluate(async () => {
    const bytes = await (await fetch('/bench.docpack')).arrayBuffer();
    const list = new DataTransfer();
    list.items.add(new File([bytes], 'bench.docpack'));
    const input = document.querySelector<HTMLInputElement>('input[type=file]')!;
    input.files = list.files;
    performance.mark('given');
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await page.waitForFunction(() => performance.getEntriesByName('doctown-map-drawn').length > 0, null, {
    timeout: 120_000
  });
  await page.locator('button:has-text("Search symbols"):enabled').waitFor({ timeout: 120_000 });
  const [map_ms, ready_ms] = await page.evaluate(() => {
    const given = performance.getEntriesByName('given')[0]!.startTime;
    return [performance.getEntriesByName('doctown-map-drawn')[0]!.startTime - given, performance.now() - given];
  });
  await page.waitForTimeout(4_000);
  const searches = await searching(page);
  await page.keyboard.press('Escape');
  await page.waitForTimeout(1_000);
  const tasks = await moving(page);
  const figures = await statisticsOf(buffer);
  return {
    pack: name,
    ...figures,
    map_ms: Math.round(map_ms!),
    ready_ms: Math.round(ready_ms!),
    moving: tasks,
    search_ms: searches
  };
}

/** Points at parts of the map, opens one after the other and goes up again while tasks on the page's thread are watched. */
async function moving(page: Page): Promise<string> {
  const parts = page.locator('[data-part]');
  const up = page.locator('nav[aria-label="Opened part"] a').first();
  const tasks = await longTasks(page, 50, async () => {
    for (let n = 0; n < Math.min(POINTED, await parts.count()); n++) {
      await parts.nth(n).focus();
      await page.waitForTimeout(150);
    }
    for (let n = 0; n < OPENED; n++) {
      await parts.nth(n).press('Enter');
      await up.waitFor();
      await page.waitForTimeout(300);
      await up.click();
      await up.waitFor({ state: 'detached' });
    }
    await page.waitForTimeout(500);
  });
  for (const { ms, workedMs, parts } of tasks.slice(0, 3))
    console.log(`${ms} ms, of them at work ${workedMs} ms: ${parts.join(', ')}`);
  return `${tasks.length} over 50 ms, longest ${tasks[0]?.ms ?? 0} ms, at work ${Math.max(0, ...tasks.map(({ workedMs }) => workedMs))} ms`;
}

/** Types queries with real keys, as fast as people do; from a key's event to the finds being on the page. */
async function searching(page: Page): Promise<string> {
  await page.keyboard.press('Control+k');
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('input[role=combobox]')!;
    const hits = document.querySelector<HTMLElement>('#hits')!;
    let pressed = 0;
    input.addEventListener('keydown', ({ timeStamp }) => (pressed = timeStamp));
    new MutationObserver(
      () =>
        input.value !== '' &&
        hits.dataset.query === input.value &&
        performance.measure('letter', { start: pressed, end: performance.now() })
    ).observe(hits, { attributeFilter: ['data-query'] });
  });
  for (const query of ['request', 'parse head', 'cache']) {
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    // The dialog and its list are drawn; without a graphics card that takes some frames.
    await page.waitForTimeout(500);
    for (const letter of query) {
      await page.keyboard.press(letter === ' ' ? 'Space' : letter);
      await page.waitForTimeout(LETTER_MS);
    }
    await page.locator(`#hits[data-query="${query}"]`).waitFor();
  }
  const times = await page.evaluate(() => performance.getEntriesByName('letter').map(({ duration }) => duration));
  times.sort((a, b) => a - b);
  return `median ${times[times.length >> 1]!.toFixed(0)}, 95 of 100 within ${times[Math.floor(times.length * 0.95)]!.toFixed(0)}, longest ${times.at(-1)!.toFixed(0)}`;
}

/** What a pack says that it holds; its manifest comes first. */
async function statisticsOf(pack: Buffer): Promise<{ symbols: number; edges: number }> {
  for await (const { bytes } of untar(gunzip(new Uint8Array(pack), DEFAULT_LIMITS), DEFAULT_LIMITS)) {
    const { statistics } = JSON.parse(new TextDecoder().decode(bytes)) as {
      statistics: { symbol_count: number; edge_count: number };
    };
    return { symbols: statistics.symbol_count, edges: statistics.edge_count };
  }
  throw new Error('the pack is empty');
}

/** What a browser loads, all chunks together. */
function bundle(build: string): void {
  const sizes = walk(build)
    .filter((path) => /\.(js|css)$/.test(path))
    .map((path) => gzipSync(readFileSync(path)).length);
  const total = sizes.reduce((sum, gzip) => sum + gzip, 0);
  console.log(`all scripts and styles: ${(total / 1000).toFixed(0)} kB gzip`);
}

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}
