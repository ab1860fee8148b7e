import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const SCHEMAS = new URL('../../../../common/docpack/schemas/nodes.schema.json', import.meta.url);

test('records, checks and the order of entries are those of the format', async ({ skip }) => {
  if (!existsSync(SCHEMAS)) {
    console.warn('skipped: common/docpack/schemas is not in this checkout');
    skip();
  }
  const path = '../../../scripts/format-records.mjs';
  const { recordsText } = (await import(/* @vite-ignore */ path)) as {
    recordsText: () => Promise<Record<string, string>>;
  };
  for (const [file, text] of Object.entries(await recordsText())) {
    // Not `toEqual` of the texts: what a person has to do stands in the failure.
    expect(
      readFileSync(new URL(file, import.meta.url), 'utf8') === text,
      `src/lib/docpack/${file} is stale: run \`npm run records\``
    ).toBe(true);
  }
});
