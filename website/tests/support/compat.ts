import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { archive, canonical } from './writer';

/** Packs of other versions as text: every version that was ever released, and some as a later one may write them. */
const FOLDER = join(fileURLToPath(import.meta.url), '../../../../tests/compat');

export const VERSIONS = existsSync(FOLDER)
  ? readdirSync(FOLDER, { withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map(({ name }) => name)
  : [];

/** Builds a pack as the README beside the texts says, in the order of its manifest. */
export function packOf(version: string): Uint8Array<ArrayBuffer> {
  const folder = join(FOLDER, version);
  const { entries } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    entries: { path: string }[];
  };
  return archive(
    ['manifest.json', ...entries.map(({ path }) => path)].map((path) => ({ path, bytes: bytesOf(folder, path) }))
  );
}

function bytesOf(folder: string, path: string): Uint8Array {
  if (path.endsWith('.json'))
    return new TextEncoder().encode(canonical(JSON.parse(readFileSync(join(folder, path), 'utf8'))));
  if (path.endsWith('.bin'))
    return Buffer.from(readFileSync(join(folder, `${path}.hex`), 'utf8').replace(/\s/g, ''), 'hex');
  return readFileSync(join(folder, path));
}
