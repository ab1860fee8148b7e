import axe from 'axe-core';
import { writeFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { launch, openPage } from '../tests/support/browser';
import { startTour, visit, type Stop, type Tour } from '../tests/support/tour';
import { walkKeyboard, type Walk } from './keyboard';

const LOOKS = (['light', 'dark'] as const).flatMap((theme) =>
  [360, 768, 1440].map((width) => ({ theme, width, height: 900 }))
);
const IMPACTS = ['critical', 'serious', 'moderate', 'minor'] as const;
type Look = (typeof LOOKS)[number];

interface Cell {
  stop: string;
  look: Look;
  /** Violating elements by impact, in the order of `IMPACTS`. */
  violations: number[];
  rules: string[];
  nPassed: number;
  undecided: string[];
  beyondPx: number;
  nMoving: number;
}

/** Runs axe over every page in both themes and at three widths, walks them with the Tab key, writes what was found. */
export async function main([path = 'a11y.md']: string[]): Promise<void> {
  const program = process.env.DOCTOWN_PROGRAM;
  if (!program) throw new Error('set DOCTOWN_PROGRAM to a doctown program: the pages are those of real jobs and packs');
  const tour = await startTour(program, process.env.DOCTOWN_EXAMPLES);
  const browser = await launch();
  const cells: Cell[] = [];
  for (const look of LOOKS) cells.push(...(await looked(browser, tour, look)));
  const walks: Walk[] = [];
  for (const stop of tour.stops) walks.push(await walked(browser, tour, stop));
  await writeFile(path, report(cells, walks, await browser.version()));
  await browser.close();
  await tour.close();
  console.log(`${path}: ${cells.length} looks, ${sum(cells.flatMap(({ violations }) => violations))} violations`);
}

async function looked(browser: Browser, tour: Tour, look: Look): Promise<Cell[]> {
  const { page, context } = await openPage(browser, tour.url, look);
  const cells: Cell[] = [];
  for (const stop of tour.stops) {
    await visit(page, tour, stop);
    cells.push({ stop: stop.name, look, ...(await audit(page)) });
  }
  await context.close();
  return cells;
}

async function audit(page: Page): Promise<Omit<Cell, 'stop' | 'look'>> {
  await page.evaluate(axe.source);
  const { violations, passes, incomplete } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(document)
  );
  const [beyondPx, nMoving] = await page.evaluate(() => [
    Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
    document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration ?? 0) > 0).length
  ]);
  return {
    violations: IMPACTS.map((impact) =>
      sum(violations.filter((found) => found.impact === impact).map(({ nodes }) => nodes.length))
    ),
    rules: violations.map(({ id, help, nodes }) => `\`${id}\` (${help}): ${nodes[0]?.target.join(' ')}`),
    nPassed: passes.length,
    undecided: incomplete.map(({ id, nodes }) => `${id} ${nodes.length}`),
    beyondPx: beyondPx!,
    nMoving: nMoving!
  };
}

async function walked(browser: Browser, tour: Tour, stop: Stop): Promise<Walk> {
  const { page, context } = await openPage(browser, tour.url);
  await visit(page, tour, stop);
  const walk = await walkKeyboard(page, stop.name);
  await context.close();
  return walk;
}

function report(cells: readonly Cell[], walks: readonly Walk[], version: string): string {
  const stops = [...new Set(cells.map(({ stop }) => stop))];
  const at = (stop: string, { theme, width }: Look) =>
    cells.find((cell) => cell.stop === stop && cell.look.theme === theme && cell.look.width === width)!;
  const total = IMPACTS.map((_, n) => sum(cells.map(({ violations }) => violations[n]!)));
  const cell = ({ violations, nPassed }: Cell) => `${violations.join(' / ')} · ${nPassed}`;
  const found = [
    ...new Set(
      cells.flatMap(({ stop, look, rules }) =>
        rules.map((rule) => `- ${stop}, ${look.theme}, ${look.width} px: ${rule}`)
      )
    )
  ];
  const undecided = new Map<string, Set<string>>();
  for (const { stop, undecided: rules } of cells) for (const rule of rules) addTo(undecided, rule.split(' ')[0]!, stop);
  const wide = cells
    .filter(({ beyondPx }) => beyondPx > 0)
    .map(({ stop, look, beyondPx }) => `${stop} at ${look.width} px by ${beyondPx} px`);
  const moving = cells
    .filter(({ nMoving }) => nMoving > 0)
    .map(({ stop, look }) => `${stop} (${look.theme}, ${look.width} px)`);
  return `# Accessibility

Written by \`npm run a11y\`: axe-core ${axe.version} in Chromium ${version}, over real jobs and packs of \`doctown serve\`.

${total.map((n, at) => `${n} ${IMPACTS[at]}`).join(', ')} violations in ${cells.length} looks: ${stops.length} pages, two themes, three widths.
${wide.length === 0 ? 'No page scrolls sideways at any of these widths.' : `Scrolling sideways: ${wide.join('; ')}.`}

## By page

A cell has the violating elements (critical / serious / moderate / minor) and, behind the dot, the rules that passed.

| page | ${LOOKS.map(({ theme, width }) => `${theme}, ${width} px`).join(' | ')} |
|---|${LOOKS.map(() => '---|').join('')}
${stops.map((stop) => `| ${stop} | ${LOOKS.map((look) => cell(at(stop, look))).join(' | ')} |`).join('\n')}

${found.length === 0 ? '' : `## Violations\n\n${found.join('\n')}\n\n`}## With the keyboard alone

The Tab key is pressed until it comes back to where it began or 60 elements were reached.
An element is reached once, is seen when it has the focus, and has a name.

| page | elements | without a visible focus | without a name | held by a dialog |
|---|---|---|---|---|
${walks.map(({ stop, nElements, isWhole, unseen, unnamed, isModal }) => `| ${stop} | ${nElements}${isWhole ? '' : ' and more'} | ${unseen.length === 0 ? 'none' : unseen.join(', ')} | ${unnamed.length === 0 ? 'none' : unnamed.join(', ')} | ${isModal ? 'yes, Esc leaves' : 'no'} |`).join('\n')}

Single keys: \`/\` and Ctrl-K search; on the map arrows go to the next part, Enter opens one, Esc goes up.
\`tests/explorer.e2e.ts\` walks the map, search, list and symbol with these keys.

## Reduced motion

With \`prefers-reduced-motion: reduce\`, animations and transitions take no time.
${moving.length === 0 ? 'No page had an animation with a duration then.' : `Animations that ran all the same: ${moving.join('; ')}.`}

## Left to people

${[...undecided].map(([rule, pages]) => `- \`${rule}\`: axe could not decide on ${[...pages].slice(0, 4).join(', ')}${pages.size > 4 ? ` and ${pages.size - 4} more` : ''}.`).join('\n')}
- The map is a drawing: axe does not measure its contrast; the list beside it says the same.
- Reading order and wording with a screen reader (NVDA, VoiceOver, Orca) were not tried.
- Text at 200 % and forced colours were not tried; 360 px at 100 % is as narrow as 1,440 px at 400 %.
`;
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key) ?? new Set();
  map.set(key, set.add(value));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
