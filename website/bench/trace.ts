import type { CDPSession, Page } from 'playwright-core';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number } }[];
  startTime: number;
  samples?: number[];
  timeDeltas?: number[];
}

interface Event {
  name: string;
  ph: string;
  ts: number;
  dur?: number;
  /** Of it, what the thread itself worked: other programs on the machine do not count. */
  tdur?: number;
  pid: number;
  tid: number;
  args?: { data?: { functionName?: string; type?: string }; name?: string };
}

export interface LongTask {
  ms: number;
  workedMs: number;
  /** What ran within it for longer than 5 ms, as the browser calls it, and the functions that took the most of it. */
  parts: string[];
}

const DETAILS = ['disabled-by-default-devtools.timeline', 'v8', 'disabled-by-default-v8.gc'];

/**
 * Records what the browser does during some work.
 *
 * With `isProfiled` the functions of long tasks are named too, which makes all of them slower.
 */
export async function record(page: Page, isProfiled: boolean, work: () => Promise<void>): Promise<Recording> {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  const events: Event[] = [];
  cdp.on('Tracing.dataCollected', ({ value }) => void events.push(...(value as unknown as Event[])));
  // Its start takes a quarter of a second, so it comes before what is recorded.
  if (isProfiled) {
    await cdp.send('Profiler.enable');
    await cdp.send('Profiler.setSamplingInterval', { interval: 1_000 });
    await cdp.send('Profiler.start');
  }
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', ...(isProfiled ? DETAILS : [])] }
  });
  await work();
  const profile = isProfiled ? (await cdp.send('Profiler.stop')).profile : null;
  const ended = new Promise<void>((end) => cdp.once('Tracing.tracingComplete', () => end()));
  await cdp.send('Tracing.end');
  await ended;
  await cdp.detach();
  const threads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`)
  );
  return new Recording(
    events.filter(({ ph, pid, tid }) => ph === 'X' && threads.has(`${pid} ${tid}`)),
    profile
  );
}

/** What the page's own thread did. */
export class Recording {
  private readonly tasks: Event[];

  constructor(
    private readonly own: readonly Event[],
    private readonly profile: Profile | null
  ) {
    this.tasks = own.filter(({ name }) => name === 'ThreadControllerImpl::RunTask');
  }

  /** The tasks that took longer than a limit, the longest first. */
  longerThan(limitMs: number): LongTask[] {
    return this.tasks
      .filter(({ dur = 0 }) => dur > limitMs * 1_000)
      .map((task) => ({
        ms: Math.round(task.dur! / 1_000),
        workedMs: workedMs(task),
        parts: [...partsOf(task, this.own), ...(this.profile ? functionsOf(task, this.profile) : [])]
      }))
      .sort((a, b) => b.ms - a.ms);
  }

  /** Processor time of the tasks in which the page handled an event. */
  workedOn(type: string): number[] {
    const handled = this.own.filter(({ name, args }) => name === 'EventDispatch' && args?.data?.type === type);
    return this.tasks.filter((task) => handled.some((event) => isWithin(event, task))).map(workedMs);
  }
}

const workedMs = ({ tdur = 0 }: Event) => Math.round(tdur / 100) / 10;
const isWithin = (event: Event, task: Event) =>
  event.ts >= task.ts && event.ts + (event.dur ?? 0) <= task.ts + (task.dur ?? 0);

function partsOf(task: Event, own: readonly Event[]): string[] {
  const inside = own.filter((event) => event !== task && (event.dur ?? 0) > 5_000 && isWithin(event, task));
  return inside
    .sort((a, b) => a.ts - b.ts)
    .map(
      ({ name, dur, args }) =>
        `${name}${args?.data?.functionName ? ` ${args.data.functionName}` : ''}${args?.data?.type ? ` ${args.data.type}` : ''} ${Math.round(dur! / 1_000)} ms`
    );
}

/** Self time by function, of the samples that fell into the task. */
function functionsOf(task: Event, { nodes, samples = [], timeDeltas = [], startTime }: Profile): string[] {
  const named = new Map(
    nodes.map(({ id, callFrame }) => [
      id,
      `${callFrame.functionName || '(anonymous)'} ${callFrame.url.split('/').at(-1)}:${callFrame.lineNumber}:${callFrame.columnNumber}`
    ])
  );
  const self = new Map<string, number>();
  let at = startTime;
  samples.forEach((id, n) => {
    at += timeDeltas[n]!;
    if (at < task.ts || at > task.ts + task.dur!) return;
    self.set(named.get(id)!, (self.get(named.get(id)!) ?? 0) + timeDeltas[n]! / 1_000);
  });
  return [...self]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 4)
    .map(([name, ms]) => `${name} ${Math.round(ms)} ms`);
}
