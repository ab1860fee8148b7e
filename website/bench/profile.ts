import { launch, openPack, openPage } from '../tests/support/browser';
import { serveBuild } from '../tests/support/server';

export async function main([pack]: string[]): Promise<void> {
  const server = await serveBuild('build');
  const browser = await launch();
  const { page, context } = await openPage(browser, `${server.url}/open`);
  await openPack(page, pack!);
  await page.waitForTimeout(2500);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Profiler.enable');
  await cdp.send('Profiler.start');
  const box = (await page.locator('[role=application]').boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  for (let n = 0; n < 6; n++) await page.mouse.wheel(0, -240);
  await page.mouse.down();
  for (let n = 0; n < 15; n++) await page.mouse.move(x + 6 * n, y + 3 * Math.sin(n) * n);
  await page.mouse.up();
  for (let n = 0; n < 15; n++) await page.mouse.move(x - 5 * n, y + 2 * n);
  const { profile } = await cdp.send('Profiler.stop');
  const self = new Map<string, number>();
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  profile.samples!.forEach((id, n) => {
    const { functionName, url, lineNumber } = byId.get(id)!.callFrame;
    const key = `${functionName} ${url.split('/').at(-1)}:${lineNumber}`;
    self.set(key, (self.get(key) ?? 0) + profile.timeDeltas![n]! / 1000);
  });
  console.log([...self].sort((a, b) => b[1] - a[1]).slice(0, 20).map(([key, ms]) => `${ms.toFixed(0)} ${key}`).join('\n'));
  await browser.close();
  await server.close();
}
