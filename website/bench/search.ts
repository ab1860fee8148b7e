import { buildTable } from '../src/lib/docpack/tables';
import { SearchIndex, searchableOf } from '../src/lib/docpack/search';
import type { Pack } from '../src/lib/docpack/pack';
import type { SymbolRecord } from '../src/lib/docpack/records';
import { synthetic } from '../tests/support/synthetic';

const QUERIES = ['request', 'parse head', 'cache', 'reads the', 'pr2', 'src/token'];

/** Measures the index alone, in processor time, which other work on the machine disturbs least. */
export function main([symbols = '50000']: string[]): void {
  const contents = synthetic({ symbols: Number(symbols), edges: 10, symbolsPerFile: 25, clusters: 10, dimensions: 2 });
  const records = (contents.get('nodes.json') as { symbols: Record<string, unknown>[] }).symbols.map((symbol) => ({ parent: null, role: null, ...symbol }) as unknown as SymbolRecord);
  const files = (contents.get('source_map.json') as { files: Pack['files'] }).files.map((file) => ({ ...file, role: null }));
  const table = buildTable({ symbols: records, files, skipped: [] } as unknown as Pack, new Map(records.map(({ id }, at) => [id, at])));
  const built = spent(() => new SearchIndex(searchableOf(table, records)));
  const times = QUERIES.flatMap((query) => Array.from(query, (_, at) => ({ typed: query.slice(0, at + 1), ms: spent(() => built.value.search(query.slice(0, at + 1), 50)).ms })));
  console.log(`index of ${symbols} symbols: ${built.ms.toFixed(0)} ms`);
  console.table(times.map(({ typed, ms }) => ({ typed, ms: ms.toFixed(1) })));
  const sorted = times.map(({ ms }) => ms).sort((a, b) => a - b);
  console.log(`a letter: median ${sorted[sorted.length >> 1]!.toFixed(1)} ms, 95 of 100 within ${sorted[Math.floor(sorted.length * 0.95)]!.toFixed(1)} ms`);
}

function spent<T>(work: () => T): { value: T; ms: number } {
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: (user + system) / 1000 };
}
