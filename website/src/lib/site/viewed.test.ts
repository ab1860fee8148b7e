import { expect, test } from 'vitest';
import { fetchViewed } from './viewed';

const answering = (response: Response) => async () => response;
const ofPack = (disposition: string) =>
  new Response('bytes', { headers: { 'content-type': 'application/vnd.docpack', 'content-disposition': disposition } });

test('the pack comes under its own name', async () => {
  const file = await fetchViewed(answering(ofPack("attachment; filename*=UTF-8''%C3%BC%20%22a%22.docpack")));
  expect([file.name, await file.text()]).toEqual(['ü "a".docpack', 'bytes']);
  expect((await fetchViewed(answering(ofPack('attachment')))).name).toBe('pack.docpack');
});

test.each([
  ['no_pack_here', new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })],
  ['no_pack_here', new Response('', { status: 404 })],
  [
    'pack_changed',
    Response.json(
      { code: 'pack_changed', title: 'changed' },
      { status: 409, headers: { 'content-type': 'application/problem+json' } }
    )
  ],
  ['api_unreadable', new Response('bad gateway', { status: 502 })]
])('another answer is told as %s', async (code, response) => {
  await expect(fetchViewed(answering(response))).rejects.toMatchObject({ code });
});

test('a program that was stopped is told as such', async () => {
  await expect(fetchViewed(() => Promise.reject(new TypeError('failed to fetch')))).rejects.toMatchObject({
    code: 'view_stopped'
  });
});
