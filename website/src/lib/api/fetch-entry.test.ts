import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { entriesBelow } from './fetch-entry';
import type { Patience } from './patience';

const QUICK: Patience = { attempts: 4, firstWaitMs: 1, longestWaitMs: 2_000 };
const PROBLEM = { 'content-type': 'application/problem+json' };
let close: (() => void) | null = null;
afterEach(() => close?.());

/** A server that gives these answers one after the other, the last one for ever; counts how often it was asked. */
async function serve(...answers: RequestListener[]): Promise<{ base: string; asked: () => number }> {
  let n = 0;
  const server = createServer(
    (request, response) => void answers[Math.min(n++, answers.length - 1)]!(request, response)
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  close = () => (server.closeAllConnections(), server.close());
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/entries`, asked: () => n };
}

const whole: RequestListener = (_, response) => response.writeHead(200).end(Buffer.alloc(300_000, 7));
const refused =
  (status: number, headers: object = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, { ...PROBLEM, ...headers }).end(
      JSON.stringify({
        code: 'told_code',
        title: 'what it means',
        detail: 'what is wrong here',
        help: 'what to do',
        request_id: 'r1',
        status
      })
    );

test('an entry comes whole, and no more of it than it may have', async () => {
  const { base } = await serve(whole);
  expect((await entriesBelow(base)('graph.json', 300_000)).length).toBe(300_000);
  await expect(entriesBelow(base)('graph.json', 299_999)).rejects.toMatchObject({ code: 'entry_size_mismatch' });
});

test('what the API says of an entry that it does not give is kept', async () => {
  const { base, asked } = await serve(refused(404));
  const told = {
    code: 'told_code',
    title: 'what it means',
    message: 'what is wrong here',
    help: 'what to do',
    requestId: 'r1'
  };
  await expect(entriesBelow(base, QUICK)('nodes.json', 10)).rejects.toMatchObject({ refusal: told });
  expect(asked()).toBe(1);
});

test.each([429, 502, 503, 504])('an answer of %i passes, and the entry is asked for again', async (status) => {
  const { base, asked } = await serve(refused(status), refused(status, { 'retry-after': '0' }), whole);
  expect((await entriesBelow(base, QUICK)('nodes.json', 300_000)).length).toBe(300_000);
  expect(asked()).toBe(3);
});

test('a wait that is asked for is kept, and one that is too long is told at once', async () => {
  const before = performance.now();
  const { base } = await serve(refused(429, { 'retry-after': '1' }), whole);
  await entriesBelow(base, QUICK)('nodes.json', 300_000);
  expect(performance.now() - before).toBeGreaterThan(950);
  const { base: slow, asked } = await serve(refused(429, { 'retry-after': '3' }));
  await expect(entriesBelow(slow, QUICK)('nodes.json', 1)).rejects.toMatchObject({ code: 'told_code' });
  expect(asked()).toBe(1);
});

test('it ends after four attempts', async () => {
  const { base, asked } = await serve((_, response) => response.writeHead(502).end('bad gateway'));
  await expect(entriesBelow(base, QUICK)('nodes.json', 10)).rejects.toMatchObject({ code: 'api_unreadable' });
  expect(asked()).toBe(4);
});

test('an answer that is cut, and no answer, are said so', async () => {
  const { base } = await serve(
    (_, response) => (
      response.writeHead(200, { 'content-length': 99 }).write('abc'),
      setTimeout(() => response.destroy(), 20)
    )
  );
  await expect(entriesBelow(base, QUICK)('nodes.json', 99)).rejects.toMatchObject({
    refusal: { code: 'api_unreachable', title: 'The server’s answer was cut short' }
  });
  close?.();
  await expect(entriesBelow(base, QUICK)('nodes.json', 99)).rejects.toMatchObject({ code: 'api_unreachable' });
});

test('an entry is fetched with the query of its address', async () => {
  const asked: string[] = [];
  const { base } = await serve((request, response) => {
    asked.push(request.url!);
    response.writeHead(200).end('x');
  });
  await entriesBelow(`${base}?link=t`)('source/a b.json', 10);
  await entriesBelow(base)('graph.json', 10);
  expect(asked).toEqual(['/entries/source/a%20b.json?link=t', '/entries/graph.json']);
});
