import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, openPage, READY } from './support/browser';
import { Doctown } from './support/doctown';
import { GitHub } from './support/github';
import { build, expectAccessibleEverywhere, openSignedIn, order } from './support/people';

const ADA = { id: 7, login: 'ada' };
const GRACE = { id: 8, login: 'grace' };
let browser: Browser;
let github: GitHub;
let server: Doctown;

beforeAll(async () => {
  const { DOCTOWN_PROGRAM: program, DOCTOWN_EXAMPLES: examples } = process.env;
  if (!program || !examples)
    throw new Error('set DOCTOWN_PROGRAM and DOCTOWN_EXAMPLES: sign-ins of these tests are real');
  github = await GitHub.start(join(resolve(examples), 'github-server'), ADA.login);
  server = await Doctown.start(resolve(program), (url) => github.environment(url));
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await github?.close();
});

test('only the owner of a repository withdraws it, and nobody reads its packs until it is allowed again', async () => {
  const { page, context } = await openSignedIn(browser, server.url, '/dashboard');
  await build(page, server.url);
  await page.getByRole('link', { name: 'Explore' }).click();
  await page.locator(READY).waitFor();
  const pack = page.url();

  await page.goto(`${server.url}/commons`);
  await page.getByLabel('Order').selectOption('Largest first');
  await page.waitForURL(/sort=symbols/);
  await page.getByRole('link', { name: 'acme', exact: true }).click();
  await page.getByRole('heading', { name: 'acme', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'All packs of acme/greetings' }).click();
  await page.getByText('Is this your repository?').click();
  await page.getByRole('button', { name: 'Withdraw this repository' }).click();
  await page.getByText('You do not administer this repository at GitHub').waitFor();
  await expectAccessibleEverywhere(page, 'a refused withdrawal');

  github.ownerId = ADA.id;
  await page.getByRole('button', { name: 'Withdraw this repository' }).click();
  await page.getByRole('heading', { name: 'This repository is withdrawn' }).waitFor();
  await expectAccessibleEverywhere(page, 'a withdrawn repository');
  const reader = await openPage(browser, pack);
  await reader.page.getByText('Pack not found').waitFor();
  await page.goto(`${server.url}/library`);
  await page.getByText('No packs yet').waitFor();

  await page.goto(`${server.url}/settings`);
  await page.getByRole('button', { name: 'Allow again: acme/greetings' }).click();
  await page.getByText('To withdraw one of your repositories').waitFor();
  await reader.page.reload();
  await reader.page.locator(READY).waitFor();
  await reader.context.close();
  await context.close();
  github.ownerId = 1;
});

test('a program is let in by its code, and its key is listed', async () => {
  const post = async (path: string, body: object) => {
    const answer = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body)
    });
    return (await answer.json()) as Record<string, string>;
  };
  const asked = await post('/v1/devices', { client_name: 'doctown on my-laptop', scopes: ['jobs:read', 'packs:read'] });
  const { page, context } = await openSignedIn(browser, server.url, '/device');
  await page.getByLabel('Code').fill(asked.user_code!.toLowerCase().replace('-', ' '));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('doctown on my-laptop').waitFor();
  expect(await page.getByTestId('code').textContent()).toBe(asked.user_code);
  await page.getByText('List and follow jobs').waitFor();
  await expectAccessibleEverywhere(page, 'a program that asks');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('heading', { name: 'Program connected' }).waitFor();

  const { key } = await post('/v1/devices/token', { device_code: asked.device_code });
  const me = await fetch(`${server.url}/v1/me/keys/this`, { headers: { authorization: `Bearer ${key}` } });
  expect(await me.json()).toMatchObject({ scopes: ['jobs:read', 'packs:read'] });
  await page.getByRole('link', { name: 'settings' }).click();
  await page.getByRole('button', { name: 'Revoke doctown on my-laptop' }).waitFor();

  await page.goto(`${server.url}/device?code=${asked.user_code}`);
  await page.getByText('This code does not exist or has expired').waitFor();
  await page.getByRole('link', { name: 'Type the code again' }).click();
  await page.getByLabel('Code').waitFor();
  await context.close();
});

test('a member sees and orders what the team has, until they leave', async () => {
  await server.command('accounts', 'plan', ADA.login, 'team');
  github.person = GRACE;
  const grace = await openSignedIn(browser, server.url, '/dashboard');
  await grace.page.getByText('No jobs yet').waitFor();
  expect(await grace.page.getByLabel('Account', { exact: true }).count()).toBe(0);

  github.person = ADA;
  const ada = await openSignedIn(browser, server.url, '/settings');
  await ada.page.getByLabel('Name at GitHub').fill('nobody-of-this-name');
  await ada.page.getByRole('button', { name: 'Add member' }).click();
  await ada.page.getByText('Nobody of this name has an account here').waitFor();
  await ada.page.getByLabel('Name at GitHub').fill('@grace');
  await ada.page.getByRole('button', { name: 'Add member' }).click();
  await ada.page.getByRole('button', { name: 'Remove grace' }).waitFor();
  await ada.page.goto(`${server.url}/library`);
  await ada.page.getByLabel('Who can read acme/greetings').selectOption('private');
  await ada.page.getByText('You share it with nobody outside your team.').waitFor();

  const { page } = grace;
  await page.reload();
  await page.getByLabel('Account', { exact: true }).selectOption('ada’s team');
  await page.waitForURL(/\/dashboard\?account=/);
  await page.getByText('Your team has used 1 of 500 jobs this month').waitFor();
  await expectAccessibleEverywhere(page, 'the dashboard of a team');
  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('link', { name: 'acme/greetings', exact: true }).click();
  await page.locator(READY).waitFor();
  await page.getByRole('link', { name: 'Files', exact: true }).click();
  await page.waitForURL(/view=files/);
  const link = page.url();
  expect(link).toMatch(/account=/);
  await page.reload();
  await page.locator(READY).waitFor();
  await page.goto(link.replace(/[?&]account=[^&]*/, '').replace('&view', '?view'));
  await page.getByText('Pack not found').waitFor();

  const account = new URL(link).searchParams.get('account')!;
  await page.goto(`${server.url}/dashboard?account=${account}`);
  await order(page);
  await page.waitForURL(/\/jobs\/.+\?account=/);
  await page.getByRole('heading', { name: 'Receipt' }).waitFor();
  await page.goto(`${server.url}/library?account=${account}`);
  await page.getByText('The packs of the team').waitFor();
  await expectAccessibleEverywhere(page, 'the library of a team');
  await page.getByLabel('Account', { exact: true }).selectOption('Your account');
  await page.waitForURL(`${server.url}/library`);
  await page.getByText('No packs yet').waitFor();

  await page.goto(`${server.url}/settings`);
  await page.getByRole('link', { name: 'ada’s team' }).waitFor();
  await expectAccessibleEverywhere(page, 'settings of a member');
  await page.getByRole('button', { name: 'Leave ada’s team' }).click();
  await page.getByRole('heading', { name: 'Teams' }).waitFor({ state: 'detached' });
  await page.goto(`${server.url}/library?account=${account}`);
  await page.getByText('You are not a member of this account').waitFor();
  await page.getByRole('link', { name: 'Open your own library' }).click();
  await page.waitForURL(`${server.url}/library`);
  await page.getByText('No packs yet').waitFor();
  await ada.context.close();
  await grace.context.close();
});

test('a private repository is refused without a plan for it, and its pack is private with one', async () => {
  github.isPrivate = true;
  // The server remembers for five seconds that the repository was public.
  await new Promise((resolve) => setTimeout(resolve, 5_500));
  github.person = GRACE;
  const grace = await openSignedIn(browser, server.url, '/settings');
  await grace.page.getByText('The free plan is for public repositories only').waitFor();
  await grace.page.goto(`${server.url}/dashboard`);
  await order(grace.page);
  await grace.page.getByText('Your plan is for public repositories only').waitFor();
  await expectAccessibleEverywhere(grace.page, 'a refused order');
  await grace.context.close();

  github.person = ADA;
  const { page, context } = await openSignedIn(browser, server.url, '/settings');
  await page.getByRole('link', { name: 'Connect again' }).waitFor();
  await build(page, server.url);
  await page.getByRole('link', { name: 'Explore' }).click();
  await page.locator(READY).waitFor();
  const pack = page.url();
  const reader = await openPage(browser, pack);
  await reader.page.getByText('Pack not found').waitFor();
  await reader.context.close();
  await context.close();
  github.isPrivate = false;
});

test('a webhook is added with its signing secret, tried, and removed', async () => {
  const { page, context } = await openSignedIn(browser, server.url, '/settings');
  await page.getByLabel('Address').fill('https://example.org/hook');
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await page.getByText('Copy the signing secret now').waitFor();
  expect(await page.getByTestId('webhook-secret').innerText()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  await page.getByRole('button', { name: 'Send a test to https://example.org/hook' }).click();
  await page.getByText('ping to https://example.org/hook').waitFor();
  await expectAccessibleEverywhere(page, 'settings with a webhook');
  await page.getByRole('button', { name: 'Remove https://example.org/hook' }).click();
  await page.getByRole('button', { name: 'Remove https://example.org/hook' }).waitFor({ state: 'detached' });
  await context.close();
});
