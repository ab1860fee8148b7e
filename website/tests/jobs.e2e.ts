import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Job } from '../src/lib/api/client';
import type { Quality } from '../src/lib/docpack/records';
import { usd } from '../src/lib/ui/measure';
import { expectAccessible } from './support/axe';
import { launch, openPage, READY } from './support/browser';
import { ChatServer } from './support/chat';
import { Doctown } from './support/doctown';
import { refuseStreams } from './support/proxy';
import { archiveInPart, goodFolder, mixedFolder } from './support/sources';
import { findFile, openView } from './support/views';

const examples = process.env.DOCTOWN_EXAMPLES;
const MODEL = 'gpt-4o-mini';
// True of every symbol, so the check lets it pass; the other names what does not exist, so the check refuses it.
const SAID = {
  sentence: 'Stands for what `{name}` is needed for.',
  other: 'Does what `{name}` does, as `NobodyKnowsThis` says.',
  every: 4
};
let browser: Browser;
let chat: ChatServer | null = null;
let server: Doctown;

beforeAll(async () => {
  const program = process.env.DOCTOWN_PROGRAM;
  if (!program) throw new Error('set DOCTOWN_PROGRAM to a doctown program: jobs of these tests are real');
  if (!existsSync('build/200.html')) throw new Error('run `npm run build` first');
  if (examples) chat = await ChatServer.start(join(resolve(examples), 'chat-server'), SAID);
  server = await Doctown.start(resolve(program), chat ? { DOCTOWN_LLM_BASE_URL: chat.url } : {});
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await chat?.close();
});

interface Wish {
  model?: string;
  vectors?: boolean;
}

/** Orders a job on the page that is open; gives its id. */
async function order(page: Page, address: string, { model = '', vectors = false }: Wish = {}): Promise<string> {
  await page.locator('#address').fill(address);
  await page.locator('summary', { hasText: 'Options' }).click();
  if (!vectors) await page.getByLabel('Embeddings').uncheck();
  if (model) await page.getByLabel('Language model for summaries').fill(model);
  await page.getByRole('button', { name: 'Build', exact: true }).click();
  await page.waitForURL(/\/jobs\/job-/);
  return idOf(page);
}

const idOf = (page: Page) => new URL(page.url()).pathname.split('/').at(-1)!;
const jobOf = (id: string) => server.json<Job>(`/v1/jobs/${id}`);
const isOver = (page: Page, how: string) => page.locator('h1 + p', { hasText: how }).waitFor();
const receipt = (page: Page) => page.locator('section[aria-labelledby=receipt]');

test('what was left out and what was read in part is said by file, on the page and in the pack', async () => {
  const { page, complaints, context } = await openPage(browser, server.url);
  const job = await order(page, mixedFolder('mixed'));
  await isOver(page, 'completed');
  const left = page.locator('section[aria-labelledby=skipped]');
  for (const [reason, file] of [
    ['binary', 'src/blob.py'],
    ['too large', 'src/table.py'],
    ['lock file', 'package-lock.json'],
    ['ignored directory', 'node_modules/']
  ] as const) {
    await left.locator('summary', { hasText: reason }).click();
    await left.locator('details[open] li', { hasText: file }).waitFor();
  }
  // `broken.py` of the folder has both places, the first in the head of its second function.
  const { statistics } = await jobOf(job);
  expect([statistics.files_with_errors, statistics.parse_errors, statistics.files_partly_read]).toEqual([1, 2, 1]);
  const told = '2 places, the first on line 5';
  await page
    .locator('section[aria-labelledby=stumbles]', { hasText: '2 places in 1 file could not be parsed' })
    .locator('li', { hasText: /^src\/broken\.py/ })
    .filter({ hasText: told })
    .waitFor();
  await page.getByRole('button', { name: 'Log', exact: true }).click();
  await page.locator('ol[aria-label^=Events] li', { hasText: `src/broken.py partly read: ${told}` }).waitFor();
  await expectAccessible(page, 'job with files left out');

  await page.getByRole('link', { name: 'Explore' }).click();
  await page.locator(READY).waitFor();
  await openView(page, 'files');
  expect(await (await findFile(page, 'src/broken.py')).innerText()).toContain(told);
  await page.locator('nav[aria-label=Views] a', { hasText: 'Quality' }).click();
  const listed = page.locator('section[aria-labelledby=partly] li', { hasText: told });
  await expectAccessible(page, 'quality with a file read in part');
  await listed.getByRole('button', { name: 'src/broken.py' }).click();
  await page.locator('section[aria-label=Symbols] p', { hasText: `Partly read ${told}` }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('a job that fails says why and what to do, and made once more it succeeds', async () => {
  const { page, complaints, context } = await openPage(browser, server.url);
  const archive = archiveInPart('half');
  const first = await order(page, archive.path);
  await isOver(page, 'failed');
  const alert = page.locator('[role=alert]', { hasText: 'The archive is damaged' });
  await alert.locator('text=What to do: download or pack the archive again.').waitFor();
  expect(await alert.locator('a').innerText()).toBe('archive_malformed');
  await page.getByRole('button', { name: 'Log', exact: true }).click();
  await page.locator('ol[aria-label^=Events] li', { hasText: 'Failed after' }).waitFor();
  await expectAccessible(page, 'failed job');
  archive.mend();
  await page.getByRole('button', { name: 'Run again' }).click();
  await page.waitForURL((url) => url.pathname.startsWith('/jobs/') && !url.pathname.endsWith(first));
  await isOver(page, 'completed');
  expect((await jobOf(idOf(page))).parent_job_id).toBe(first);
  await page.getByRole('link', { name: 'previous run' }).click();
  await isOver(page, 'failed');
  expect(complaints).toEqual([]);
  await context.close();
});

describe.skipIf(!examples)('with a language model (DOCTOWN_EXAMPLES names the folder of its scripted server)', () => {
  test('a job waits for its estimate to be approved; the pack has checked summaries, the receipt what they cost', async () => {
    const { page, complaints, context } = await openPage(browser, server.url);
    const id = await order(page, goodFolder('prose'), { model: MODEL });
    const estimate = page.locator('section[aria-labelledby=estimate]', {
      hasText: 'Approve the cost of the summaries'
    });
    await estimate.waitFor();
    const asked = (await jobOf(id)).estimate!;
    expect(asked.error_micro_usd).toBeGreaterThan(0);
    await estimate.locator(`text=About ${usd(asked.expected_micro_usd)} (± ${usd(asked.error_micro_usd)})`).waitFor();
    await estimate.getByRole('img', { name: /^From \$.+ to \$.+ expected, \$.+ at most$/ }).waitFor();
    expect(await receipt(page).count()).toBe(0);
    await expectAccessible(page, 'job that waits');
    await estimate.getByRole('button', { name: 'Approve' }).click();
    await isOver(page, 'completed');
    const { cost, docpack_id } = await jobOf(id);
    expect(cost!.tokens_micro_usd).toBeGreaterThan(0);
    await receipt(page)
      .locator('dd', { hasText: `tokens, ${usd(cost!.tokens_micro_usd)}` })
      .waitFor();
    await receipt(page)
      .locator('dd', { hasText: `${usd(asked.expected_micro_usd)} ± ${usd(asked.error_micro_usd)}` })
      .waitFor();

    const { summaries } = await server.json<Quality>(`/v1/docpacks/${docpack_id}/entries/quality.json`);
    expect(summaries.model).toBeGreaterThan(0);
    await page.getByRole('link', { name: 'Explore' }).click();
    await page.locator(READY).waitFor();
    await page.locator('nav[aria-label=Views] a', { hasText: 'Quality' }).click();
    await page.locator('li', { hasText: `${summaries.model} by a language model` }).waitFor();
    const written = await summariesBy(page, 'language model');
    expect(written.size).toBe(summaries.model);
    // A symbol whose statements the model did not choose from keeps the model's own sentence. Which symbols
    // these are depends on the order of the requests, because the server lies in every fourth answer; the
    // constructor calls nothing, so it has no statement to choose and is always one of them.
    const own = new Map([...written].filter(([, text]) => text.includes('not checked')));
    expect(own.get('__init__')).toMatch(/^Stands for what text\.Counter\.__init__ is needed for\.\n/);
    for (const [name, text] of own) expect(text, name).toMatch(/^Stands for what text\./);
    const chosen = [...written.values()].filter((text) => text.includes('each checked against the code'));
    expect(chosen).toHaveLength(summaries.model - own.size);
    expect(chosen.filter((text) => text.includes('Stands for'))).toEqual([]);
    expect([...written.values()].filter((text) => text.includes('NobodyKnowsThis'))).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a job is cancelled instead of approved, and spends nothing', async () => {
    const { page, complaints, context } = await openPage(browser, server.url);
    const id = await order(page, goodFolder('cancelled'), { model: MODEL });
    await page.getByRole('button', { name: 'Cancel the job' }).click();
    await isOver(page, 'cancelled');
    await page.getByRole('button', { name: 'Log', exact: true }).click();
    await page.locator('ol[aria-label^=Events] li', { hasText: 'Cancelled after' }).waitFor();
    await receipt(page).locator('text=Not billable').waitFor();
    expect((await jobOf(id)).cost!.tokens_micro_usd).toBe(0);
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a limit that is too low gives a partial pack, which says what is missing', async () => {
    const { page, complaints, context } = await openPage(browser, server.url);
    await order(page, goodFolder('partial'), { model: MODEL });
    await page.getByLabel('Spend at most').fill('0.000001');
    await page.getByRole('button', { name: 'Approve' }).click();
    await isOver(page, 'incomplete');
    const missing = page.locator('div', { has: page.locator('h2', { hasText: 'Missing parts' }) }).last();
    await missing.locator('li', { hasText: 'generate' }).first().waitFor();
    await expectAccessible(page, 'partial job');
    await missing.getByRole('link', { name: 'budget exceeded' }).first().click();
    await page.locator('h2', { hasText: 'What to do' }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Explore' }).click();
    await page.locator('nav[aria-label=Views] a', { hasText: 'Quality' }).click();
    await page.locator('h2', { hasText: 'Missing from this pack' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('where a proxy refuses streams, the page asks for the events and misses none', async () => {
    const proxy = await refuseStreams(server.url);
    const { page, context } = await openPage(browser, proxy.url);
    const id = await order(page, goodFolder('polled'), { model: MODEL });
    await page.locator('section[aria-labelledby=events] [role=status]', { hasText: 'checking every 2 s' }).waitFor();
    expect(proxy.refused()).toBeGreaterThanOrEqual(3);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.locator('section[aria-labelledby=events] [role=status]', { hasText: 'complete' }).waitFor();
    const { events } = await server.json<{ events: unknown[] }>(`/v1/jobs/${id}/events?limit=1000`);
    await page.locator(`[data-events="${events.length}"]`).waitFor();
    await isOver(page, 'completed');
    await context.close();
    await proxy.close();
  });
});

/** Opens each symbol of the pack's one file, and gives the summaries with a verdict by the symbol's name. */
async function summariesBy(page: Page, verdict: string): Promise<Map<string, string>> {
  await page.locator('nav[aria-label=Views] a', { hasText: 'Symbols' }).click();
  const rows = page.locator('ul[aria-label^=Symbols] a');
  await rows.first().waitFor();
  const texts = new Map<string, string>();
  for (let at = 0; at < (await rows.count()); at++) {
    await rows.nth(at).click();
    const id = (await rows.nth(at).getAttribute('href'))!.match(/symbol=(sym_\w+)/)![1]!;
    await page.waitForURL((url) => url.search.includes(id));
    // The address changes before the panel does.
    const name = await rows.nth(at).locator('.font-medium').innerText();
    const panel = page.locator('aside[aria-label=Symbol]', {
      has: page.getByRole('heading', { name, exact: true, level: 2 })
    });
    const summary = panel.locator('section[aria-label=Summary]');
    await summary.waitFor();
    texts.set(name, await summary.innerText());
  }
  return new Map([...texts].filter(([, text]) => text.toLowerCase().includes(verdict)));
}

test.skipIf(!process.env.DOCTOWN_MODEL)(
  'a pack with vectors is searched by meaning, and finds what is similar (DOCTOWN_MODEL)',
  async () => {
    const { page, complaints, context } = await openPage(browser, server.url);
    await order(page, resolve('src/lib/docpack'), { vectors: true });
    await isOver(page, 'completed');
    await page.getByRole('link', { name: 'Explore' }).click();
    await page.locator(READY).waitFor();
    await page.keyboard.press('Control+k');
    // No symbol has all of these words; what inflates gzip is near to them in meaning.
    await page.keyboard.type('decompress an archive');
    const hits = page.locator('#hits[data-query="decompress an archive"][data-ranked=meaning] [role=option]');
    await hits.first().waitFor();
    expect((await hits.allInnerTexts()).slice(0, 10).join('\n')).toMatch(/gunzip|inflate|untar|gzip/i);
    await page.keyboard.press('Enter');
    const panel = page.locator('aside[aria-label=Symbol]');
    await panel.getByRole('button', { name: 'Find similar symbols' }).click();
    const similar = panel.locator('section[aria-label="Similar symbols"]', { hasText: 'by meaning' });
    await similar.locator('li a').first().waitFor();
    const found = new URL((await similar.locator('li a').first().getAttribute('href'))!, server.url).searchParams.get(
      'symbol'
    )!;
    await similar.locator('li a').first().click();
    await page.waitForURL((url) => url.searchParams.get('symbol') === found);
    await panel.getByRole('button', { name: 'Find similar symbols' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }
);
