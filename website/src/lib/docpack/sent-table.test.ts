import { expect, test } from 'vitest';
import { modelOf } from '../../../tests/support/model';
import { SMALL, synthetic } from '../../../tests/support/synthetic';
import { writePack } from '../../../tests/support/writer';
import { receivedTable, sentTable } from './sent-table';

test.each([SMALL, { ...SMALL, symbols: 0, edges: 0, clusters: 0 }])(
  'a table of %o arrives as it was sent',
  async (size) => {
    const { table } = await modelOf(writePack(synthetic(size)));
    expect(receivedTable(structuredClone(sentTable(table)))).toEqual(table);
  }
);

test('a line break in a name moves no other name', async () => {
  const { table } = await modelOf(writePack(synthetic(SMALL)));
  table.names[3] = 'impl\nDisplay';
  const { names } = receivedTable(sentTable(table));
  expect(names.slice(3, 5)).toEqual(['impl Display', table.names[4]]);
});
