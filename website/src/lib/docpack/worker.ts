/// <reference lib="webworker" />
import { buffersOf } from '$lib/search/index';
import type { Searchable } from '$lib/search/pack-search';
import { entriesInFile, fetchEntries, isLate } from './entries';
import { DocpackError, refusalOf, type Refusal } from './errors';
import { askOn } from './port';
import { LateEntries } from './late';
import { DEFAULT_LIMITS } from './limits';
import { Model } from './model';
import { listedBy, readPack, type Pack } from './pack';
import type { Tour } from './records';
import { sentTable } from './sent-table';
import type { PackHead, Progress, SnippetOf } from './source';
import { buildHead } from './tables';
import type { Entry } from './tar';

/** Where the pack is: a file, or entries that are asked for on a port, and the id that it must have. */
export type Opening =
  { method: 'open'; input: ArrayBuffer | Blob } | { method: 'open'; entries: MessagePort; docpackId: string };

/** Questions by the names of the methods that ask them. */
export type Question =
  | Opening
  | {
      method:
        'head' | 'table' | 'edges' | 'overviews' | 'tour' | 'insights' | 'quality' | 'verification' | 'searchable';
    }
  | { method: 'detail' | 'impact'; symbol: number }
  | { method: 'ask'; question: string }
  | { method: 'path'; from: number; to: number }
  | { method: 'snippets'; query: string; hits: readonly SnippetOf[] }
  | { method: 'similar'; symbol: number; limit: number }
  | { method: 'imports'; file: number }
  | { method: 'code'; path: string }
  | { method: 'lines'; file: number | string; first: number; last: number };

export type Request = Question & { ticket: number };
export type Reply = { ticket: number; value: unknown } | { ticket: number; refusal: Refusal } | { progress: Progress };

let whole: Promise<Model> = Promise.reject(new DocpackError('io', 'no pack is open'));
whole.catch(() => undefined);
/** What is answered while the rest is still read. */
let head = later<PackHead>();
let tour = later<Tour | null>();

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const { ticket } = data;
  try {
    const value = await answer(data);
    self.postMessage({ ticket, value } satisfies Reply, {
      transfer: data.method === 'searchable' ? buffersOf((value as Searchable).index) : []
    });
  } catch (error) {
    self.postMessage({ ticket, refusal: refusalOf(error) } satisfies Reply);
  }
};

async function answer(question: Question): Promise<unknown> {
  if (question.method === 'open') return open(question);
  if (question.method === 'head') return head.promise;
  if (question.method === 'tour') return tour.promise;
  const model = await whole;
  switch (question.method) {
    case 'table':
      return sentTable(model.table);
    case 'edges':
      return model.edges;
    case 'overviews':
      return model.pack.overviews;
    case 'insights':
      return model.pack.insights;
    case 'quality':
      return model.qualityPage();
    case 'verification':
      await late!.readAll();
      return model.pack.verify();
    case 'detail':
      return model.detail(question.symbol);
    case 'impact':
      return model.queries.impact(question.symbol);
    case 'ask':
      return model.ask(question.question, await late!.bodies());
    case 'path':
      return model.queries.path(question.from, question.to);
    case 'snippets':
      return model.snippets(question.query, question.hits, late!.atHand);
    case 'searchable':
      // After the tables that are already asked for are sent.
      await new Promise((sent) => setTimeout(sent, 50));
      return model.searchable();
    case 'similar':
      await late!.readVectors();
      return model.similar(question.symbol, question.limit);
    case 'imports':
      return model.pack.files[question.file]?.imports ?? [];
    case 'code': {
      const text = await (await late!.source())?.text(question.path);
      return text ? model.code(question.path, text) : null;
    }
    case 'lines': {
      const { file } = question;
      const path = typeof file === 'string' ? file : model.pack.files[file]?.file_path;
      return path === undefined ? null : ((await late!.source())?.lines(path, question.first, question.last) ?? null);
    }
  }
}

/** Starts reading; `head` and `tour` are answered as soon as their entries are there. */
function open(opening: Opening): void {
  [head, tour] = [later(), later()];
  whole = (async () => {
    let built: PackHead | null = null;
    const isFile = 'input' in opening;
    const get = isFile ? null : askOn(opening.entries);
    const entries = 'input' in opening ? inFile(opening.input) : fetchEntries(get!, DEFAULT_LIMITS, listedBy);
    const onentry = (path: string, pack: Pack) => {
      if (path === 'manifest.json' && !isFile && pack.manifest.docpack_id !== opening.docpackId) {
        throw new DocpackError(
          'docpack_id_mismatch',
          `this is \`${pack.manifest.docpack_id}\`, not the requested pack`
        );
      }
      // Entries come with the places of symbols first; the head is built before the long ones are read.
      if (path === 'clusters.json' && pack.layout) {
        const ids = pack.layout.symbols.map(({ id }) => id);
        head.resolve((built = buildHead(pack, ids)));
      }
      if (path === 'tour.json') tour.resolve(pack.tour);
      total = pack.manifest.entries.reduce((sum, entry) => sum + (isFile || !isLate(entry.path) ? entry.bytes : 0), 0);
    };
    const pack = await readPack(counted(entries), DEFAULT_LIMITS, onentry, isFile ? () => false : isLate);
    late = new LateEntries(pack, get, DEFAULT_LIMITS);
    return new Model(pack, built);
  })();
  whole.then(
    (model) => {
      head.resolve(model.head);
      tour.resolve(model.pack.tour);
    },
    (error) => {
      head.reject(error);
      tour.reject(error);
    }
  );
}

interface Later<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
}

/** A promise that is settled from outside; its failure is that of the whole, which says it. */
function later<T>(): Later<T> {
  let settle: Omit<Later<T>, 'promise'>;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  promise.catch(() => undefined);
  return { promise, ...settle! };
}

let total = 0;
/** Set once the pack is read. */
let late: LateEntries | null = null;

async function* inFile(input: ArrayBuffer | Blob): AsyncGenerator<Entry> {
  const bytes = new Uint8Array(input instanceof Blob ? await input.arrayBuffer() : input);
  yield* entriesInFile(bytes, DEFAULT_LIMITS, listedBy);
}

async function* counted(entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
  let bytesRead = 0;
  for await (const entry of entries) {
    bytesRead += entry.bytes.length;
    yield entry;
    self.postMessage({ progress: { entry: entry.path, bytesRead, bytesTotal: total } } satisfies Reply);
  }
}
