import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** Debian's Chromium; without a graphics card it draws WebGL in software. */
export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--enable-precise-memory-info']
  });
}

export interface Watched {
  context: BrowserContext;
  page: Page;
  /** What the console or the page complained of, and requests that left for another host. */
  complaints: string[];
}

export interface Look {
  width: number;
  height: number;
  theme: 'light' | 'dark';
  /** Without a network from the start. */
  offline?: boolean;
}

/** Opens a page and writes down everything that a clean page does not do. */
export async function openPage(
  browser: Browser,
  url: string,
  look: Look = { width: 1440, height: 900, theme: 'light' }
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: look,
    colorScheme: look.theme,
    reducedMotion: 'reduce',
    offline: look.offline ?? false
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    const isOfDriver = message.text().includes('GL Driver Message');
    if (['error', 'warning'].includes(message.type()) && !isOfDriver)
      complaints.push(`${message.type()}: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('request', (request) => {
    const target = new URL(request.url());
    if (['http:', 'https:', 'ws:', 'wss:'].includes(target.protocol) && target.origin !== new URL(url).origin)
      complaints.push(`request to ${request.url()}`);
  });
  await page.goto(url);
  return { context, page, complaints };
}

/** The search can be used: all symbols are there. */
export const READY = 'header button[aria-keyshortcuts="/"]:enabled';

/** Gives a file to the open page, as choosing it would, and waits for the map or a list. */
export async function openPack(page: Page, pack: string | { name: string; bytes: Uint8Array }): Promise<void> {
  const file =
    typeof pack === 'string'
      ? pack
      : { name: pack.name, mimeType: 'application/octet-stream', buffer: Buffer.from(pack.bytes) };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.locator('nav[aria-label=Views]').waitFor();
  await page.locator(READY).waitFor({ timeout: 60_000 });
}
