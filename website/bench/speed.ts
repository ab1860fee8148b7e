import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { gunzip } from '../src/lib/docpack/gunzip';
import { DEFAULT_LIMITS } from '../src/lib/docpack/limits';
import { untar } from '../src/lib/docpack/tar';
import { withScaledVectors, withTour } from '../tests/support/additions';
import { launch, READY } from '../tests/support/browser';
import { serveBuild } from '../tests/support/server';
import { synthetic, type SyntheticParams } from '../tests/support/synthetic';
import { writePack } from '../tests/support/writer';
import { record, type LongTask } from './trace';

interface Run {
  guideMs: number;
  mapMs: number;
  readyMs: number;
  loadingMs: number;
  lettersMs: number[];
  /** Processor time of the same letters. */
  workedMs: number[];
  tasks: LongTask[];
}

/** Where `doctown view` has the pack that it shows. */
const PACK = '/view/pack.docpack';
/** Between two letters: some 120 words a minute. */
const LETTER_MS = 100;
const QUERIES = ['request', 'parse head', 'cache'];
/** Parts of the map that are pointed at, and of them those that are opened. */
const POINTED = 12;
const OPENED = 4;
/** Longer tasks are named. */
const NAMED_MS = 50;

/**
 * Measures loading, searching and going about in a browser, of synthetic packs and of those that are named.
 *
 * Times count from following the link; page, scripts and pack come from this machine, and nothing is in the cache.
 * `DOCTOWN_BUILD` names another build, `RUNS` how often each pack is measured, `PROFILE=1` lists what long tasks did.
 */
export async function main(packs: string[]): Promise<void> {
  const files = new Map<string, Buffer>();
  const server = await serveBuild(process.env.DOCTOWN_BUILD ?? 'build', files);
  const browser = await launch();
  const rows: Record<string, string | number>[] = [];
  for (const [name, bytes] of [...SYNTHETIC, ...packs.map(ofFile)]) {
    const pack = bytes();
    files.set(PACK, pack);
    const runs: Run[] = [];
    for (let n = Number(process.env.RUNS ?? 3); n > 0; n--) runs.push(await measured(browser, server.url));
    rows.push({ pack: name, ...(await sizeOf(pack)), ...summary(runs) });
    console.log(rows.at(-1));
  }
  console.table(rows);
  console.log(`load ${loadavg().map(fixed).join(', ')} of ${cpus().length} cores`);
  await browser.close();
  await server.close();
}

type Named = [name: string, bytes: () => Buffer];

const ofFile = (path: string): Named => [path.split('/').at(-1)!, () => readFileSync(path)];
const SYNTHETIC: Named[] = [
  ['synthetic', () => kept({ symbols: 2_000, edges: 6_000, symbolsPerFile: 25, clusters: 24, dimensions: 384 })],
  ['synthetic', () => kept({ symbols: 50_000, edges: 150_000, symbolsPerFile: 25, clusters: 150, dimensions: 64 })]
];

/** Writing a large pack takes longer than measuring it. */
function kept(params: SyntheticParams): Buffer {
  const path = `.packs/guided-${params.symbols}.docpack`;
  if (!existsSync(path)) {
    mkdirSync('.packs', { recursive: true });
    writeFileSync(path, writePack(withScaledVectors(withTour(synthetic(params)))));
  }
  return readFileSync(path);
}

async function measured(browser: Browser, url: string): Promise<Run> {
  const map = await opened(browser, `${url}/view?view=map`, 'doctown-map-drawn');
  await map.page.context().close();
  const { page, drawnMs: guideMs } = await opened(browser, `${url}/view`, 'doctown-guide-drawn');
  await page.locator(READY).waitFor({ timeout: 120_000 });
  const readyMs = await page.evaluate(() => performance.now());
  await searchable(page);
  const loadingMs = await page.evaluate(() => Math.max(0, ...(window as unknown as Watching).watched.tasks));
  const lettersMs: number[] = [];
  const recording = await record(page, process.env.PROFILE === '1', async () => {
    lettersMs.push(...(await letters(page)));
    await goAbout(page);
  });
  await page.context().close();
  const workedMs = recording.workedOn('input');
  return {
    guideMs,
    mapMs: map.drawnMs,
    readyMs,
    loadingMs,
    lettersMs,
    workedMs,
    tasks: recording.longerThan(NAMED_MS)
  };
}

interface Watching {
  watched: { drawn: Record<string, number>; tasks: number[] };
}

/** Opens an address, and gives when the frame was over in which a mark of the page was set. */
async function opened(browser: Browser, url: string, mark: string): Promise<{ page: Page; drawnMs: number }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const watched: Watching['watched'] = { drawn: {}, tasks: [] };
    (window as unknown as Watching).watched = watched;
    const each = (type: string, use: (entry: PerformanceEntry) => void) =>
      new PerformanceObserver((list) => list.getEntries().forEach(use)).observe({ type, buffered: true });
    each('mark', ({ name }) =>
      requestAnimationFrame(() => setTimeout(() => (watched.drawn[name] ??= performance.now())))
    );
    each('longtask', ({ duration }) => watched.tasks.push(duration));
  });
  await page.goto(url);
  const drawn = await page.waitForFunction((name) => (window as unknown as Watching).watched.drawn[name], mark, {
    timeout: 120_000,
    polling: 20
  });
  return { page, drawnMs: (await drawn.jsonValue())! };
}

/** Waits until the first letter finds something: the index is built after the pack is read. */
async function searchable(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.press('r');
  await page.locator('#hits[data-query=r]').waitFor({ timeout: 120_000 });
  await page.waitForTimeout(1_000);
}

/** Types queries with real keys, as fast as people do; from a key's event to the results being on the page. */
async function letters(page: Page): Promise<number[]> {
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
  for (const query of QUERIES) {
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.waitForTimeout(500);
    for (const letter of query) {
      await page.keyboard.press(letter === ' ' ? 'Space' : letter);
      await page.waitForTimeout(LETTER_MS);
    }
    await page.locator(`#hits[data-query="${query}"]`).waitFor();
  }
  await page.keyboard.press('Escape');
  return page.evaluate(() => performance.getEntriesByName('letter').map(({ duration }) => duration));
}

/** Reads on in the guide, opens each view, points at parts of the map, opens some and goes up again. */
async function goAbout(page: Page): Promise<void> {
  const view = (name: string) => page.locator('nav[aria-label=Views] a', { hasText: name }).click();
  const chapters = page.locator('nav[aria-label="Chapters"] a');
  if ((await chapters.count()) > 0) await chapters.last().click();
  await page.waitForTimeout(300);
  for (const name of ['Symbols', 'Files', 'Quality', 'Map']) {
    await view(name);
    await page.waitForTimeout(300);
  }
  const parts = page.locator('[data-part]');
  const up = page.locator('nav[aria-label="Opened part"] a').first();
  await parts.first().waitFor();
  for (let n = 0; n < Math.min(POINTED, await parts.count()); n++) {
    await parts.nth(n).focus();
    await page.waitForTimeout(150);
  }
  for (let n = 0; n < Math.min(OPENED, await parts.count()); n++) {
    await parts.nth(n).press('Enter');
    await up.waitFor();
    await page.waitForTimeout(300);
    await up.click();
    await up.waitFor({ state: 'detached' });
  }
  await view('Symbols');
  await page.locator('ul[aria-label^=Symbols] a').first().click();
  await page.locator('aside[aria-label=Symbol] h2').waitFor();
  await page.waitForTimeout(500);
}

/** Times are those of the middle run; letters, and the longest task afterwards, are of all runs. */
function summary(runs: readonly Run[]): Record<string, string> {
  const middle = (of: (run: Run) => number) => runs.map(of).sort((a, b) => a - b)[runs.length >> 1]!;
  const seconds = (of: (run: Run) => number) => `${(middle(of) / 1_000).toFixed(2)} s`;
  const tasks = runs.flatMap((run) => run.tasks).sort((a, b) => b.ms - a.ms);
  for (const { ms, workedMs, parts } of tasks.slice(0, 4))
    console.log(`task of ${ms} ms, of them at work ${workedMs} ms: ${parts.join(', ')}`);
  const spread = (of: (run: Run) => number[]) => {
    const all = runs.flatMap(of).sort((a, b) => a - b);
    return `${all[all.length >> 1]!.toFixed(0)}, ${all[Math.floor(all.length * 0.95)]!.toFixed(0)} ms`;
  };
  return {
    guide: seconds(({ guideMs }) => guideMs),
    map: seconds(({ mapMs }) => mapMs),
    ready: seconds(({ readyMs }) => readyMs),
    'task while loading': `${middle(({ loadingMs }) => loadingMs).toFixed(0)} ms`,
    'task afterwards': `${tasks[0]?.ms ?? 0} ms`,
    'at work': `${Math.max(0, ...tasks.map(({ workedMs }) => workedMs)).toFixed(0)} ms`,
    'letter: median, 95 of 100': spread(({ lettersMs }) => lettersMs),
    'at work ': spread(({ workedMs }) => workedMs)
  };
}

/** What a pack says that it holds; its manifest comes first. */
async function sizeOf(pack: Buffer): Promise<{ symbols: number; edges: number }> {
  for await (const { bytes } of untar(gunzip(new Uint8Array(pack), DEFAULT_LIMITS), DEFAULT_LIMITS)) {
    const { statistics } = JSON.parse(new TextDecoder().decode(bytes)) as {
      statistics: { symbol_count: number; edge_count: number };
    };
    return { symbols: statistics.symbol_count, edges: statistics.edge_count };
  }
  throw new Error('the pack is empty');
}

const fixed = (number: number) => number.toFixed(1);
