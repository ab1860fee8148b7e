import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch, openPage } from './support/browser';
import { Doctown } from './support/doctown';
import { GitHub } from './support/github';
import { expectAccessibleEverywhere, openSignedIn } from './support/people';

let browser: Browser;
let github: GitHub;
let server: Doctown;

beforeAll(async () => {
  const { DOCTOWN_PROGRAM: program, DOCTOWN_EXAMPLES: examples } = process.env;
  if (!program || !examples)
    throw new Error('set DOCTOWN_PROGRAM and DOCTOWN_EXAMPLES: installations of these tests are real');
  github = await GitHub.start(join(resolve(examples), 'github-server'), 'ada');
  server = await Doctown.start(resolve(program), (url) => github.appEnvironment(url));
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await github?.close();
});

test('an owner lets checks fail, asks for comments, and reads what the App may not do yet', async () => {
  const { page, context } = await openSignedIn(browser, server.url, '/settings');
  await github.install(server.url);
  const section = page.getByRole('region', { name: 'Built at every push' });
  await expect
    .poll(
      async () => {
        await page.reload();
        await section.waitFor();
        return section.getByText('Built.', { exact: true }).count();
      },
      { timeout: 60_000, interval: 1_000 }
    )
    .toBe(1);
  const choices = section.getByText(/^Checks and comments/).first();
  await choices.click();
  await section.getByText('(the check never fails, no comments)').first().waitFor();
  await expectAccessibleEverywhere(page, 'repositories as they begin');
  const rule = section.getByRole('checkbox', { name: /an exported symbol is gone/ }).first();
  await rule.check();
  await section.getByText('(the check can fail, no comments)').waitFor();
  await section.getByRole('checkbox', { name: /Comment on pull requests of acme\/greetings/ }).check();
  await section.getByText('(the check can fail, pull requests get a comment)').waitFor();
  await section.getByText('Doctown may not read and comment on pull requests here yet.').waitFor();
  await expectAccessibleEverywhere(page, 'repositories with checks and comments');
  const folder = process.env.DOCTOWN_SCREENSHOTS;
  if (folder) {
    mkdirSync(folder, { recursive: true });
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 900 });
        await section.screenshot({ path: join(folder, `repositories-${theme}-${width}.png`) });
      }
    }
  }
  // Everything fits at the narrowest width.
  await page.setViewportSize({ width: 360, height: 900 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  await page.reload();
  await section.getByText('(the check can fail, pull requests get a comment)').waitFor();
  await section
    .getByText(/^Checks and comments/)
    .first()
    .click();
  expect(await rule.isChecked()).toBe(true);
  await rule.uncheck();
  await section.getByText('(the check never fails, pull requests get a comment)').waitFor();
  await context.close();
});

test('an operator makes the App in the browser, and its settings are in a file of their own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'doctown-setup-'));
  const settings = join(folder, 'doctown.env');
  const child = spawn(
    resolve(process.env.DOCTOWN_PROGRAM!),
    ['github', 'setup', '--url', 'https://doctown.example', '--no-open', '-o', settings],
    { env: { ...process.env, ...github.setupEnvironment(), DOCTOWN_HOME: folder }, stdio: ['ignore', 'pipe', 'pipe'] }
  );
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString()));
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const url = await new Promise<string>((found, failed) => {
    createInterface(child.stderr).on('line', (line) => {
      said += line;
      const address = /http:\S+/.exec(line);
      if (address) found(address[0]);
    });
    void ended.then((code) => failed(new Error(`the setup ended with ${code}: ${said}`)));
  });
  const { page, context } = await openPage(browser, url);
  await page.getByRole('heading', { name: 'Make the GitHub App' }).waitFor();
  await expectAccessibleEverywhere(page, 'the page of a setup');
  await page.getByRole('button', { name: 'Continue at GitHub' }).click();
  await page.getByRole('heading', { name: 'GitHub has made the App' }).waitFor();
  expect(await ended).toBe(0);
  const text = readFileSync(settings, 'utf8');
  expect(text).toContain('DOCTOWN_PUBLIC_URL=https://doctown.example\n');
  expect(statSync(settings).mode & 0o777).toBe(0o600);
  const secret = /DOCTOWN_GITHUB_CLIENT_SECRET=(.+)/.exec(text)![1]!;
  expect(said).not.toContain(secret);
  await context.close();
  rmSync(folder, { recursive: true });
});
