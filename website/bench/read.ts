import { existsSync, readFileSync } from 'node:fs';
import { gunzip } from '../src/lib/docpack/gunzip';
import { DEFAULT_LIMITS } from '../src/lib/docpack/limits';
import { Model } from '../src/lib/docpack/model';
import { readPack } from '../src/lib/docpack/pack';
import { untar } from '../src/lib/docpack/tar';
import { synthetic } from '../tests/support/synthetic';
import { writePack } from '../tests/support/writer';

const RUNS = 5;

/** Measures reading and checking a pack alone, one of a number of symbols or of a file, in processor time, which other work on the machine disturbs least. */
export async function main([given = '50000']: string[]): Promise<void> {
  const bytes = existsSync(given) ? new Uint8Array(readFileSync(given)) : synthesized(Number(given));
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const before = process.cpuUsage();
    new Model(await readPack(untar(gunzip(bytes, DEFAULT_LIMITS), DEFAULT_LIMITS), DEFAULT_LIMITS));
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  console.log(`${given}, ${(bytes.length / 1e6).toFixed(1)} MB: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
}

function synthesized(symbols: number): Uint8Array<ArrayBuffer> {
  return writePack(synthetic({ symbols, edges: symbols * 3, symbolsPerFile: 25, clusters: 150, dimensions: 8 }));
}
