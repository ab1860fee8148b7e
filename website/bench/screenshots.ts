import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { launch, openPage } from '../tests/support/browser';
import { startTour, visit } from '../tests/support/tour';

const SIZES = [
  [360, 740],
  [768, 1024],
  [1440, 900]
] as const;

/** Draws every page at three widths and in both themes: [FOLDER] [REGEX] [SOURCE...]. A page that complains or is too wide is named. */
export async function main([folder = '.shots', only = '.', ...sources]: string[]): Promise<void> {
  const program = process.env.DOCTOWN_PROGRAM;
  if (!program) throw new Error('set DOCTOWN_PROGRAM to a doctown program: the pages are those of real jobs and packs');
  await mkdir(folder, { recursive: true });
  const tour = await startTour(
    program,
    process.env.DOCTOWN_EXAMPLES,
    sources.length > 0 ? sources.map((source) => resolve(source)) : undefined
  );
  const browser = await launch();
  for (const [width, height] of SIZES) {
    for (const theme of ['light', 'dark'] as const) {
      const { page, complaints, context } = await openPage(browser, tour.url, { width, height, theme });
      for (const stop of tour.stops) {
        const name = `${stop.name.replace(/[^a-z0-9]+/gi, '-')}-${width}-${theme}`;
        if (!new RegExp(only).test(name)) continue;
        await visit(page, tour, stop);
        await page.screenshot({ path: join(folder, `${name}.png`) });
        const beyondPx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (beyondPx > 0) console.error(`${name} is ${beyondPx} px too wide`);
        // What is not there, or is refused, is asked for on purpose, and the browser says so.
        const isOfTour = (line: string) =>
          /status of (401|404|500)/.test(line) || (stop.who && /^request to/.test(line));
        const heard = complaints.splice(0).filter((line) => !isOfTour(line));
        if (heard.length > 0) console.error(name, heard);
      }
      await context.close();
    }
  }
  await browser.close();
  await tour.close();
}
