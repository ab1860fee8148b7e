import { PackSearch, searchableOf } from '../src/lib/search/pack-search';
import type { Records } from '../src/lib/search/records';
import { synthetic } from '../tests/support/synthetic';

const QUERIES = ['request', 'parse head', 'cache', 'reads the', 'pr2', 'src/token', 'how are tokens read'];

/** Measures the index alone, in processor time, which other work on the machine disturbs least. */
export async function main([symbols = '50000']: string[]): Promise<void> {
  const contents = synthetic({ symbols: Number(symbols), edges: 10, symbolsPerFile: 25, clusters: 10, dimensions: 2 });
  const { symbols: listed } = contents.get('nodes.json') as { symbols: Records['symbols'] };
  const { files } = contents.get('source_map.json') as { files: Records['files'] };
  const records: Records = {
    symbols: listed.map((symbol) => ({
      ...symbol,
      parent: symbol.parent ?? null,
      documentation: symbol.documentation ?? null,
      doc_comment: symbol.doc_comment ?? null
    })),
    files,
    documents: [],
    edges: [],
    unresolved: [],
    modules: [],
    source: null
  };
  const built = await spent(async () => searchableOf(records));
  const opened = await spent(async () => new PackSearch(built.value));
  const times: { typed: string; ms: number }[] = [];
  for (const query of QUERIES) {
    for (let length = 1; length <= query.length; length++) {
      const typed = query.slice(0, length);
      times.push({ typed, ms: (await spent(async () => opened.value.search(typed, 50))).ms });
    }
  }
  console.log(
    `index of ${symbols} symbols: built in ${built.ms.toFixed(0)} ms, opened in the page in ${opened.ms.toFixed(0)} ms`
  );
  console.table(times.map(({ typed, ms }) => ({ typed, ms: ms.toFixed(1) })));
  const sorted = times.map(({ ms }) => ms).sort((a, b) => a - b);
  console.log(
    `a letter: median ${sorted[sorted.length >> 1]!.toFixed(1)} ms, 95 of 100 within ${sorted[Math.floor(sorted.length * 0.95)]!.toFixed(1)} ms`
  );
}

async function spent<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: (user + system) / 1000 };
}
