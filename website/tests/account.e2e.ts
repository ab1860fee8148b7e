import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './support/axe';
import { launch, openPage, READY } from './support/browser';
import { Doctown } from './support/doctown';
import { GitHub } from './support/github';
import { build, expectAccessibleEverywhere, openSignedIn } from './support/people';

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
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor();
  expect(page.url()).toBe(`${server.url}/login?return_to=%2Fsettings`);
  await expectAccessibleEverywhere(page, 'signed out');
  await page.getByRole('link', { name: 'Sign in with GitHub' }).click();
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/settings');
  await page.getByText('This browser').waitFor();

  await page.getByLabel('Name', { exact: true }).fill('ci');
  await page.getByRole('button', { name: 'Create key' }).click();
  const key = (await page.getByTestId('key').textContent())!;
  await page.getByText('Never used').waitFor();
  await expectAccessibleEverywhere(page, 'settings');
  const asked = (path: string) => fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  expect(await (await asked('/v1/me')).json()).toMatchObject({ login: 'ada', plan: 'free' });
  await page.reload();
  await page.getByText('1 of the 2 keys of your plan are in use').waitFor();
  await page.getByRole('button', { name: 'Revoke ci' }).click();
  await page.getByText('; revoked').waitFor();
  expect((await asked('/v1/me')).status).toBe(401);

  await page.getByLabel('to confirm').fill('ada');
  await page.getByRole('button', { name: 'Delete account' }).click();
  await page.waitForURL(`${server.url}/`);
  await page.getByRole('link', { name: 'Sign in', exact: true }).first().waitFor();
  await page.goto(`${server.url}/settings`);
  await page.getByRole('link', { name: 'Sign in with GitHub' }).waitFor();
  await context.close();
});

test('somebody builds a pack on the dashboard, and finds it in the library and the commons', async () => {
  const { page, context } = await openSignedIn(browser, server.url, '/dashboard');
  await page.getByText('You have used 0 of 5 jobs this month').waitFor();
  await page.getByText('No jobs yet').waitFor();
  await expectAccessibleEverywhere(page, 'an empty dashboard');
  await build(page, server.url);
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await page.getByText('You have used 1 of 5 jobs this month').waitFor();
  await page.getByRole('link', { name: 'Explore acme/greetings' }).waitFor();
  await expectAccessibleEverywhere(page, 'a dashboard with a job');

  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('link', { name: 'acme/greetings', exact: true }).waitFor();
  await page.getByText('Everybody can read it').waitFor();
  await page.getByRole('searchbox').fill('nothing-like-it');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('No pack has “nothing-like-it” in its name').waitFor();
  await page.getByRole('link', { name: 'Show all packs' }).click();
  await page.getByRole('link', { name: 'acme/greetings', exact: true }).waitFor();
  await expectAccessibleEverywhere(page, 'a library');
  await page.getByRole('link', { name: 'Changes in acme/greetings' }).click();
  await page.getByText('There is no other pack of this repository yet').waitFor();
  await expectAccessibleEverywhere(page, 'changes without another pack');
  const [, digits] = /packs\/([0-9a-f]{64})/.exec(page.url())!;
  await page.goto(`${page.url()}?from=${digits}`);
  await page.getByText('Nothing changed between the two.').waitFor();
  await expectAccessibleEverywhere(page, 'changes of a pack and itself');
  await page.goBack();
  await page.goBack();

  // Everybody finds it, without an account.
  const other = await openPage(browser, server.url);
  await other.page.getByRole('heading', { name: 'From the commons' }).waitFor();
  await other.page.getByRole('link', { name: 'Sign in', exact: true }).first().waitFor();
  await expectAccessibleEverywhere(other.page, 'home, signed out');
  await other.page.getByRole('link', { name: 'All public packs' }).click();
  await other.page.getByRole('heading', { name: 'Commons', level: 1 }).waitFor();
  await expectAccessibleEverywhere(other.page, 'commons');
  await other.page.getByRole('link', { name: 'All packs of acme/greetings' }).click();
  await other.page.getByRole('heading', { name: 'acme/greetings', level: 1 }).waitFor();
  await other.page.getByText('Is this your repository?').click();
  await other.page.getByRole('link', { name: 'Sign in to withdraw it' }).waitFor();
  await expectAccessibleEverywhere(other.page, 'a repository of the commons');
  await other.page.getByRole('link', { name: 'greetings', exact: true }).click();
  await other.page.locator(READY).waitFor();
  await other.context.close();

  await page.getByRole('button', { name: 'Account of ada' }).or(page.getByLabel('Account of ada')).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in', exact: true }).first().waitFor();
  expect((await context.cookies()).filter(({ name }) => name.includes('doctown'))).toEqual([]);
  await context.close();
});

test('a share link opens an unlisted pack, until it is revoked', async () => {
  const { page, context } = await openSignedIn(browser, server.url, '/library');
  const pack = page.getByRole('listitem').filter({ hasText: 'acme/greetings' });
  await pack.getByLabel('Who can read acme/greetings').selectOption('private');
  await pack.getByText('You share it with nobody.').waitFor();
  await pack.getByRole('button', { name: 'Share acme/greetings' }).click();
  await pack.getByText('A private pack has no share links').waitFor();
  await pack.getByLabel('Who can read acme/greetings').selectOption('unlisted');
  await pack.getByLabel('A new link works for').selectOption('7 days');
  await pack.getByRole('button', { name: 'Create link' }).click();
  const link = (await pack.getByTestId('link').textContent())!;
  expect(link).toMatch(/\/packs\/[0-9a-f]{64}\?link=\S+$/);
  await expectAccessibleEverywhere(page, 'a library with a share link');

  const reader = await openPage(browser, link);
  await reader.page.locator(READY).waitFor();
  await reader.page.getByRole('link', { name: 'Files', exact: true }).click();
  await reader.page.waitForURL(/view=files/);
  expect(new URL(reader.page.url()).searchParams.get('link')).toBe(new URL(link).searchParams.get('link'));
  await reader.page.reload();
  await reader.page.locator(READY).waitFor();
  expect(reader.complaints.filter((text) => !text.includes('401'))).toEqual([]);
  await reader.page.goto(link.split('?')[0]!);
  await reader.page.getByText('Pack not found').waitFor();

  await pack.getByRole('button', { name: 'Revoke' }).click();
  await pack.getByText('1 earlier link has ended').waitFor();
  await reader.page.goto(link);
  await reader.page.getByText('Pack not found').waitFor();
  await reader.context.close();

  await pack.getByRole('button', { name: 'Delete acme/greetings' }).click();
  await expectAccessible(page, 'a library before a deletion');
  await pack.getByRole('button', { name: 'Delete pack' }).click();
  await page.getByText('No packs yet').waitFor();
  await context.close();
});

test('a sign-in that failed says what to do', async () => {
  const { page, context, complaints } = await openPage(
    browser,
    `${server.url}/v1/sign-in/callback?error=access_denied`
  );
  await page.getByText('You are not signed in').waitFor();
  expect(new URL(page.url()).pathname).toBe('/login');
  await expectAccessible(page, 'sign-in failed');
  expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  await context.close();
});

test('a sign-in leads back to the page it began on, and to no other site', async () => {
  const { page, context } = await openPage(browser, `${server.url}/library?q=greet`);
  await page.getByRole('link', { name: 'Sign in with GitHub' }).click();
  await page.waitForURL(`${server.url}/library?q=greet`);
  await page.goto(`${server.url}/login?return_to=//example.org`);
  await page.getByText('You are signed in as').waitFor();
  expect(await page.getByRole('link', { name: 'Continue' }).getAttribute('href')).toBe('/dashboard');
  await context.close();
});

test('a server without accounts says that everything is yours, and shows no links to accounts', async () => {
  const alone = await Doctown.start(resolve(process.env.DOCTOWN_PROGRAM!));
  const { page, context, complaints } = await openPage(browser, alone.url);
  await page.getByRole('link', { name: 'Docs' }).first().waitFor();
  for (const path of ['/login', '/dashboard', '/library', '/commons', '/commons/acme', '/settings', '/device']) {
    await page.goto(alone.url + path);
    await page.getByText('Everything on this server is already yours').waitFor();
    expect(await page.getByRole('link', { name: /Sign in|Commons|Library/ }).count()).toBe(0);
  }
  await expectAccessibleEverywhere(page, 'no accounts');
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  await context.close();
  await alone.close();
});
