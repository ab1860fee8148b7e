import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './support/axe';
import { launch, openPage } from './support/browser';
import { Doctown } from './support/doctown';
import { GitHub } from './support/github';

let browser: Browser;
let github: GitHub;
let server: Doctown;

beforeAll(async () => {
  const { DOCTOWN_PROGRAM: program, DOCTOWN_EXAMPLES: examples } = process.env;
  if (!program || !examples)
    throw new Error('set DOCTOWN_PROGRAM and DOCTOWN_EXAMPLES: sign-ins of these tests are real');
  github = await GitHub.start(join(resolve(examples), 'github-server'), 'ada');
  server = await Doctown.start(resolve(program), (url) => github.environment(url));
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await github?.close();
});

test('somebody signs in, makes a key, uses it, revokes it, and deletes the account', async () => {
  const { page, context } = await openPage(browser, `${server.url}/account`);
  await page.getByRole('link', { name: 'Account', exact: true }).waitFor();
  await expectAccessible(page, 'signed out');
  await page.getByRole('link', { name: 'Sign in with GitHub' }).click();
  await page.getByRole('heading', { name: 'ada', level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/account');
  await page.getByText('You have used 0 of 5 jobs this month').waitFor();
  await page.getByText('This browser').waitFor();

  await page.getByLabel('Name of a new key').fill('ci');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const key = (await page.getByTestId('key').textContent())!;
  await page.getByText('never used').waitFor();
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const width of [360, 768, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await expectAccessible(page, `signed in, ${theme}, ${width}`);
    }
  }
  const asked = (path: string, init: RequestInit = {}) =>
    fetch(`${server.url}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
  expect(await (await asked('/v1/me')).json()).toMatchObject({ login: 'ada', plan: 'free' });
  const order = { repo_url: 'https://github.com/acme/greetings', options: { embeddings: false } };
  const ordered = await asked('/v1/jobs', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order)
  });
  expect(ordered.status).toBe(202);
  await page.reload();
  await page.getByText('You have used 1 of 5 jobs this month').waitFor();

  // What the account ordered is on its home page, and on nobody else’s.
  await page.goto(server.url);
  await page.getByRole('heading', { name: 'Recent jobs' }).waitFor();
  const other = await openPage(browser, server.url);
  await other.page.getByRole('link', { name: 'Sign in', exact: true }).waitFor();
  await expectAccessible(other.page, 'home, signed out');
  await other.context.close();

  await page.goto(`${server.url}/account`);
  await page.getByRole('button', { name: 'Revoke ci' }).click();
  await page.getByText('; revoked').waitFor();
  expect((await asked('/v1/me')).status).toBe(401);
  await page.getByLabel('to confirm').fill('ada');
  await page.getByRole('button', { name: 'Delete the account' }).click();
  await page.waitForURL(`${server.url}/`);
  await page.goto(`${server.url}/account`);
  await page.getByRole('link', { name: 'Sign in with GitHub' }).waitFor();
  await context.close();
});

test('a sign-in that came to nothing says so', async () => {
  const { page, context, complaints } = await openPage(
    browser,
    `${server.url}/v1/sign-in/callback?error=access_denied`
  );
  await page.getByText('Nobody was signed in').waitFor();
  await expectAccessible(page, 'sign-in failed');
  expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  await context.close();
});
