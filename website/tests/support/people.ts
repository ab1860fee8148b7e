import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expectAccessible } from './axe';
import { openPage } from './browser';

/** Checks a page in both themes and at three widths. */
export async function expectAccessibleEverywhere(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const width of [360, 768, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await expectAccessible(page, `${name}, ${theme}, ${width}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Opens a page as whoever signs in at the tests' GitHub. */
export async function openSignedIn(
  browser: Browser,
  url: string,
  path: string
): Promise<{ page: Page; context: BrowserContext }> {
  const opened = await openPage(browser, `${url}/v1/sign-in?return_to=${encodeURIComponent(path)}`);
  await opened.page.waitForURL(url + path);
  return opened;
}

/** Orders the pack of the tests' repository with the form of a dashboard. */
export async function order(page: Page): Promise<void> {
  await page.getByLabel('Repository', { exact: true }).fill('acme/greetings');
  await page.getByText('Options', { exact: true }).click();
  await page.getByRole('checkbox', { name: 'Embeddings' }).uncheck();
  await page.getByRole('button', { name: 'Build', exact: true }).click();
}

/** Builds it from one's own dashboard, and waits until it is done. */
export async function build(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/dashboard`);
  await order(page);
  await page.getByRole('heading', { name: 'Receipt' }).waitFor();
}
