import { gunzip } from '../../src/lib/docpack/gunzip';
import { LateEntries } from '../../src/lib/docpack/late';
import { DEFAULT_LIMITS } from '../../src/lib/docpack/limits';
import { Model } from '../../src/lib/docpack/model';
import { readPack } from '../../src/lib/docpack/pack';
import type { PackSource } from '../../src/lib/docpack/source';
import { untar } from '../../src/lib/docpack/tar';
import { ExplorerState } from '../../src/lib/explorer/state.svelte';
import { SMALL, synthetic } from './synthetic';
import { writePack, type Contents } from './writer';

/** The explorer's state of a small pack, or of the given one, read without a worker; `query` is the place in it, `changes` what the source does otherwise. */
export async function explorerOf(
  query = '',
  changes: Partial<PackSource> = {},
  pack: Contents | Uint8Array<ArrayBuffer> = synthetic(SMALL)
): Promise<{ explorer: ExplorerState; model: Model }> {
  const bytes = pack instanceof Uint8Array ? pack : writePack(pack);
  const model = new Model(await readPack(untar(gunzip(bytes, DEFAULT_LIMITS), DEFAULT_LIMITS), DEFAULT_LIMITS));
  const late = new LateEntries(model.pack, null, DEFAULT_LIMITS);
  const source: PackSource = {
    head: async () => model.head,
    table: async () => model.table,
    edges: async () => model.edges,
    detail: async (symbol) => model.detail(symbol),
    search: (text, limit) => model.search(text, limit),
    ask: async (question) => model.ask(question, await late.bodies()),
    impact: async (symbol) => model.queries.impact(symbol),
    path: async (from, to) => model.queries.path(from, to),
    snippets: (text, hits) => model.snippets(text, hits, late.atHand),
    similar: async (symbol, limit) => model.similar(symbol, limit),
    overviews: async () => model.pack.overviews!,
    tour: async () => model.pack.tour,
    insights: async () => model.pack.insights,
    quality: async () => model.qualityPage(),
    lines: async (file, first, last) =>
      (await late.source())?.lines(typeof file === 'string' ? file : model.pack.files[file]!.file_path, first, last) ??
      null,
    code: async (path) => {
      const text = await (await late.source())?.text(path);
      return text ? model.code(path, text) : null;
    },
    imports: async (file) => model.pack.files[file]!.imports,
    verification: async () => model.pack.verify(),
    download: async () => ({ name: 'small.docpack', bytes: 1_000, open: async () => new Blob() }),
    rank: null,
    onprogress: null,
    close: () => undefined,
    ...changes
  };
  const explorer = new ExplorerState(
    source,
    'small.docpack',
    { read: () => query, write: () => undefined, href: (place) => `?${place}`, listen: () => () => undefined },
    true
  );
  explorer.start();
  // Each of the four answers that are loaded one after the other takes a turn.
  await new Promise((loaded) => setTimeout(loaded, 0));
  return { explorer, model };
}
