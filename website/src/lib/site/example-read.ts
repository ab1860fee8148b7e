import { gunzip } from '$lib/docpack/gunzip';
import { DEFAULT_LIMITS } from '$lib/docpack/limits';
import { Model } from '$lib/docpack/model';
import { readPack } from '$lib/docpack/pack';
import { untar } from '$lib/docpack/tar';

export { exampleFacts } from './example-facts';

/** Reads a whole pack outside of a worker: when the site is built, and in tests. */
export async function modelOf(bytes: Uint8Array): Promise<Model> {
  return new Model(await readPack(untar(gunzip(bytes, DEFAULT_LIMITS), DEFAULT_LIMITS), DEFAULT_LIMITS));
}
