import { expect, test, vi } from 'vitest';
import { decodePlace } from '$lib/explorer/url';
import { exampleHref, examplesOf, fetchExample, isExampleAddress, SHIPPED } from './examples';

test('its link opens it, and is no place in it', () => {
  expect(exampleHref(SHIPPED[0]!)).toBe('/open?pack=%2Fexamples%2Fflask.docpack');
  expect(decodePlace('?pack=%2Fexamples%2Fflask.docpack')).toEqual(decodePlace(''));
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
      examples: [more, { name: 'far', address: 'https://evil.example/a.docpack' }, 7, SHIPPED[0]]
    })
  ).toEqual([...SHIPPED, { ...more, about: '' }]);
  expect(warn).toHaveBeenCalledTimes(2);
  warn.mockRestore();
  for (const config of [null, {}, 'text', { examples: 'text' }]) expect(examplesOf(config)).toEqual(SHIPPED);
});

const answering = (response: Response) => async () => response;

test('it comes as a file of its name', async () => {
  const file = await fetchExample(SHIPPED[0]!.address, answering(new Response('bytes')));
  expect([file.name, await file.text()]).toEqual(['flask.docpack', 'bytes']);
});

test.each([
  ['no_such_example', new Response('', { status: 404 })],
  ['no_such_example', new Response('<!doctype html>', { headers: { 'content-type': 'text/html; charset=utf-8' } })],
  ['site_unreachable', new Response('bad gateway', { status: 502 })]
])('another answer is told as %s', async (code, response) => {
  await expect(fetchExample(SHIPPED[0]!.address, answering(response))).rejects.toMatchObject({ code });
});

test('another host is not even asked', async () => {
  const fetcher = vi.fn(answering(new Response('bytes')));
  await expect(fetchExample('https://evil.example/examples/a.docpack', fetcher)).rejects.toMatchObject({
    code: 'no_such_example'
  });
  expect(fetcher).not.toHaveBeenCalled();
  await expect(
    fetchExample(SHIPPED[0]!.address, () => Promise.reject(new TypeError('failed to fetch')))
  ).rejects.toMatchObject({ code: 'site_unreachable' });
});
