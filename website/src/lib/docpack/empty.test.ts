import { expect, test } from 'vitest';
import { SMALL, synthetic } from '../../../tests/support/synthetic';
import { writePack } from '../../../tests/support/writer';
import { gunzip } from './gunzip';
import { DEFAULT_LIMITS } from './limits';
import { Model } from './model';
import { readPack } from './pack';
import { untar } from './tar';

test('a pack of nothing is a pack', async () => {
  const bytes = writePack(synthetic({ ...SMALL, symbols: 0, edges: 0, clusters: 0 }));
  const model = new Model(await readPack(untar(gunzip(bytes, DEFAULT_LIMITS), DEFAULT_LIMITS), DEFAULT_LIMITS));
  expect(model.table.ids).toEqual([]);
  expect(model.pack.verify().ok).toBe(true);
});
