// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { fromBase64 } from '../../../export/base64';
import { badgeHtml, badgeMarkdown, badgeSvg, pictureMarkdown } from './badge';
import { onePage, templateOf } from './one-page';

/** Blobs of jsdom have no way to their bytes. */
const blobOf = (bytes: Uint8Array) =>
  ({
    size: bytes.length,
    slice: (from: number, to: number) => ({ arrayBuffer: async () => bytes.slice(from, to) })
  }) as never;
const textOf = (page: Blob) =>
  new Promise<string>((read) => {
    const reader = new FileReader();
    reader.onload = () => read(reader.result as string);
    reader.readAsText(page);
  });

const ABOUT = { title: 'a $& <b>', description: '"c"' };

test('a page that is saved is titled after its pack', async () => {
  const template = '<title>Doctown</title><a data-name="@DOCPACK_NAME@">@DOCPACK@</a>';
  const page = await textOf((await onePage(template, 'a.docpack', blobOf(new Uint8Array(1)), ABOUT))!);
  expect(page).toMatch(/^<title>a \$&amp; &lt;b&gt; · Doctown<\/title>/);
  expect(page).toContain('<meta name="description" content="&quot;c&quot;">');
});

test('a page that is saved holds the pack and its name, whatever they are', async () => {
  const bytes = Uint8Array.from({ length: 400_000 }, (_, n) => (n * 7) % 256);
  const page = await textOf(
    (await onePage('<a data-name="@DOCPACK_NAME@">@DOCPACK@</a>', '$& "x".docpack', blobOf(bytes), ABOUT))!
  );
  const [, name, pack] = /data-name="([^"]*)">([^<]*)</.exec(page)!;
  expect(name).toBe('$&amp; &quot;x&quot;.docpack');
  expect(fromBase64(pack!)).toEqual(bytes);
});

test('a text that has no place for a pack is no page', async () => {
  expect(await onePage('<h1>200</h1>', 'a.docpack', blobOf(new Uint8Array(1)), ABOUT)).toBeNull();
});

test('a page with a pack gives the page without it', () => {
  document.documentElement.innerHTML =
    '<head><title>x</title></head><body><script type="application/octet-stream" id="docpack" data-name="a.docpack">AAAA</script></body>';
  const template = templateOf(document.documentElement, document.getElementById('docpack')!);
  expect(template).toContain('data-name="@DOCPACK_NAME@">@DOCPACK@</script>');
  expect(template).not.toContain('AAAA');
});

test('a picture in Markdown leads to the pack', () => {
  expect(pictureMarkdown('a_b', 'https://x.y/p.png', 'https://x.y/packs/1')).toBe(
    '[![a\\_b](<https://x.y/p.png>)](<https://x.y/packs/1>)'
  );
});

test('no text of a pack becomes markup in a badge', () => {
  const texts = { name: '<img onerror=x>"]', fact: '2 symbols' };
  expect(badgeSvg(texts)).not.toContain('<img');
  expect(badgeHtml(texts, 'https://x.y/"><script>').match(/<\w+/g)).toEqual(['<a', '<img']);
  expect(badgeMarkdown(texts, 'https://x.y/?a=b')).toBe(
    '[![\\<img onerror=x\\>"\\]: 2 symbols](doctown-badge.svg)](<https://x.y/?a=b>)'
  );
});
