import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, openPack, openPage } from '../tests/support/browser';
import { serveBuild } from '../tests/support/server';

const SIZES = [[360, 740], [768, 1024], [1440, 900]] as const;

/** Draws every view of a pack at three widths in both themes: PACK FOLDER [VIEW-REGEX]. */
export async function main([pack, folder = '.shots', only = '.']: string[]): Promise<void> {
  if (!pack) throw new Error('usage: node bench/run.mjs screenshots PACK [FOLDER] [ONLY]');
  await mkdir(folder, { recursive: true });
  const server = await serveBuild('build');
  const browser = await launch();
  for (const [width, height] of SIZES) {
    for (const theme of ['light', 'dark'] as const) {
      const { page, complaints, context } = await openPage(browser, `${server.url}/open`, { width, height, theme });
      const shoot = async (name: string, prepare: () => Promise<void>) => {
        if (!new RegExp(only).test(`${name}-${width}-${theme}`)) return;
        await prepare();
        await page.waitForTimeout(700);
        await page.screenshot({ path: join(folder, `${name}-${width}-${theme}.png`) });
      };
      const view = (name: string) => page.locator('nav[aria-label=Views] a').nth(['map', 'symbols', 'files', 'overview', 'quality', 'pack'].indexOf(name)).click();
      await shoot('open', async () => {});
      await openPack(page, pack);
      await shoot('map', async () => {});
      if (width >= 768) await shoot('cluster', () => page.locator('ul[aria-label=Clusters] button').nth(2).click());
      await shoot('symbols', () => view('symbols'));
      await shoot('panel', () => page.locator('ul[aria-label^=Symbols] a').nth(3).click());
      if (width >= 768) await shoot('selected', () => view('map'));
      for (const name of ['files', 'overview', 'quality', 'pack']) await shoot(name, () => view(name));
      await shoot('search', async () => {
        await page.keyboard.press('Control+k');
        await page.keyboard.type('request', { delay: 10 });
      });
      if (complaints.length > 0) console.error(`${width} ${theme}:`, complaints);
      await context.close();
    }
  }
  await browser.close();
  await server.close();
}
