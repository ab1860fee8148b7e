import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { gunzip } from '$lib/docpack/gunzip';
import { DEFAULT_LIMITS } from '$lib/docpack/limits';
import { Model } from '$lib/docpack/model';
import { readPack } from '$lib/docpack/pack';
import { untar } from '$lib/docpack/tar';
import { decodePlace } from '$lib/explorer/url';
import { exampleHref, examplesOf, fetchExample, isExampleAddress, SHIPPED } from './examples';

test('the shipped pack is small, is read by this reader, and is what it says it is', async () => {
  const bytes = new Uint8Array(readFileSync(new URL(`../../../static${SHIPPED.address}`, import.meta.url)));
  // The limit of scripts/example-pack.
  expect(bytes.length).toBeLessThan(300_000);
  const model = new Model(await readPack(untar(gunzip(bytes, DEFAULT_LIMITS), DEFAULT_LIMITS), DEFAULT_LIMITS));
  const { ok, checks } = model.pack.verify();
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect(ok).toBe(true);
  expect(model.table.files.map(({ path }) => path)).toContain('src/read.rs');
  expect(model.head.clusters.length).toBeGreaterThan(1);
});

test('its link opens it, and is no place in it', () => {
  expect(exampleHref(SHIPPED)).toBe('/open?pack=%2Fexamples%2Fdocpack.docpack');
  expect(decodePlace('?pack=%2Fexamples%2Fdocpack.docpack')).toEqual(decodePlace(''));
});

test.each([
  ['/examples/a.docpack', true],
  ['/examples/rust/serde-1.0.docpack', true],
  ['/examples/', false],
  ['/examples/a.json', false],
  ['/examples/../packs/a.docpack', false],
  ['/examples/%2e%2e/a.docpack', false],
  ['/examples/a.docpack?x', false],
  ['/examples\\..\\a.docpack', false],
  ['//evil.example/examples/a.docpack', false],
  ['https://evil.example/examples/a.docpack', false],
  ['examples/a.docpack', false],
  ['/v1/docpacks/a/a.docpack', false],
  ['', false]
])('is an address of an example: %s: %s', (address, is) => {
  expect(isExampleAddress(address)).toBe(is);
});

test('a site may list further ones; what is no example is left out and named', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const more = { name: 'serde', address: '/examples/serde.docpack' };
  expect(
    examplesOf({
      api_base_url: '',
      examples: [more, { name: 'far', address: 'https://evil.example/a.docpack' }, 7, SHIPPED]
    })
  ).toEqual([SHIPPED, { ...more, about: '' }]);
  expect(warn).toHaveBeenCalledTimes(2);
  warn.mockRestore();
  for (const config of [null, {}, 'text', { examples: 'text' }]) expect(examplesOf(config)).toEqual([SHIPPED]);
});

const answering = (response: Response) => async () => response;

test('it comes as a file of its name', async () => {
  const file = await fetchExample(SHIPPED.address, answering(new Response('bytes')));
  expect([file.name, await file.text()]).toEqual(['docpack.docpack', 'bytes']);
});

test.each([
  ['no_such_example', new Response('', { status: 404 })],
  ['no_such_example', new Response('<!doctype html>', { headers: { 'content-type': 'text/html; charset=utf-8' } })],
  ['site_unreachable', new Response('bad gateway', { status: 502 })]
])('another answer is told as %s', async (code, response) => {
  await expect(fetchExample(SHIPPED.address, answering(response))).rejects.toMatchObject({ code });
});

test('another host is not even asked', async () => {
  const fetcher = vi.fn(answering(new Response('bytes')));
  await expect(fetchExample('https://evil.example/examples/a.docpack', fetcher)).rejects.toMatchObject({
    code: 'no_such_example'
  });
  expect(fetcher).not.toHaveBeenCalled();
  await expect(
    fetchExample(SHIPPED.address, () => Promise.reject(new TypeError('failed to fetch')))
  ).rejects.toMatchObject({ code: 'site_unreachable' });
});
