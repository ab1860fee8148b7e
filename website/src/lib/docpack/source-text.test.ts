import { expect, test, vi } from 'vitest';
import { SourceReader } from './source-text';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A reader of one file that lies in the middle of its part. */
function readerOf(text: string, redactions: { start: number; end: number; rule: string }[] = []) {
  const [before, own] = [bytesOf('first file\n'), bytesOf(text)];
  const part = Uint8Array.from([...before, ...own, ...bytesOf('last file\n')]);
  const file = { file_path: 'a.py', part: 0, offset: before.length, bytes: own.length, redactions };
  return new SourceReader({ files: [file] }, async () => part);
}

test.each<[text: string, first: number, last: number, lines: string[], total: number]>([
  ['a\nb\nc\n', 1, 3, ['a', 'b', 'c'], 3],
  ['a\nb\nc', 2, 9, ['b', 'c'], 3],
  ['a\r\nb\r\n', 1, 2, ['a', 'b'], 2],
  ['a\n\n\nd\n', 2, 3, ['', ''], 4],
  ['größe\n名前\n', 2, 2, ['名前'], 2],
  ['a\n', 2, 4, [], 1],
  ['', 1, 5, [], 0],
  ['\n', 1, 1, [''], 1]
])('lines of %j from %i to %i', async (text, first, last, lines, total) => {
  expect(await readerOf(text).lines('a.py', first, last)).toEqual({ first, lines, total, redacted: 0 });
});

test('text hides nothing, whatever is in it', async () => {
  const { lines } = (await readerOf('if (x\u202e) {\u0000\n\u001b[2J a\rb\n\u00ff\n').lines('a.py', 1, 3))!;
  expect(lines).toEqual(['if (x⟨U+202E⟩) {␀', '␛[2J a␍b', 'ÿ']);
});

test('bytes that are not UTF-8 are shown as such', async () => {
  const part = Uint8Array.of(0x61, 0xff, 0x62, 0x0a);
  const reader = new SourceReader(
    { files: [{ file_path: 'a', part: 0, offset: 0, bytes: 4, redactions: [] }] },
    async () => part
  );
  expect((await reader.lines('a', 1, 1))!.lines).toEqual(['a\ufffdb']);
});

test('a long line is cut, and so is a long answer', async () => {
  const { lines } = (await readerOf(`${'x'.repeat(5_000)}\n${'y\n'.repeat(5_000)}`).lines('a.py', 1, 5_001))!;
  expect(lines.length).toBe(1_000);
  expect(lines[0]).toBe(`${'x'.repeat(1_000)}…`);
});

test('secrets among the lines are counted', async () => {
  const reader = readerOf('key = "***"\nb\n', [{ start: 7, end: 10, rule: 'token' }]);
  expect((await reader.lines('a.py', 1, 1))!.redacted).toBe(1);
  expect((await reader.lines('a.py', 2, 2))!.redacted).toBe(0);
});

test('a part is read once, and the one that was not used for longest is let go', async () => {
  const files = [0, 1, 2].map((part) => ({ file_path: `${part}.py`, part, offset: 0, bytes: 4, redactions: [] }));
  const readPart = vi.fn(async (path: string) => bytesOf(`${path[10]}ab\n`));
  const reader = new SourceReader({ files }, readPart, 8);
  for (const path of ['0.py', '1.py', '0.py', '2.py', '0.py', '1.py'])
    expect((await reader.lines(path, 1, 1))!.lines).toEqual([`${path[0]}ab`]);
  expect(readPart.mock.calls.map(([path]) => path)).toEqual([
    'source/0000.txt',
    'source/0001.txt',
    'source/0002.txt',
    'source/0001.txt'
  ]);
});

test('a file without text is null, and one past its part is refused', async () => {
  const reader = new SourceReader(
    { files: [{ file_path: 'a', part: 0, offset: 2, bytes: 9, redactions: [] }] },
    async () => bytesOf('short')
  );
  expect(await reader.lines('b', 1, 2)).toBeNull();
  await expect(reader.lines('a', 1, 2)).rejects.toMatchObject({ code: 'source_malformed' });
});
