import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch } from './support/browser';
import { Doctown } from './support/doctown';
import { GitHub } from './support/github';
import { expectAccessibleEverywhere, openSignedIn } from './support/people';
import { Stripe } from './support/stripe';

let browser: Browser;
let github: GitHub;
let stripe: Stripe;
let server: Doctown;

beforeAll(async () => {
  const { DOCTOWN_PROGRAM: program, DOCTOWN_EXAMPLES: examples } = process.env;
  if (!program || !examples)
    throw new Error('set DOCTOWN_PROGRAM and DOCTOWN_EXAMPLES: payments of these tests are real');
  github = await GitHub.start(join(resolve(examples), 'github-server'), 'ada');
  server = await Doctown.start(resolve(program), async (url) => {
    stripe = await Stripe.start(join(resolve(examples), 'stripe-server'), `${url}/v1/stripe/webhook`);
    return { ...github.environment(url), ...stripe.environment() };
  });
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await stripe?.close();
  await github?.close();
});

/** Does something on the page where a subscription is managed, and comes back. */
async function atStripe(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: 'Change plan, payment or end it' }).click();
  await page.getByRole('heading', { name: 'Portal' }).waitFor();
  await page.getByRole('button', { name: button }).click();
  await page.waitForLoadState();
  // The settings ask Stripe at most every five seconds; its events come sooner.
  await page.waitForTimeout(500);
  await page.getByRole('link', { name: 'Back' }).click();
  await page.waitForURL(`${server.url}/settings`);
  await page.getByRole('heading', { name: 'Plan and billing' }).waitFor();
}

test('a plan is chosen, paid at Stripe, changed and ended', async () => {
  const { page, context } = await openSignedIn(browser, server.url, '/settings');
  await page.getByText('You have the free plan.').waitFor();
  await page.getByText('$19.00 a month').waitFor();
  await expectAccessibleEverywhere(page, 'plans that are sold');

  await page.getByRole('button', { name: 'Choose creator' }).click();
  await page.getByRole('button', { name: 'Pay with a card that is declined' }).click();
  await page.getByRole('link', { name: 'Back' }).click();
  await page.getByText('You have the free plan.').waitFor();

  await page.getByRole('button', { name: 'Choose creator' }).click();
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await page.waitForURL(`${server.url}/settings?billing=done`);
  await page.getByText('You have the creator plan. It renews on').waitFor();
  await page.getByText('You have used 0 of 100 jobs this month.').waitFor();
  await page.getByRole('link', { name: 'View invoice DOC-1' }).waitFor();
  await expectAccessibleEverywhere(page, 'a plan that is paid for');
  await page.setViewportSize({ width: 360, height: 900 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);

  await atStripe(page, 'Change to price_team');
  await page.getByText('You have the team plan. It renews on').waitFor();
  await page.getByRole('heading', { name: 'Team members' }).waitFor();
  await atStripe(page, 'Test: the renewal is not paid');
  await page.getByText('The last invoice is not paid. The plan stays until').waitFor();
  await atStripe(page, 'Test: nobody ever pays');
  await page.getByText('You have the free plan.').waitFor();
  await page.getByRole('heading', { name: 'Team members' }).waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Choose team' }).click();
  await page.getByRole('button', { name: 'Pay', exact: true }).click();
  await page.getByText('You have the team plan.').waitFor();
  await atStripe(page, 'Cancel at the end of the period');
  await page.getByText(/You have the team plan\. It ends on/).waitFor();
  await atStripe(page, 'Test: refund');
  await page.getByText('$99.00 refunded').waitFor();
  await atStripe(page, 'Test: dispute');
  await page.getByText('disputed: needs response').waitFor();
  await page.getByText('You have the free plan.').waitFor();
  await expectAccessibleEverywhere(page, 'a disputed payment');
  await context.close();
});

test('a server that sells nothing shows no plans', async () => {
  const other = await Doctown.start(resolve(process.env.DOCTOWN_PROGRAM!), (url) => github.environment(url));
  const { page, context } = await openSignedIn(browser, other.url, '/settings');
  await page.getByRole('heading', { name: 'Delete account' }).waitFor();
  expect(await page.getByRole('heading', { name: 'Plan and billing' }).count()).toBe(0);
  await context.close();
  await other.close();
});
