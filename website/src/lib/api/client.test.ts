import fc from 'fast-check';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { ApiClient } from './client';
import { apiBaseOf, fetchConfig } from './config';
import { ApiError } from './problem';
import { EventStreamParser } from './sse';

let close: (() => void) | null = null;
afterEach(() => close?.());

/** A server of this test alone, whose answers no API of ours would give by itself. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  close = () => server.close();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const failed = (asked: Promise<unknown>) =>
  asked.then(
    () => expect.unreachable('it was answered'),
    (error: unknown) => error as ApiError
  );

test('a problem document becomes an error with its code and help', async () => {
  const base = await serve((_, response) => {
    response.writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': '7' });
    response.end(
      JSON.stringify({
        type: '/docs/errors/rate_limit_exceeded',
        title: 'too many requests',
        status: 429,
        code: 'rate_limit_exceeded',
        detail: 'of this address',
        help: 'wait',
        instance: '/v1/jobs',
        request_id: 'r1'
      })
    );
  });
  const error = await failed(new ApiClient(base).jobs());
  expect(error).toBeInstanceOf(ApiError);
  expect({ ...error }).toMatchObject({
    code: 'rate_limit_exceeded',
    status: 429,
    title: 'Too many requests',
    detail: 'of this address',
    help: 'Try again in a minute.',
    retryAfterMs: 7_000,
    requestId: 'r1'
  });
  expect(error.isPassing).toBe(true);
});

test('what is no answer of the API is an error too', async () => {
  const base = await serve((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>a proxy</h1>')
  );
  const error = await failed(new ApiClient(base).jobs());
  expect([error.code, error.isPassing, error.canRetry]).toEqual(['api_unreadable', false, true]);
  const gone = await serve(() => undefined);
  close?.();
  expect((await failed(new ApiClient(gone).job('x'))).code).toBe('api_unreachable');
});

test('where the API is is asked once, and again after a failure', async () => {
  const base = await serve((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[]}')
  );
  const find = vi
    .fn()
    .mockRejectedValueOnce(new ApiError({ code: 'config_unusable', title: '' }))
    .mockResolvedValue(base);
  const api = new ApiClient(find);
  expect((await failed(api.errors())).code).toBe('config_unusable');
  await api.errors();
  await api.errors();
  expect(find).toHaveBeenCalledTimes(2);
});

test('an order is sent once with its key, and ids stay one part of the path', async () => {
  const seen: string[] = [];
  const base = await serve((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${request.headers['idempotency-key']} ${body}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  const api = new ApiClient(base);
  await api.createJob({ repo_url: 'a/b' }, 'key-1');
  await api.docpack('../jobs?x');
  await api.search('sha256:00', { q: 'a & b', limit: 5 });
  expect(seen).toEqual([
    'POST /v1/jobs key-1 {"repo_url":"a/b"}',
    'GET /v1/docpacks/..%2Fjobs%3Fx undefined ',
    'GET /v1/docpacks/sha256%3A00/search?q=a+%26+b&limit=5 undefined '
  ]);
});

test.each([
  ['{"api_base_url": ""}', ''],
  ['{"api_base_url": "https://api.example.org/"}', 'https://api.example.org'],
  ['{"api_base_url": "javascript:alert(1)"}', null],
  ['{"api_base_url": 1}', null],
  ['no json', null]
])('the address in config.json: %s', async (text, expected) => {
  const base = fetchConfig(async () => new Response(text)).then(apiBaseOf);
  if (expected === null) expect((await failed(base)).code).toBe('config_unusable');
  else expect(await base).toBe(expected);
});

test('a stream cut into any pieces gives the same events', () => {
  const text =
    ': alive\n\nid: 0.0\nevent: a\ndata: {"x":1}\n\nid: 0.1\r\ndata: one\r\ndata: two\r\n\r\nretry: 2000\n\nid: 0.2\nevent: half\ndata: never ended';
  const expected = [
    { id: '0.0', type: 'a', data: '{"x":1}' },
    { id: '0.1', type: 'message', data: 'one\ntwo' }
  ];
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      const parser = new EventStreamParser();
      expect(at.slice(1).flatMap((end, n) => parser.push(text.slice(at[n], end)))).toEqual(expected);
    })
  );
});

test('a client through a share link shows it with every request, and no other client does', async () => {
  const asked: string[] = [];
  const base = await serve((request, response) => {
    asked.push(request.url!);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  const api = new ApiClient(base);
  const shared = api.through('t+1');
  await shared.docpack('abc');
  await shared.search('abc', { q: 'parse' });
  await api.docpack('abc');
  expect(asked).toEqual([
    '/v1/docpacks/abc?link=t%2B1',
    '/v1/docpacks/abc/search?q=parse&link=t%2B1',
    '/v1/docpacks/abc'
  ]);
  expect(await shared.address('/v1/docpacks/abc/download')).toBe(`${base}/v1/docpacks/abc/download?link=t%2B1`);
});

test('a client that acts for an account names it with every request, also through a share link', async () => {
  const api = new ApiClient('https://api.example');
  const path = '/v1/jobs?limit=2';
  expect(await api.actingFor('acc1').address(path)).toBe(`https://api.example${path}&account=acc1`);
  expect(await api.through('t').actingFor('acc1').address('/v1/me')).toBe(
    'https://api.example/v1/me?link=t&account=acc1'
  );
  expect(await api.actingFor(null).address(path)).toBe(`https://api.example${path}`);
});
