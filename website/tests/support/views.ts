import type { Locator, Page } from 'playwright-core';

/** The views of the explorer, in the order of its header. */
export const VIEWS = ['guide', 'map', 'symbols', 'files', 'quality', 'pack'] as const;

/** Shows a view and waits until it is drawn: its code and what it shows may come later than its name. */
export async function openView(page: Page, name: (typeof VIEWS)[number]): Promise<void> {
  await page.locator('nav[aria-label=Views] a').nth(VIEWS.indexOf(name)).click();
  const shown = page.locator('main > div').first();
  await shown.locator('> *').first().waitFor({ state: 'attached' });
  await shown.locator('p', { hasText: /^\s*Loading…\s*$/ }).waitFor({ state: 'detached' });
}

/** Scrolls through a list that draws only the rows in sight, until the wanted row is drawn. */
export async function scrollTo(list: Locator, row: Locator): Promise<Locator> {
  await list.evaluate((rows) => rows.parentElement!.scrollTo(0, 0));
  for (;;) {
    await list.evaluate(drawn);
    if ((await row.count()) > 0) return row;
    const isAtEnd = await list.evaluate((rows) => {
      const box = rows.parentElement!;
      const before = box.scrollTop;
      box.scrollBy(0, box.clientHeight);
      return box.scrollTop === before;
    });
    if (isAtEnd) throw new Error(`not in the list: ${row}`);
  }
}

/** What a step of scrolling shows is drawn with the frame after it. */
function drawn(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
}

/** Opens the folders on the way to a file of the list of files, and gives the file's row. */
export async function findFile(page: Page, path: string): Promise<Locator> {
  const list = page.locator('ul[aria-label=Files]');
  await list.waitFor();
  const parts = path.split('/');
  for (const n of parts.keys()) {
    const row = await scrollTo(list, list.locator(`button[title="${parts.slice(0, n + 1).join('/')}"]`));
    if (n === parts.length - 1) return row;
    await row.focus();
    if ((await row.getAttribute('aria-expanded')) === 'false') await page.keyboard.press('Enter');
  }
  throw new Error('a path has at least one part');
}
