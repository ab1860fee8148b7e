import { gunzip } from '../src/lib/docpack/gunzip';
import { DEFAULT_LIMITS } from '../src/lib/docpack/limits';
import { Model } from '../src/lib/docpack/model';
import { readPack } from '../src/lib/docpack/pack';
import { untar } from '../src/lib/docpack/tar';
import { synthetic } from '../tests/support/synthetic';
import { writePack } from '../tests/support/writer';

const RUNS = 5;

/** Measures reading and checking a pack alone, in processor time, which other work on the machine disturbs least. */
export async function main([symbols = '50000']: string[]): Promise<void> {
  const count = Number(symbols);
  const bytes = writePack(
    synthetic({ symbols: count, edges: count * 3, symbolsPerFile: 25, clusters: 150, dimensions: 8 })
  );
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage();
    new Model(await readPack(untar(gunzip(bytes, DEFAULT_LIMITS), DEFAULT_LIMITS), DEFAULT_LIMITS));
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  console.log(
    `${count} symbols, ${(bytes.length / 1e6).toFixed(1)} MB: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`
  );
}
