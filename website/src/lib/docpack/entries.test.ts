import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { SMALL, synthetic } from '../../../tests/support/synthetic';
import {
  concat,
  END_MARKER,
  entriesOf as entriesAsWritten,
  member,
  tarEntry,
  writePack,
  type Contents
} from '../../../tests/support/writer';
import { withBodies, withScaledVectors, withSource, withTour } from '../../../tests/support/additions';
import { entriesInFile, fetchEntries, fetchLate, isLate, type Get } from './entries';
import { DocpackError } from './errors';
import { gunzip } from './gunzip';
import { LateEntries } from './late';
import { DEFAULT_LIMITS } from './limits';
import { Model } from './model';
import { listedBy, readPack } from './pack';
import { answerOn, askOn } from './port';
import { untar } from './tar';

/** The entries of a whole pack by their paths, as the API has them. */
async function entriesOf(contents: Contents = synthetic(SMALL)): Promise<Map<string, Uint8Array>> {
  const entries = new Map<string, Uint8Array>();
  for await (const { path, bytes } of untar(gunzip(writePack(contents), DEFAULT_LIMITS), DEFAULT_LIMITS))
    entries.set(path, bytes);
  return entries;
}

const read = (get: Get) => readPack(fetchEntries(get, DEFAULT_LIMITS, listedBy), DEFAULT_LIMITS, () => {}, isLate);

test('a pack is read without its vectors, which come when it is verified', async () => {
  const entries = await entriesOf();
  const asked: string[] = [];
  const get: Get = async (path) => (asked.push(path), entries.get(path)!);
  const pack = await read(get);
  expect(asked[0]).toBe('manifest.json');
  expect(asked.filter(isLate)).toEqual([]);
  for await (const entry of fetchLate(get, pack.manifest.entries, DEFAULT_LIMITS))
    await pack.takeLate(entry, DEFAULT_LIMITS);
  expect(new Set(asked)).toEqual(new Set(entries.keys()));
  expect(pack.verify()).toMatchObject({ ok: true });
  expect(pack.vectors).not.toBeNull();
});

test('the guide comes right after the manifest, from a file too, and the digests are those of the archive', async () => {
  const archive = writePack(withTour(withScaledVectors(synthetic(SMALL))));
  const entries = await entriesOf(withTour(withScaledVectors(synthetic(SMALL))));
  const get: Get = async (path) => entries.get(path)!;
  for (const reading of [
    () => entriesInFile(archive, DEFAULT_LIMITS, listedBy),
    () => fetchEntries(get, DEFAULT_LIMITS, listedBy)
  ]) {
    const paths: string[] = [];
    const pack = await readPack(reading(), DEFAULT_LIMITS, (path) => paths.push(path), isLate);
    expect(paths.slice(0, 2)).toEqual(['manifest.json', 'tour.json']);
    expect(new Set(paths).size).toBe(paths.length);
    expect(pack.tour?.flows.length).toBeGreaterThan(0);
    if (paths.length === entries.size) expect(pack.verify()).toMatchObject({ ok: true });
  }
});

test('an archive that is divided otherwise is read in its order', async () => {
  const tar = concat(...entriesAsWritten(withTour(synthetic(SMALL))).map((entry) => tarEntry(entry)), END_MARKER);
  const paths: string[] = [];
  await readPack(entriesInFile(member(tar), DEFAULT_LIMITS, listedBy), DEFAULT_LIMITS, (path) => paths.push(path));
  expect(paths.at(-1)).toBe('tour.json');
});

test('vectors and source text are fetched when they are asked for, each once', async () => {
  const entries = await entriesOf(withSource(withScaledVectors(synthetic(SMALL)), (path) => `first of ${path}\n`));
  const asked: string[] = [];
  const get: Get = async (path) => (asked.push(path), entries.get(path)!);
  const pack = await read(get);
  const model = new Model(pack);
  expect(asked.filter(isLate)).toEqual([]);
  expect(model.similar(3, 5).by).toBe('edges');
  const late = new LateEntries(pack, get, DEFAULT_LIMITS);
  await Promise.all([late.readVectors(), late.readVectors()]);
  expect(model.similar(3, 5).by).toBe('vectors');
  const path = pack.files[0]!.file_path;
  for (let n = 0; n < 2; n++)
    expect((await (await late.source())!.lines(path, 1, 1))!.lines).toEqual([`first of ${path}`]);
  expect(asked.filter((path) => path.startsWith('source'))).toEqual([
    'source_map.json',
    'source_index.json',
    'source/0000.txt'
  ]);
  await late.readAll();
  expect(pack.verify()).toMatchObject({ ok: true });
  expect(new Set(asked)).toEqual(new Set(entries.keys()));
});

test('bodies are fetched when they are asked for, once, and verified', async () => {
  const entries = await entriesOf(withBodies(synthetic(SMALL)));
  const asked: string[] = [];
  const get: Get = async (path) => (asked.push(path), entries.get(path)!);
  const pack = await read(get);
  expect(asked).not.toContain('bodies.json');
  const late = new LateEntries(pack, get, DEFAULT_LIMITS);
  const [bodies] = await Promise.all([late.bodies(), late.bodies()]);
  const symbol = pack.symbols[0]!;
  expect(bodies!.get(symbol.id)!.steps.map(({ kind, text, effect }) => [kind, text, effect])).toEqual([
    ['call', 'open', 'file_read'],
    ['return', 'file', null]
  ]);
  expect(asked.filter((path) => path === 'bodies.json')).toHaveLength(1);
  await late.readAll();
  expect(pack.verify()).toMatchObject({ ok: true });
  const without = await read(async (path) => (await entriesOf()).get(path)!);
  expect(await new LateEntries(without, null, DEFAULT_LIMITS).bodies()).toBeNull();
});

test('source text that is not what the manifest says is refused, and may be asked for again', async () => {
  const entries = await entriesOf(withSource(synthetic(SMALL), (path) => `first of ${path}\n`));
  let isBroken = true;
  const get: Get = async (path) =>
    isBroken && path === 'source_index.json' ? new Uint8Array(entries.get(path)!.length) : entries.get(path)!;
  const late = new LateEntries(await read(get), get, DEFAULT_LIMITS);
  await expect(late.source()).rejects.toMatchObject({ code: 'entry_digest_mismatch' });
  isBroken = false;
  expect(await late.source()).not.toBeNull();
});

test('an entry that is not what the manifest says is refused', async () => {
  const entries = await entriesOf();
  const nodes = entries.get('nodes.json')!.slice();
  nodes[nodes.length - 3]! ^= 1;
  await expect(read(async (path) => (path === 'nodes.json' ? nodes : entries.get(path)!))).rejects.toMatchObject({
    code: 'entry_digest_mismatch'
  });
  await expect(
    read(async (path) => (path === 'nodes.json' ? nodes.slice(1) : entries.get(path)!))
  ).rejects.toMatchObject({ code: 'entry_size_mismatch' });
});

test('entries come through the port, and so does all that is said of one that does not', async () => {
  const { port1, port2 } = new MessageChannel();
  const bytes = new Uint8Array(300_000).map((_, n) => n * 7);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const told = {
    code: 'rate_limit_exceeded',
    title: 'too many requests',
    message: 'of this address',
    help: 'wait a minute',
    requestId: 'r1'
  };
  answerOn(port1, async (path) => {
    if (path === 'nodes.json') throw DocpackError.of(told);
    if (path === 'quality.json') throw new TypeError('no such thing');
    return bytes;
  });
  const get = askOn(port2);
  expect(
    createHash('sha256')
      .update(await get('graph.json', 300_000))
      .digest('hex')
  ).toBe(digest);
  await expect(get('nodes.json', 10)).rejects.toMatchObject({ code: 'rate_limit_exceeded', refusal: told });
  await expect(get('quality.json', 10)).rejects.toMatchObject({
    refusal: { code: 'io', message: 'no such thing', help: expect.stringContaining('try again') }
  });
  port1.close();
  port2.close();
});
