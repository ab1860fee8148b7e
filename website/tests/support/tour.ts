import { basename, join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import type { Job } from '../../src/lib/api/client';
import { launch, READY } from './browser';
import { ChatServer } from './chat';
import { Doctown } from './doctown';
import { GitHub } from './github';
import { build, openSignedIn } from './people';
import { archiveInPart, goodFolder, mixedFolder } from './sources';

/** A page in one of its states: where it is, what shows that it is there, and what is done to it then. */
export interface Stop {
  name: string;
  path: string;
  sign: string;
  /** Who looks at the server with accounts; the server without them where it is left out. */
  who?: 'person' | 'nobody';
  act?: (page: Page) => Promise<void>;
}

export interface Tour {
  url: string;
  /** Where people have accounts. */
  accountsUrl: string | null;
  stops: Stop[];
  close: () => Promise<void>;
}

/** Starts a server, has jobs end in every way, and lists the pages of all of them; `sources` are built too. */
export async function startTour(
  program: string,
  examples: string | undefined,
  sources: readonly string[] = [resolve('src/lib')]
): Promise<Tour> {
  const chat = examples
    ? await ChatServer.start(join(resolve(examples), 'chat-server'), {
        sentence: 'Stands for what `{name}` is needed for.',
        other: '',
        every: 0
      })
    : null;
  const server = await Doctown.start(resolve(program), chat ? { DOCTOWN_LLM_BASE_URL: chat.url } : {});
  const embeddings = process.env.DOCTOWN_MODEL !== undefined;
  const made: [name: string, job: Job][] = [];
  const nameOf = (source: string) => (sources.length === 1 ? '' : `${basename(source)}, `);
  for (const source of sources)
    made.push([`${nameOf(source)}a finished job`, await ended(server, { repo_url: source, options: { embeddings } })]);
  made.push([
    'a job with files left out',
    await ended(server, { repo_url: mixedFolder('mixed'), options: { embeddings: false } })
  ]);
  made.push([
    'a failed job',
    await ended(server, { repo_url: archiveInPart('half').path, options: { embeddings: false } })
  ]);
  if (chat)
    made.push([
      'a job that waits',
      await ended(server, {
        repo_url: goodFolder('prose'),
        options: { embeddings: false, prose: { models: ['gpt-4o-mini'] } }
      })
    ]);
  const jobs = made.map(([name, job]): Stop => ({
    name,
    path: `/jobs/${job.job_id}`,
    sign: job.phase === 'awaiting_approval' ? '#estimate' : 'h2:has-text("Receipt")'
  }));
  const packs = sources.flatMap((source, n) =>
    stopsOfPack(nameOf(source) || 'explorer, ', `/packs/${made[n]![1].docpack_id!.replace('sha256:', '')}`, embeddings)
  );
  const people = examples ? await startPeople(program, resolve(examples)) : null;
  const close = async () => {
    await server.close();
    await chat?.close();
    await people?.close();
  };
  const stops = [...SITE, ...jobs, ...packs, ...(people?.stops ?? [])];
  return { url: server.url, accountsUrl: people?.url ?? null, stops, close };
}

const SITE: Stop[] = [
  { name: 'home', path: '/', sign: 'section[aria-labelledby=jobs] a' },
  {
    name: 'home, options open',
    path: '/',
    sign: 'section[aria-labelledby=jobs] a',
    act: (page) => page.locator('summary', { hasText: 'Options' }).click()
  },
  { name: 'open a file', path: '/open', sign: 'h1' },
  { name: 'an example', path: '/open?pack=/examples/flask.docpack', sign: READY },
  { name: 'an example that is not there', path: '/open?pack=/examples/none.docpack', sign: '[role=alert]' },
  { name: 'documentation', path: '/docs', sign: 'article h1' },
  { name: 'a page of the documentation', path: '/docs/explore', sign: 'article h1' },
  { name: 'documentation, wide tables', path: '/docs/truth', sign: 'article h1' },
  { name: 'error codes', path: '/docs/errors', sign: 'dl' },
  { name: 'an error code', path: '/docs/errors/repo_too_large', sign: 'h2' },
  { name: 'a page that is not there', path: '/docs/nothing-of-that-name', sign: 'h1' },
  { name: 'an address that is no page', path: '/nothing', sign: 'h1' },
  { name: 'a job that is not there', path: '/jobs/job-none', sign: '[role=alert]' },
  { name: 'a pack that is not there', path: `/packs/${'0'.repeat(64)}`, sign: '[role=alert]' }
];

const EVERYBODY = 'text=Everybody can read it';

/** Pages of a server with accounts. */
const PEOPLE: Stop[] = [
  { name: 'sign in', who: 'nobody', path: '/login', sign: 'a:has-text("Sign in with GitHub")' },
  { name: 'a failed sign-in', who: 'nobody', path: '/login?error=sign_in_failed', sign: '[role=alert]' },
  { name: 'home, signed out', who: 'nobody', path: '/', sign: 'section[aria-labelledby=commons] img' },
  { name: 'home, signed in', who: 'person', path: '/', sign: 'section[aria-labelledby=jobs] a' },
  { name: 'dashboard', who: 'person', path: '/dashboard', sign: 'a[aria-label^="Explore"]' },
  { name: 'library', who: 'person', path: '/library', sign: EVERYBODY },
  { name: 'library, nothing found', who: 'person', path: '/library?q=nothing-like-it', sign: 'text=Show all packs' },
  {
    name: 'library, sharing',
    who: 'person',
    path: '/library',
    sign: EVERYBODY,
    act: async (page) => {
      await page
        .getByRole('button', { name: /^Share / })
        .first()
        .click();
      await page.getByRole('button', { name: 'Create link' }).waitFor();
    }
  },
  {
    name: 'library, before a deletion',
    who: 'person',
    path: '/library',
    sign: EVERYBODY,
    act: (page) =>
      page
        .getByRole('button', { name: /^Delete / })
        .first()
        .click()
  },
  { name: 'commons', who: 'nobody', path: '/commons', sign: 'main img' },
  { name: 'commons, nothing found', who: 'nobody', path: '/commons?q=nothing-like-it', sign: 'text=Show all packs' },
  { name: 'an owner in the commons', who: 'nobody', path: '/commons/acme', sign: 'main img' },
  {
    name: 'a repository in the commons',
    who: 'person',
    path: '/commons/acme/greetings',
    sign: 'main img',
    act: (page) => page.getByText('Is this your repository?').click()
  },
  { name: 'settings', who: 'person', path: '/settings', sign: '#delete' },
  { name: 'device, typing a code', who: 'person', path: '/device', sign: 'input' },
  { name: 'device, a program that asks', who: 'person', path: '/device', sign: 'input', act: ask },
  { name: 'the menu of a person', who: 'person', path: '/library', sign: EVERYBODY, act: openMenu }
];

/** Begins to sign a program in, and types its code. */
async function ask(page: Page): Promise<void> {
  const asked = await page.request.post(`${new URL(page.url()).origin}/v1/devices`, {
    data: { client_name: 'doctown on my-laptop', scopes: ['jobs:read', 'jobs:write', 'packs:read'] }
  });
  const { user_code } = (await asked.json()) as { user_code: string };
  await page.getByLabel('Code').fill(user_code);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Approve' }).waitFor();
}

async function openMenu(page: Page): Promise<void> {
  await page.locator('header summary').filter({ visible: true }).first().click();
}

/** Starts a server with accounts: ada and grace have the pack of a repository, and are members of each other's team. */
async function startPeople(
  program: string,
  examples: string
): Promise<{ url: string; stops: Stop[]; close: () => Promise<void> }> {
  const github = await GitHub.start(join(examples, 'github-server'), 'ada');
  const server = await Doctown.start(resolve(program), (url) => github.environment(url));
  const browser = await launch();
  const signedIn = async (id: number, login: string) => {
    github.person = { id, login };
    const { page, context } = await openSignedIn(browser, server.url, '/dashboard');
    await build(page, server.url);
    await server.command('accounts', 'plan', login, 'team');
    return { page, context };
  };
  const add = async ({ page }: { page: Page }, login: string) => {
    await page.goto(`${server.url}/settings`);
    await page.getByLabel('Name at GitHub').fill(login);
    await page.getByRole('button', { name: 'Add member' }).click();
    await page.getByRole('button', { name: `Remove ${login}` }).waitFor();
  };
  const grace = await signedIn(8, 'grace');
  const ada = await signedIn(7, 'ada');
  await add(ada, 'grace');
  await add(grace, 'ada');
  const { account } = (await (await grace.context.request.get(`${server.url}/v1/me`)).json()) as { account: string };
  await browser.close();
  const close = async () => {
    await server.close();
    await github.close();
  };
  return { url: server.url, stops: [...PEOPLE, ...stopsOfTeam(account)], close };
}

/** Pages of somebody else's account. */
function stopsOfTeam(account: string): Stop[] {
  const query = `?account=${account}`;
  return [
    { name: 'dashboard of a team', who: 'person', path: `/dashboard${query}`, sign: 'a[aria-label^="Explore"]' },
    { name: 'library of a team', who: 'person', path: `/library${query}`, sign: EVERYBODY },
    { name: 'dashboard of a strange account', who: 'person', path: '/dashboard?account=none', sign: '[role=alert]' }
  ];
}

function stopsOfPack(of: string, path: string, hasVectors: boolean): Stop[] {
  const views = ['guide', 'map', 'symbols', 'files', 'quality', 'pack'].map((view): Stop => ({
    name: `${of}${view}`,
    path: `${path}?view=${view}`,
    sign: READY
  }));
  const chosen = async (page: Page) => {
    await page.locator('ul[aria-label^=Symbols] a').first().click();
    await page.locator('aside[aria-label=Symbol] h2').waitFor();
    const similar = page.locator('section[aria-label="Similar symbols"]');
    if (hasVectors) await similar.getByRole('button', { name: 'Find similar symbols' }).click();
    await (
      hasVectors ? similar.locator('li a').first() : similar.locator('p', { hasText: 'built without embeddings' })
    ).waitFor();
  };
  const searched = async (page: Page) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('parse');
    await page.locator('#hits[data-query=parse]').waitFor();
  };
  const ofCluster = async (page: Page) => {
    await page.locator('summary', { hasText: 'Clusters by meaning' }).click();
    await page.locator('ul[aria-label=Clusters] button').first().click();
    await page.locator('section[aria-labelledby=cluster]').waitFor();
  };
  const ofPart = async (page: Page) => {
    await page.locator('main a[href*="part="]').first().click();
    await page.locator('nav[aria-label="Opened part"] li').nth(1).waitFor();
  };
  const notGot = async (page: Page) => {
    const told = {
      code: 'store_unavailable',
      title: 'the store gives no answer',
      detail: 'an entry of the pack was not read in time',
      help: 'try again in a minute',
      status: 500
    };
    await page.route('**/entries/graph.json', (route) =>
      route.fulfill({
        status: 500,
        headers: { 'content-type': 'application/problem+json' },
        body: JSON.stringify(told)
      })
    );
    await page.reload();
    await page.locator('[role=alert]').waitFor();
    await page.unroute('**/entries/graph.json');
  };
  const impact = async (page: Page) => {
    await chosen(page);
    await page.getByRole('link', { name: 'Impact and paths' }).click();
    await page.locator('section[aria-labelledby=around]').waitFor();
  };
  const flow = async (page: Page) => {
    await page.locator('section[aria-labelledby=guide-flows] a').first().click();
    await page.locator('[data-chapter^=flow]').first().waitFor();
  };
  const file = async (page: Page) => {
    const files = page.locator('ul[aria-label=Files] button:not([aria-expanded])');
    while ((await files.count()) === 0)
      await page.locator('ul[aria-label=Files] button[aria-expanded=false]').first().click();
    await files.first().click();
    await page.locator('section[aria-label=File] :is(h1, h2)').waitFor();
  };
  const shared = async (page: Page) => {
    await page.locator('summary', { hasText: 'Share' }).click();
  };
  return [
    ...views,
    { name: `${of}a flow of the guide`, path, sign: READY, act: flow },
    { name: `${of}a file`, path: `${path}?view=files`, sign: READY, act: file },
    { name: `${of}impact of a symbol`, path: `${path}?view=symbols&kind=function.method`, sign: READY, act: impact },
    { name: `${of}an answer`, path: `${path}?view=ask&q=How+is+a+header+read`, sign: 'main h2' },
    { name: `${of}share`, path, sign: READY, act: shared },
    { name: `${of}a part`, path: `${path}?view=map`, sign: READY, act: ofPart },
    { name: `${of}a cluster`, path: `${path}?view=map`, sign: READY, act: ofCluster },
    { name: `${of}not got`, path, sign: READY, act: notGot },
    { name: `${of}a symbol`, path: `${path}?view=symbols&kind=function.method`, sign: READY, act: chosen },
    { name: `${of}search`, path, sign: READY, act: searched }
  ];
}

/** Goes to a stop and waits until it is all there. */
export async function visit(page: Page, tour: Tour, { who, path, sign, act }: Stop): Promise<void> {
  const url = who ? tour.accountsUrl! : tour.url;
  if (who === 'nobody') await page.context().clearCookies();
  // Signed in already where a cookie is there.
  const isOut = who === 'person' && (await page.context().cookies(url)).length === 0;
  await page.goto(isOut ? `${url}/v1/sign-in?return_to=${encodeURIComponent(path)}` : url + path);
  await page.locator(sign).first().waitFor();
  await act?.(page);
  await page.waitForTimeout(250);
}

async function ended(server: Doctown, order: object): Promise<Job> {
  const answer = await fetch(`${server.url}/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order)
  });
  if (answer.status !== 202) throw new Error(`an order was answered with ${answer.status}: ${await answer.text()}`);
  const { job } = (await answer.json()) as { job: { job_id: string } };
  for (;;) {
    const found = await server.json<Job>(`/v1/jobs/${job.job_id}`);
    if (found.is_over || found.phase === 'awaiting_approval') return found;
    await new Promise((done) => setTimeout(done, 300));
  }
}
