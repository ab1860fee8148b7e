import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const CONTRACT = new URL('../../../../functions/trigger/openapi.json', import.meta.url);

test('the types are those of the contract', async ({ skip }) => {
  if (!existsSync(CONTRACT)) {
    console.warn('skipped: functions/trigger/openapi.json is not in this checkout');
    skip();
  }
  const path = '../../../scripts/api-schema.mjs';
  const { schemaText } = (await import(/* @vite-ignore */ path)) as { schemaText: () => Promise<string> };
  // Not `toEqual` of the texts alone: what a person has to do stands in the failure.
  expect(
    readFileSync(new URL('schema.ts', import.meta.url), 'utf8') === (await schemaText()),
    'src/lib/api/schema.ts is stale: run `npm run api`'
  ).toBe(true);
});
