import { launch, openPage } from '../tests/support/browser';
import { serveBuild } from '../tests/support/server';

const EVENTS = 100_000;
const STAGES = ['ingest', 'embed', 'assemble', 'generate', 'pack'];

/** Measures a job's page while 100,000 events arrive at once, and while the log is scrolled. */
export async function main(): Promise<void> {
  const server = await serveBuild('build');
  const browser = await launch();
  const { page, context } = await openPage(browser, `${server.url}/docs`);
  const time = new Date(0).toISOString();
  const event = (n: number) => ({
    specversion: '1.0',
    id: `${n}`,
    source: 'doctown',
    subject: 's',
    time,
    datacontenttype: 'application/json',
    context: { owner: 'local' },
    meta: {},
    type: 'ingest.file_detected.v1',
    data: { file_path: `src/folder/file_${n}.py`, n_files: 1, n_symbols: n % 40 }
  });
  const told = Array.from(
    { length: EVENTS },
    (_, n) => `id: 0.${n}\nevent: x\ndata: ${JSON.stringify(event(n))}\n\n`
  ).join('');
  const job = {
    job_id: 'j',
    owner: 'local',
    name: 'many',
    phase: 'ingest',
    is_over: false,
    created_at: time,
    deadline: time,
    links: { self: '/v1/jobs/j', events: '/v1/jobs/j/events' },
    options: {},
    phases: [],
    missing: [],
    stages: STAGES.map((stage) => ({ stage, state: 'running', units_done: 0, counts: {} })),
    statistics: {
      files: 0,
      symbols: 0,
      chunks: 0,
      chunks_embedded: 0,
      bytes: 0,
      files_with_errors: 0,
      parse_errors: 0,
      languages: {},
      skipped: {}
    }
  };
  await page.route('**/v1/jobs/j', (route) => route.fulfill({ json: job }));
  await page.route('**/v1/jobs/j/events', (route) =>
    route.request().headers()['last-event-id']
      ? undefined
      : route.fulfill({ body: told, contentType: 'text/event-stream' })
  );
  await page.addInitScript(() => {
    const tasks: number[] = ((window as unknown as { tasks: number[] }).tasks = []);
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => tasks.push(duration))).observe({
      type: 'longtask',
      buffered: true
    });
  });
  const tasksOf = () => page.evaluate(() => (window as unknown as { tasks: number[] }).tasks.splice(0));
  const said = (tasks: number[]) => `${tasks.length} tasks over 50 ms, longest ${Math.round(Math.max(0, ...tasks))} ms`;
  await page.goto(`${server.url}/jobs/j`);
  const started = Date.now();
  await page.locator(`[data-events="${EVENTS}"]`).waitFor({ timeout: 120_000 });
  console.log(`${EVENTS} events after ${Date.now() - started} ms: ${said(await tasksOf())}`);
  await page.getByRole('button', { name: 'Log', exact: true }).click();
  await page.getByLabel('Show every event').check();
  await page.locator('[aria-label="Event log"]').hover();
  for (let n = 0; n < 60; n++) await page.mouse.wheel(0, n % 3 === 0 ? -60_000 : -2_000);
  await page.waitForTimeout(500);
  console.log(
    `scrolling: ${said(await tasksOf())}; rows drawn: ${await page.locator('[data-events] ol > li').count()}`
  );
  await context.close();
  await browser.close();
  await server.close();
}
