import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Schemas } from '../src/lib/api/client';
import { launch, READY } from '../tests/support/browser';

/** What scripts/service-demo started, and where. */
interface Settings {
  url: string;
  login: string;
  /** The command line program. */
  doctown: string;
  /** A folder for what the commands write. */
  scratch: string;
  /** What commands of the service's operator are told, and commands of a user. */
  operator: Record<string, string>;
  user: Record<string, string>;
  screenshots: string | null;
}

const WIDE = { width: 1280, height: 860 };
const STEP_MS = 30_000;
/** Doctown's own repository, at the GitHub of this demo. */
const OWN = 'doctown/doctown';
const run = promisify(execFile);

/** Tells the script that started this of a step, as one line of JSON. */
const tell = (told: object) => process.stdout.write(`${JSON.stringify(told)}\n`);

interface Check {
  status: string;
  conclusion: string;
  details_url?: string;
  output: { title: string; summary: string };
}

class Story {
  private nShots = 0;
  private readonly answers: Interface = createInterface(process.stdin);
  private readonly waiting: ((line: string) => void)[] = [];
  private readonly complaints: string[] = [];
  private readonly browser: Browser;
  private readonly settings: Settings;

  constructor(browser: Browser, settings: Settings) {
    this.browser = browser;
    this.settings = settings;
    this.answers.on('line', (line) => this.waiting.shift()?.(line));
  }

  /** Waits for a line of the script that started this. */
  answer(): Promise<string> {
    return new Promise((goOn) => this.waiting.push(goOn));
  }

  /** Has the script do something at GitHub or look into the bucket; returns what came of it. */
  async ask<T>(asked: object): Promise<T> {
    const answer = this.answer();
    tell({ ask: asked });
    return JSON.parse(await answer) as T;
  }

  close(): void {
    this.answers.close();
    process.stdin.destroy();
  }

  /** Runs a step; what it returns is shown beside its time. */
  async step(name: string, act: () => Promise<string>): Promise<void> {
    const startedAt = performance.now();
    const seconds = () => (performance.now() - startedAt) / 1000;
    try {
      const shown = await act();
      const heard = this.complaints.splice(0);
      if (heard.length > 0) throw new Error(`the browser complains: ${heard.join('; ')}`);
      tell({ step: name, holds: true, seconds: seconds(), shown });
    } catch (error) {
      tell({ step: name, holds: false, seconds: seconds(), shown: String(error) });
      throw error;
    }
  }

  /** Opens a window with cookies of its own. */
  async window(): Promise<{ page: Page; context: BrowserContext }> {
    const context = await this.browser.newContext({ viewport: WIDE, reducedMotion: 'reduce', acceptDownloads: true });
    context.setDefaultTimeout(STEP_MS);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // What is not there, or is refused, is asked for on purpose; the browser says so.
      const isExpected = /status of (401|404)|GL Driver Message/.test(message.text());
      if (message.type() === 'error' && !isExpected) this.complaints.push(message.text());
    });
    return { page, context };
  }

  async shoot(page: Page, name: string): Promise<void> {
    this.nShots += 1;
    if (!this.settings.screenshots) return;
    const file = `${String(this.nShots).padStart(2, '0')}-${name}.png`;
    const shoot = () => page.screenshot({ path: join(this.settings.screenshots!, file) });
    // Chromium now and then refuses while a page's first frame is drawn.
    await shoot().catch(async () => (await page.waitForTimeout(500), shoot()));
  }

  /** Runs a command as the operator or as a user; returns what it prints. */
  async doctown(who: 'operator' | 'user', ...args: string[]): Promise<string> {
    return this.command(who, null, args);
  }

  async command(who: 'operator' | 'user', input: string | null, args: string[]): Promise<string> {
    const { doctown, scratch } = this.settings;
    const running = run(doctown, args, { env: this.settings[who], cwd: scratch, timeout: STEP_MS });
    running.child.stdin!.end(input ?? '');
    return (await running).stdout.trim();
  }
}

function expectText(found: string, wanted: string | RegExp): void {
  const holds = typeof wanted === 'string' ? found.includes(wanted) : wanted.test(found);
  if (!holds) throw new Error(`expected ${wanted} in: ${found.slice(0, 400)}`);
}

/** Waits until something holds. */
async function until(what: string, holds: () => Promise<boolean>, within = 60_000): Promise<void> {
  const end = performance.now() + within;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${within / 1000} s for ${what}`);
    await new Promise((goOn) => setTimeout(goOn, 200));
  }
}

/** Goes through the service as people do: [SETTINGS.json]. */
export async function main([file]: string[]): Promise<void> {
  const settings = JSON.parse(await readFile(file!, 'utf8')) as Settings;
  if (settings.screenshots) await mkdir(settings.screenshots, { recursive: true });
  const browser = await launch();
  const story = new Story(browser, settings);
  try {
    await tour(story, settings);
  } catch {
    // The step has told why.
    process.exitCode = 1;
  } finally {
    story.close();
    await browser.close();
  }
}

async function tour(story: Story, { url, login, scratch }: Settings): Promise<void> {
  const { page } = await story.window();
  const stranger = await story.window();
  const pack = (name: string) => page.getByRole('listitem').filter({ hasText: name });
  let greetings = '';
  let secret = '';
  let key = '';

  /** Orders a pack on the dashboard and watches the job to its end; returns the address of the pack. */
  async function build(name: string, shot: string): Promise<string> {
    await page.goto(`${url}/dashboard`);
    await page.getByLabel('Repository', { exact: true }).fill(`acme/${name}`);
    await story.shoot(page, `order-${shot}`);
    await page.getByRole('button', { name: 'Build', exact: true }).click();
    await page.waitForURL(/\/jobs\/job-/);
    await page.getByText('Loading the job').waitFor({ state: 'hidden' });
    await story.shoot(page, `watch-${shot}`);
    await page.getByRole('heading', { name: 'Receipt' }).waitFor();
    await story.shoot(page, `receipt-${shot}`);
    await page.goto(`${url}/library`);
    const link = page.getByRole('link', { name: `acme/${name}`, exact: true });
    return new URL((await link.getAttribute('href'))!, url).href;
  }

  const readersOf = (name: string) => pack(`acme/${name}`).getByLabel(`Who can read acme/${name}`);

  async function setReaders(name: string, word: string): Promise<void> {
    const isChange = (path: string, method: string) => path.endsWith('/sharing') && method !== 'GET';
    const changed = page.waitForResponse((it) => isChange(new URL(it.url()).pathname, it.request().method()));
    await readersOf(name).selectOption(word);
    if (!(await changed).ok()) throw new Error(`readers of acme/${name} were not changed to ${word}`);
  }

  async function expectReaders(name: string, word: string): Promise<void> {
    const found = await readersOf(name).inputValue();
    if (found !== word) throw new Error(`acme/${name} is ${found}, expected ${word}`);
  }

  /** Opens an address in the private window, and waits for what it must show. */
  async function strangerSees(address: string, what: 'pack' | 'nothing'): Promise<void> {
    await stranger.page.goto(address);
    if (what === 'pack') await stranger.page.locator(READY).waitFor();
    else await stranger.page.getByText('Pack not found').waitFor();
  }

  await story.step('sign in with GitHub', async () => {
    await page.goto(url);
    await story.shoot(page, 'home');
    await page.getByRole('link', { name: 'Sign in', exact: true }).first().click();
    await story.shoot(page, 'sign-in');
    await page.getByRole('link', { name: 'Sign in with GitHub' }).click();
    await page.waitForURL(`${url}/dashboard`);
    await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor();
    await story.shoot(page, 'dashboard');
    const cookies = (await page.context().cookies()).filter(({ name }) => name === '__Host-doctown');
    if (cookies.length !== 1 || !cookies[0]!.secure || !cookies[0]!.httpOnly)
      throw new Error('the session is not in a secure cookie that scripts cannot read');
    const me = await page.evaluate(async () => (await fetch('/v1/me')).json());
    tell({ account: me.account });
    return `${me.login}, ${me.account}, plan ${me.plan}`;
  });

  await story.step('order a pack and watch it', async () => {
    greetings = await build('greetings', 'public');
    return greetings.replace(url, '');
  });

  await story.step('explore the pack', async () => {
    await page.goto(greetings);
    await page.locator(READY).waitFor();
    await story.shoot(page, 'explore');
    return await page.title();
  });

  await story.step('find it in the library', async () => {
    await page.goto(`${url}/library`);
    await expectReaders('greetings', 'public');
    await story.shoot(page, 'library');
    return 'acme/greetings, public';
  });

  await story.step('anybody finds it in the commons', async () => {
    await stranger.page.goto(`${url}/commons`);
    await stranger.page.getByRole('link', { name: 'All packs of acme/greetings' }).waitFor();
    await story.shoot(stranger.page, 'commons');
    await strangerSees(greetings, 'pack');
    return 'opened without an account';
  });

  await story.step('a link opens an unlisted pack', async () => {
    await setReaders('greetings', 'unlisted');
    await pack('acme/greetings').getByRole('button', { name: 'Share acme/greetings' }).click();
    await pack('acme/greetings').getByRole('button', { name: 'Create link' }).click();
    const link = (await pack('acme/greetings').getByTestId('link').textContent())!;
    await story.shoot(page, 'share');
    await strangerSees(greetings, 'nothing');
    await strangerSees(link, 'pack');
    await story.shoot(stranger.page, 'by-link');
    await pack('acme/greetings').getByRole('button', { name: 'Revoke' }).click();
    await pack('acme/greetings').getByRole('button', { name: 'Revoke' }).waitFor({ state: 'hidden' });
    await strangerSees(link, 'nothing');
    return 'opened with it; not without it, and not once it was revoked';
  });

  await story.step('make it public again', async () => {
    await setReaders('greetings', 'public');
    await strangerSees(greetings, 'pack');
    return 'opened without a link';
  });

  await story.step('make an API key', async () => {
    await page.goto(`${url}/settings`);
    await page.getByLabel('Name', { exact: true }).fill('terminal');
    await page.getByRole('button', { name: 'Create key' }).click();
    key = (await page.getByTestId('key').textContent())!;
    await story.shoot(page, 'key');
    return `${key.slice(0, 12)}…`;
  });

  await story.step('doctown login --with-key', async () => {
    const told = await story.command('user', `${key}\n`, ['login', '--with-key', '--server', url]);
    expectText(told, `as ${login}`);
    return told;
  });

  await story.step('doctown whoami', async () => {
    const told = await story.doctown('user', 'whoami');
    expectText(told, login);
    return told.split('\n')[0]!;
  });

  await story.step('doctown library', async () => {
    const told = await story.doctown('user', 'library');
    expectText(told, 'greetings');
    return told.split('\n').at(-1)!;
  });

  await story.step('doctown pull and verify', async () => {
    await story.doctown('user', 'pull', 'acme/greetings', '-o', join(scratch, 'greetings.docpack'));
    return (await story.doctown('user', 'verify', join(scratch, 'greetings.docpack'))).split('\n').at(-1)!;
  });

  await story.step('pay for a plan at Stripe', async () => {
    await page.goto(`${url}/settings`);
    await page.getByText('You have the free plan.').waitFor();
    await story.shoot(page, 'plans');
    await page.getByRole('button', { name: 'Choose creator' }).click();
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    await page.waitForURL(`${url}/settings?billing=done`);
    await page.getByText('You have the creator plan. It renews on').waitFor();
    await page.getByRole('heading', { name: 'Private repositories' }).waitFor();
    await page.getByText('Connected.').waitFor();
    await story.shoot(page, 'settings');
    return 'from free to creator';
  });

  await story.step('order a pack of a private repository', async () => {
    secret = await build('secret', 'private');
    await expectReaders('secret', 'private');
    await story.shoot(page, 'library-private');
    return secret.replace(url, '');
  });

  await story.step('nobody else can read that pack', async () => {
    await strangerSees(secret, 'nothing');
    await story.shoot(stranger.page, 'not-found');
    const id = new URL(secret).pathname.split('/').at(-1)!;
    const answers = await stranger.page.evaluate(
      async (paths) => Promise.all(paths.map(async (path) => (await fetch(path)).status)),
      ['', '/download', '/entries/nodes.json', '/search?q=vault'].map((end) => `/v1/docpacks/${id}${end}`)
    );
    if (answers.some((status) => status < 400)) throw new Error(`a stranger is answered ${answers.join(', ')}`);
    await story.doctown('user', 'pull', 'acme/secret', '-o', join(scratch, 'secret.docpack'));
    await story.doctown('user', 'verify', join(scratch, 'secret.docpack'));
    return `answered ${[...new Set(answers)].join(' or ')}; its owner pulled and verified it`;
  });

  await story.step('install the GitHub App', async () => {
    const { status } = await story.ask<{ status: number }>({
      do: 'install',
      repositories: ['acme/greetings', OWN]
    });
    if (status !== 202) throw new Error(`the delivery is answered ${status}`);
    await until('the repository to be built', async () => {
      await page.goto(`${url}/settings`);
      const section = page.getByRole('region', { name: 'Built at every push' });
      await section.getByText('acme/greetings').first().waitFor();
      return (await section.getByRole('link', { name: /^[0-9a-f]{7}$/ }).count()) > 0;
    });
    await page.locator('#repositories').scrollIntoViewIfNeeded();
    await story.shoot(page, 'repositories');
    return 'acme/greetings is built at every push';
  });

  let pushed = '';
  await story.step('push, and get a check run', async () => {
    const startedAt = performance.now();
    const { commit } = await story.ask<{ commit: string }>({ do: 'push' });
    let check: Check | undefined;
    await until('a check run', async () => {
      ({
        checks: [check]
      } = await story.ask<{ checks: Check[] }>({ do: 'checks', commit }));
      return check?.status === 'completed';
    });
    if (check!.conclusion !== 'neutral') throw new Error(`the check concludes ${check!.conclusion}`);
    expectText(check!.output.summary, 'greet_');
    pushed = check!.details_url!;
    return `${((performance.now() - startedAt) / 1000).toFixed(1)} s after the push: ${check!.output.title}`;
  });

  await story.step('open the pack of the push', async () => {
    await page.goto(pushed);
    await page.locator(READY).waitFor();
    await story.shoot(page, 'pushed');
    await page.goto(`${url}/library`);
    await page.getByRole('link', { name: 'acme/greetings', exact: true }).first().waitFor();
    await story.shoot(page, 'library-pushed');
    return pushed.replace(url, '');
  });

  // Doctown documents itself: the seven steps of a push.
  let own: { status: number; commit: string };
  let job = '';
  let docpack = '';
  await story.step('1. a push to Doctown itself is received', async () => {
    own = await story.ask({ do: 'push', repository: OWN });
    if (own.status !== 202) throw new Error(`the delivery is answered ${own.status}`);
    return `commit ${own.commit.slice(0, 7)}, answered ${own.status}`;
  });

  const get = <T>(path: string) => page.evaluate(async (it) => (await fetch(it)).json(), path) as Promise<T>;

  await story.step('2. a job is made of it', async () => {
    await until('the job', async () => {
      const { items } = await get<Schemas['PageOfJobSummary']>('/v1/jobs?limit=100');
      job = items.find(({ name }) => OWN.endsWith(`/${name}`))?.job_id ?? '';
      return job !== '';
    });
    return job;
  });

  let finished: Schemas['Job'];
  await story.step('3. a worker reads the repository', async () => {
    let n_files = 0;
    await until('the files', async () => {
      const { statistics } = await get<Schemas['Job']>(`/v1/jobs/${job}`);
      n_files = statistics.files;
      return n_files > 0;
    });
    return `${n_files} files`;
  });

  await story.step('4. its code is parsed and resolved', async () => {
    await until(
      'the end of the job',
      async () => {
        finished = await get<Schemas['Job']>(`/v1/jobs/${job}`);
        return ['completed', 'partial', 'failed', 'cancelled'].includes(finished.phase);
      },
      300_000
    );
    if (finished.phase !== 'completed') throw new Error(`the job is ${finished.phase}`);
    const { symbols, languages } = finished.statistics;
    return `${symbols} symbols in ${Object.keys(languages).join(', ')}`;
  });

  await story.step('5. its docpack verifies', async () => {
    docpack = finished.docpack_id!;
    await story.doctown('user', 'pull', OWN, '-o', join(scratch, 'doctown.docpack'));
    return (await story.doctown('user', 'verify', join(scratch, 'doctown.docpack'))).split('\n').at(-1)!;
  });

  await story.step('6. the docpack is in the bucket', async () => {
    const { keys } = await story.ask<{ keys: string[] }>({ do: 'stored', docpack });
    if (keys.length === 0) throw new Error(`no object is named after ${docpack}`);
    return keys[0]!;
  });

  await story.step('7. it is in the commons', async () => {
    await until('the commons to list it', async () => {
      await stranger.page.goto(`${url}/commons`);
      await stranger.page.waitForTimeout(500);
      return (await stranger.page.getByRole('link', { name: `All packs of ${OWN}` }).count()) > 0;
    });
    await strangerSees(`${url}/packs/${docpack.replace('sha256:', '')}`, 'pack');
    await story.shoot(stranger.page, 'itself');
    const { other } = await story.ask<{ other: string[] }>({ do: 'requests' });
    if (other.length > 0) throw new Error(`the repository was written to: ${other.join(', ')}`);
    return 'opened without an account; nothing was written to the repository';
  });

  await story.step('read the bill', async () => {
    await page.goto(`${url}/settings`);
    const used = await page.getByText(/You have used \d+ of 100 jobs this month\./).textContent();
    await page
      .getByRole('link', { name: /^View invoice/ })
      .first()
      .waitFor();
    await story.shoot(page, 'bill');
    return used!.trim();
  });

  await story.step('withdraw the public repository', async () => {
    await page.goto(`${url}/commons/acme/greetings`);
    await page.getByText('Is this your repository?').click();
    await story.shoot(page, 'withdraw');
    await page.getByRole('button', { name: 'Withdraw this repository' }).click();
    await page.getByRole('heading', { name: 'This repository is withdrawn' }).waitFor();
    await story.shoot(page, 'withdrawn');
    await strangerSees(greetings, 'nothing');
    await stranger.page.goto(`${url}/commons`);
    const listed = (name: string) => stranger.page.getByRole('link', { name: `All packs of ${name}` });
    await listed(OWN).first().waitFor();
    if ((await listed('acme/greetings').count()) > 0) throw new Error('it is still in the commons');
    return 'gone from the commons, and nobody can open it';
  });

  await story.step('the operator backs up the accounts', async () => {
    const told = await story.doctown('operator', 'accounts', 'backup', join(scratch, 'accounts.jsonl'));
    expectText(await readFile(join(scratch, 'accounts.jsonl'), 'utf8'), login);
    return told;
  });

  // The script looks at what is stored of the account, and answers with a line.
  const looked = story.answer();
  tell({ wait: true });
  await looked;

  await story.step('delete the account', async () => {
    await page.goto(`${url}/settings`);
    await page.getByLabel('to confirm').fill(login);
    await page.getByLabel('to confirm').scrollIntoViewIfNeeded();
    await story.shoot(page, 'delete-account');
    await page.getByRole('button', { name: 'Delete account' }).click();
    await page.waitForURL(`${url}/`);
    await page.getByRole('link', { name: 'Sign in', exact: true }).first().waitFor();
    await story.shoot(page, 'signed-out');
    const status = await page.evaluate(async () => (await fetch('/v1/me')).status);
    if (status !== 401) throw new Error(`/v1/me answers ${status}`);
    return 'signed out everywhere';
  });

  await story.step('its API key has ended', async () => {
    const refused = await story.doctown('user', 'whoami').then(
      (told) => Promise.reject(new Error(`whoami says: ${told}`)),
      (error: { stderr?: string }) => error.stderr ?? ''
    );
    expectText(refused, 'invalid_credentials');
    return refused.trim().split('\n')[0]!;
  });
}
