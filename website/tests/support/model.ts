import { gunzip } from '../../src/lib/docpack/gunzip';
import { DEFAULT_LIMITS } from '../../src/lib/docpack/limits';
import { Model } from '../../src/lib/docpack/model';
import { readPack } from '../../src/lib/docpack/pack';
import { untar } from '../../src/lib/docpack/tar';

/** A pack as the worker reads it. */
export async function modelOf(bytes: Uint8Array<ArrayBuffer>): Promise<Model> {
  return new Model(await readPack(untar(gunzip(bytes, DEFAULT_LIMITS), DEFAULT_LIMITS), DEFAULT_LIMITS));
}
