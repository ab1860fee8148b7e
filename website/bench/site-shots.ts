import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, openPage } from '../tests/support/browser';

const SIZES = [[360, 740], [768, 1024], [1440, 900]] as const;

/** Draws the site's pages that need an API: BASE-URL FOLDER [REGEX] PATH... */
export async function main([base, folder = '.shots', only = '.', ...paths]: string[]): Promise<void> {
  if (!base || paths.length === 0) throw new Error('usage: node bench/run.mjs site-shots BASE FOLDER REGEX PATH...');
  await mkdir(folder, { recursive: true });
  const browser = await launch();
  for (const [width, height] of SIZES) {
    for (const theme of ['light', 'dark'] as const) {
      for (const path of paths) {
        const name = `${path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '').slice(0, 24) || 'home'}-${width}-${theme}`;
        if (!new RegExp(only).test(name)) continue;
        const { page, complaints, context } = await openPage(browser, base + path, { width, height, theme });
        await page.waitForTimeout(2_500);
        await page.screenshot({ path: join(folder, `${name}.png`) });
        if (complaints.length > 0) console.error(name, complaints);
        await context.close();
      }
    }
  }
  await browser.close();
}
