import fc from 'fast-check';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ApiClient } from '$lib/api/client';
import type { ApiError } from '$lib/api/problem';
import { EventLog } from './event-log';
import { follow, type Connection, type Pace } from './follow';

const QUICK: Pace = { firstRetryMs: 1, longestRetryMs: 2, pollMs: 1, silenceMs: 5_000 };
const EVENTS = Array.from({ length: 40 }, (_, n) => ({
  cursor: `${n >> 3}.${n & 7}`,
  event:
    n < 39
      ? { type: 'ingest.file_detected.v1', data: { file_path: `é${n}.py`, n_files: 1, n_symbols: n } }
      : { type: 'job.completed.v1', data: {} }
}));

let server: Server | null = null;
afterEach(() => void server?.close());

type Cut = { bytes: number; how: 'destroy' | 'end' | 'refuse' };

/** Tells the events as the API does, and cuts each stream after so many bytes; without cuts left it goes to the end. */
async function serve(
  cuts: Cut[],
  streams: 'told' | 'empty' | 'refused' | 'a page' = 'told'
): Promise<{ base: string; asked: string[] }> {
  const asked: string[] = [];
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const after = request.headers['last-event-id'] ?? url.searchParams.get('after');
    asked.push(`${request.headers.accept} ${after ?? ''}`);
    const from = after ? EVENTS.findIndex(({ cursor }) => cursor === after) + 1 : 0;
    if (request.headers.accept !== 'text/event-stream') {
      const events = EVENTS.slice(from, from + 7);
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ events, next: null, is_over: from + 7 >= EVENTS.length }));
      return;
    }
    if (streams === 'empty') return void response.writeHead(200, { 'content-type': 'text/event-stream' }).end();
    if (streams === 'refused')
      return void response.writeHead(503, { 'content-type': 'text/plain' }).end('no streams here');
    if (streams === 'a page')
      return void response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Blocked</h1>');
    const cut = cuts.shift();
    if (cut?.how === 'refuse')
      return void response
        .writeHead(503, { 'content-type': 'application/problem+json' })
        .end('{"code":"shutting_down","title":"stops"}');
    const told = Buffer.from(
      EVENTS.slice(from)
        .map(({ cursor, event }) => `id: ${cursor}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
        .join('')
    );
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(told.subarray(0, cut?.bytes ?? told.length), () =>
      cut?.how === 'destroy' ? response.destroy() : response.end()
    );
  });
  await new Promise<void>((listening) => server!.listen(0, '127.0.0.1', listening));
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function followed(base: string) {
  const log = new EventLog();
  const states: Connection[] = [];
  let failure: ApiError | null = null;
  await follow(
    new ApiClient(base),
    'j',
    log,
    { onevents: () => {}, onconnection: (state) => states.push(state), onfailure: (error) => (failure = error) },
    new AbortController().signal,
    QUICK
  );
  return { log, states, failure: failure as ApiError | null };
}

test('cuts anywhere, also within a letter, leave no gap and no event twice', { timeout: 120_000 }, async () => {
  const cut = fc.record({ bytes: fc.nat(3_000), how: fc.constantFrom<Cut['how']>('destroy', 'end', 'refuse') });
  await fc.assert(
    fc.asyncProperty(fc.array(cut, { maxLength: 6 }), async (cuts) => {
      const { base } = await serve(cuts);
      const { log, states, failure } = await followed(base);
      server?.close();
      expect(failure).toBeNull();
      expect(log.events).toEqual(EVENTS);
      expect(states.at(-1)).toBe('over');
    }),
    { numRuns: 30 }
  );
});

test.each(['empty', 'refused', 'a page'] as const)(
  'where streams do not come through (%s), the events are asked for in pages',
  async (streams) => {
    const { base, asked } = await serve([], streams);
    const { log, states, failure } = await followed(base);
    expect(failure).toBeNull();
    expect(log.events).toEqual(EVENTS);
    expect(states).toContain('polling');
    expect(asked.filter((line) => line.startsWith('text/event-stream'))).toHaveLength(3);
  }
);

test('a job that does not exist is not asked for again', async () => {
  let n = 0;
  server = createServer(
    (_, response) => (
      n++,
      response
        .writeHead(404, { 'content-type': 'application/problem+json' })
        .end('{"code":"no_such_job","title":"the job does not exist"}')
    )
  );
  await new Promise<void>((listening) => server!.listen(0, '127.0.0.1', listening));
  const { failure } = await followed(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(failure?.code).toBe('no_such_job');
  expect(n).toBe(1);
});
