import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe';
import { launch, openPage, READY, type Look } from './support/browser';
import { enter, expectFocus, tabTo, walkTo } from './support/keys';
import { serveBuild } from './support/server';

/** Three people with three repositories, who use the keyboard alone. The packs are those of the home page. */
const LOOKS: Look[] = [
  { width: 1440, height: 900, theme: 'light' },
  { width: 768, height: 1024, theme: 'dark' },
  { width: 360, height: 740, theme: 'light' }
];
let browser: Browser;
let server: Awaited<ReturnType<typeof serveBuild>>;

beforeAll(async () => {
  if (!existsSync('build/200.html') || !existsSync('build/export.html'))
    throw new Error('run `npm run build` and `npm run build:export` first');
  server = await serveBuild('build');
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const symbol = (page: Page) => page.locator('aside[aria-label=Symbol]');
const source = (page: Page) => page.locator('aside[aria-label=Source]');
const isPhone = ({ width }: Look) => width < 768;

/** Opens an example from the home page. */
async function openExample(page: Page, name: string): Promise<void> {
  await page.locator('section[aria-labelledby=examples]').waitFor();
  await enter(page, page.getByRole('link', { name: `Open ${name}`, exact: true }));
  await page.locator(READY).waitFor();
}

/** Types into the search and opens the first result. */
async function find(page: Page, query: string, first = query): Promise<void> {
  await page.keyboard.press('/');
  await expectFocus(page, page.getByRole('combobox'));
  await page.keyboard.type(query);
  await page.locator(`#hits[data-query="${query}"] [role=option][aria-selected=true]`, { hasText: first }).waitFor();
  await page.keyboard.press('Enter');
}

describe.each(LOOKS)('at $width px, $theme', (look) => {
  test('a newcomer reads the guide, looks up a step of a flow, and asks a question', async () => {
    const { page, complaints, context } = await openPage(browser, server.url, look);
    await openExample(page, 'Flask');
    const heading = page.locator('article h1');
    await region(page, 'Guide').locator('h2#guide-purpose').waitFor();
    await expectAccessible(page, 'the guide');

    // From chapter to chapter, until what happens in a request.
    const next = page.getByRole('navigation', { name: 'Turn the page' }).locator('a', { hasText: 'Next' });
    await enter(page, next);
    for (let n = 0; !(await heading.innerText()).includes('Flask.wsgi_app'); n++) {
      expect(n, 'chapters before the flow of a request').toBeLessThan(8);
      await expectFocus(page, heading);
      await expectAccessible(page, await heading.innerText());
      const before = page.url();
      await enter(page, next, 'Shift+Tab');
      await page.waitForURL((url) => url.href !== before);
    }
    await expectFocus(page, heading);

    // To the line of a step, and back.
    const step = page.locator('ol[aria-label=Steps] > li', { hasText: 'full_dispatch_request' }).first();
    const place = step.locator('[data-evidence]').last();
    const [, path, line] = /^(.+):(\d+)$/.exec((await place.getAttribute('title'))!)!;
    await enter(page, place);
    await expectFocus(page, source(page));
    await source(page).locator('h2', { hasText: path! }).waitFor();
    const pointed = source(page).locator(`[data-line="${line}"][aria-current=location]`);
    expect(await pointed.innerText()).toContain('self.full_dispatch_request()');
    await expectAccessible(page, 'the line of a step');
    await page.keyboard.press('Escape');
    await expectFocus(page, place);

    // To the method that the step calls, and back.
    await enter(page, step.locator('[data-evidence]', { hasText: 'Flask.full_dispatch_request' }), 'Shift+Tab');
    await expectFocus(page, symbol(page));
    await symbol(page).locator('h2', { hasText: 'full_dispatch_request' }).waitFor();
    await page.keyboard.press('Escape');
    await expectFocus(page, step.locator('[data-evidence]', { hasText: 'Flask.full_dispatch_request' }));

    const question = 'how does a request reach the view?';
    await find(page, question, 'Answer:');
    await page.locator('h1', { hasText: question }).waitFor();
    await page.locator('aside[aria-label=Evidence] ol li').first().waitFor();
    const evidence = page.locator('article button[aria-label^="Show "]').nth(1);
    await enter(page, evidence);
    expect(await evidence.getAttribute('aria-pressed')).toBe('true');
    const shown = (await evidence.getAttribute('aria-label'))!.replace('Show ', '');
    await page.locator('aside[aria-label=Evidence] strong', { hasText: shown }).waitFor();
    await expectAccessible(page, 'an answer');
    expect(complaints.filter((line) => !line.includes('api_unreadable'))).toEqual([]);
    await context.close();
  });

  test('an engineer reads a method, sees who calls it, what a change affects, and a path', async () => {
    const { page, complaints, context } = await openPage(browser, server.url, look);
    await openExample(page, 'axum');
    await find(page, 'Router::with_state', 'with_state');
    await expectFocus(page, symbol(page));
    await symbol(page).locator('h2', { hasText: 'with_state' }).waitFor();

    // Its source, with names that lead on.
    const text = symbol(page).getByRole('group', { name: 'Source of with_state' });
    await text.locator('span[class*=text-code]').first().waitFor();
    expect(await text.innerText()).toContain('pub fn with_state<S2>(self, state: S) -> Router<S2>');
    await tabTo(page, text.locator('a[data-mark]').first());
    await page.getByRole('tooltip').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tooltip').waitFor({ state: 'detached' });

    // Its callers: the product's with their line, the tests' folded.
    const callers = symbol(page).locator('section', { has: page.locator('h3', { hasText: /^Called by/ }) });
    expect(await callers.innerText()).toMatch(/into_make_service[\s\S]*\.with_state\(\(\)\)[\s\S]*In tests/);
    await enter(page, callers.getByRole('button', { name: /^line \d+ of src\/routing\/mod\.rs: show/ }).first());
    await callers.getByRole('group', { name: /^Line \d+ of src\/routing\/mod\.rs/ }).waitFor();
    await enter(page, callers.locator('summary', { hasText: 'In tests' }));
    await callers.locator('a', { hasText: 'extract_state' }).waitFor();
    await expectAccessible(page, 'a method');

    // Impact by role, two steps deep.
    await enter(page, symbol(page).getByRole('link', { name: 'Impact and paths' }), 'Shift+Tab');
    await page.locator('h1', { hasText: 'Impact of with_state' }).waitFor();
    expect(await page.locator('main header').innerText()).toMatch(
      /may affect \d+ symbols in \d+ files; \d+ tests reach it/
    );
    await tabTo(page, page.getByRole('radio', { name: '2' }));
    await page.keyboard.press('ArrowRight');
    expect(new URL(page.url()).searchParams.get('depth')).toBe('3');
    await expectFocus(page, page.getByRole('radio', { name: '3' }));

    await enter(page, page.locator('summary', { hasText: 'Tests' }));
    await page.locator('details[open] li a', { hasText: 'extract_state' }).first().waitFor();
    await enter(page, page.locator('summary', { hasText: 'Test files to run' }));
    await page.locator('details[open] li', { hasText: 'src/routing/tests/mod.rs' }).first().waitFor();
    await expectAccessible(page, 'impact');

    // A path, chosen with the search; it leads the other way.
    await enter(page, page.getByRole('button', { name: 'Choose a symbol' }), 'Shift+Tab');
    await expectFocus(page, page.getByRole('combobox', { name: 'Choose a symbol' }));
    await page.keyboard.type('Router::into_make_service');
    await page.locator('#hits[data-query="Router::into_make_service"] [role=option]').first().waitFor();
    await page.keyboard.press('Enter');
    const path = page.locator('section[aria-labelledby=path]');
    await path.locator('p', { hasText: 'The other way it is 1 step' }).waitFor();
    await expectFocus(page, page.getByRole('button', { name: 'To into_make_service' }));
    await enter(page, page.getByRole('button', { name: 'Swap the two' }));
    await page.locator('h1', { hasText: 'Impact of into_make_service' }).waitFor();
    const steps = path.locator('ol > li');
    await steps.nth(1).waitFor();
    expect((await steps.allInnerTexts()).map((text) => /into_make_service|with_state/.exec(text)?.[0])).toEqual([
      'into_make_service',
      'with_state'
    ]);
    await enter(page, steps.nth(1).getByRole('button', { name: /^line \d+ of src\/routing\/mod\.rs: show/ }));
    await path.getByRole('group', { name: /^Line \d+ of src\/routing\/mod\.rs/ }).waitFor();
    await expectAccessible(page, 'a path');

    // Edges that are uncertain stand apart, in words.
    await enter(page, page.getByRole('link', { name: 'Open the symbol' }), 'Shift+Tab');
    await expectFocus(page, symbol(page));
    await find(page, 'Router::layer', 'layer');
    await expectFocus(page, symbol(page));
    const uncertain = symbol(page).locator('section', { has: page.locator('h3', { hasText: 'May be called by' }) });
    expect(await uncertain.locator('h3').innerText()).toMatch(/\d+, uncertain/);
    await tabTo(page, uncertain.locator('li a').first());
    await expectAccessible(page, 'uncertain callers');
    expect(complaints.filter((line) => !line.includes('api_unreadable'))).toEqual([]);
    await context.close();
  });

  test('a lead opens a part of the map, copies a link, and saves a file that opens offline', async () => {
    const { page, complaints, context } = await openPage(browser, server.url, look);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await openExample(page, 'Redux');
    await enter(page, page.locator('nav[aria-label=Views] a', { hasText: 'Map' }));
    const parts = page.locator(isPhone(look) ? 'section[aria-label=Parts] a' : 'main svg a');
    await parts.first().waitFor();
    await expectAccessible(page, 'the map');

    // Into a part, and to a symbol in it.
    await openPart(page, look, 'combineReducers.ts');
    await page
      .locator('nav[aria-label="Opened part"] [aria-current=page]', { hasText: 'combineReducers.ts' })
      .waitFor();
    await openPart(page, look, 'assertReducerShape');
    await symbol(page).locator('h2', { hasText: 'assertReducerShape' }).waitFor();
    await expectFocus(page, symbol(page));
    await expectAccessible(page, 'an opened part with a symbol');

    // A link to this very place.
    const share = page.locator('summary', { hasText: 'Share' });
    await enter(page, share, 'Shift+Tab');
    await enter(page, page.getByRole('button', { name: 'Copy link to this place' }));
    await page.locator('[role=status]', { hasText: 'Link copied' }).waitFor();
    const link = await copied();
    expect(link).toMatch(/view=map.*symbol=sym_[0-9a-f]{32}.*part=/);
    await expectAccessible(page, 'the menu');

    // A badge, as text and as a picture.
    await enter(page, page.getByRole('button', { name: 'Copy badge as Markdown' }));
    await page.locator('[role=status]', { hasText: 'Markdown copied' }).waitFor();
    const [, label, target] = /^\[!\[(.+)\]\(doctown-badge\.svg\)\]\(<(.+)>\)$/.exec(await copied())!;
    expect(label).toMatch(/^redux: [\d,]+ symbols$/);
    expect(target).toBe(link);
    const badge = await downloaded(page, () => enter(page, page.getByRole('button', { name: 'Save badge picture' })));
    expect(badge.suggestedFilename()).toBe('doctown-badge.svg');

    // One file.
    const saved = await downloaded(page, () =>
      enter(page, page.getByRole('button', { name: 'Save as one HTML file' }), 'Shift+Tab')
    );
    expect(saved.suggestedFilename()).toBe('redux.html');
    const file = resolve('.packs/story.html');
    await saved.saveAs(file);
    await page.keyboard.press('Escape');
    await expectFocus(page, share);
    expect(complaints.filter((line) => !line.includes('api_unreadable'))).toEqual([]);

    await page.goto(link);
    await symbol(page).locator('h2', { hasText: 'assertReducerShape' }).waitFor();
    await context.close();

    const offline = await openPage(browser, `file://${file}`, { ...look, offline: true });
    await offline.page.locator(READY).waitFor();
    await find(offline.page, 'combineReducers');
    await symbol(offline.page).locator('h2', { hasText: 'combineReducers' }).waitFor();
    await expectFocus(offline.page, symbol(offline.page));
    await expectAccessible(offline.page, 'the saved file');
    expect(offline.complaints).toEqual([]);
    await offline.context.close();
  });
});

async function downloaded(page: Page, act: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return download;
}

/** Opens a part of the map by its name: with arrow keys in the drawing, with the Tab key in the list of a phone. */
async function openPart(page: Page, look: Look, name: string): Promise<void> {
  if (isPhone(look)) {
    const links = page.locator('section[aria-label=Parts]').getByRole('link', { name: new RegExp(`${name}\\b`) });
    return enter(page, links.first());
  }
  const isInDrawing = await page.evaluate(() => document.activeElement?.closest('main svg') != null);
  if (!isInDrawing) await tabTo(page, page.locator('main svg a'));
  await walkTo(page, page.locator(`main svg a[aria-label^="${name} "], main svg a[aria-label^="${name},"]`).first());
  await page.keyboard.press('Enter');
}
