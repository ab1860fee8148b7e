/// <reference lib="webworker" />
import { DocpackError } from './errors';
import { gunzip } from './gunzip';
import { DEFAULT_LIMITS } from './limits';
import { Model } from './model';
import { readPack } from './pack';
import type { Progress, Refusal } from './source';
import { buildHead } from './tables';
import { untar, type Entry } from './tar';

/** Questions by the names of the methods that ask them. */
export type Question =
  | { method: 'open'; input: ArrayBuffer | Blob; bytes: number }
  | { method: 'head' | 'table' | 'edges' | 'overviews' | 'quality' | 'verification' }
  | { method: 'detail'; symbol: number }
  | { method: 'search'; query: string; limit: number }
  | { method: 'similar'; symbol: number; limit: number }
  | { method: 'imports'; file: number };

export type Request = Question & { ticket: number };
export type Reply =
  | { ticket: number; value: unknown }
  | { ticket: number; refusal: Refusal }
  | { progress: Progress };

let whole: Promise<Model> = Promise.reject(new DocpackError('io', 'no pack is open'));
whole.catch(() => undefined);
let early: Promise<unknown> = whole;
early.catch(() => undefined);

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  const { ticket } = data;
  try {
    const value = await answer(data);
    self.postMessage({ ticket, value } satisfies Reply);
  } catch (error) {
    self.postMessage({ ticket, refusal: refusalOf(error) } satisfies Reply);
  }
};

async function answer(question: Question): Promise<unknown> {
  if (question.method === 'open') return open(question.input);
  if (question.method === 'head') return early;
  const model = await whole;
  switch (question.method) {
    case 'table':
      return model.table;
    case 'edges':
      return model.edges;
    case 'overviews':
      return model.pack.overviews;
    case 'quality':
      return model.qualityPage();
    case 'verification':
      return model.pack.verify();
    case 'detail':
      return model.detail(question.symbol);
    case 'search':
      return model.search(question.query, question.limit);
    case 'similar':
      return model.similar(question.symbol, question.limit);
    case 'imports':
      return model.pack.files[question.file]?.imports ?? [];
  }
}

/** Starts reading; `head` is answered as soon as the map and the clusters are there. */
function open(input: ArrayBuffer | Blob): void {
  let settle: { resolve: (head: unknown) => void; reject: (error: unknown) => void };
  early = new Promise((resolve, reject) => (settle = { resolve, reject }));
  early.catch(() => undefined);
  whole = (async () => {
    const bytes = new Uint8Array(input instanceof Blob ? await input.arrayBuffer() : input);
    const entries = counted(untar(gunzip(bytes, DEFAULT_LIMITS), DEFAULT_LIMITS));
    const pack = await readPack(entries, DEFAULT_LIMITS, (path, pack) => {
      // Entries come with the map first; the head is built before the long ones are read.
      if (path === 'clusters.json' && pack.layout) settle.resolve(buildHead(pack, pack.layout.symbols.map(({ id }) => id)));
      total = pack.manifest.entries.reduce((sum, entry) => sum + entry.bytes, 0);
    });
    return new Model(pack);
  })();
  whole.then(
    (model) => {
      settle.resolve(model.head);
      // After the tables that are already asked for are sent.
      setTimeout(() => model.prepareSearch(), 50);
    },
    (error) => settle.reject(error)
  );
}

let total = 0;

async function* counted(entries: AsyncIterable<Entry>): AsyncGenerator<Entry> {
  let bytesRead = 0;
  for await (const entry of entries) {
    bytesRead += entry.bytes.length;
    yield entry;
    self.postMessage({ progress: { entry: entry.path, bytesRead, bytesTotal: total } } satisfies Reply);
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof DocpackError) return { code: error.code, message: error.message };
  return { code: 'io', message: error instanceof Error ? error.message : 'the file could not be read' };
}
