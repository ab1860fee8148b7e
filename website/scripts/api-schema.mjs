// Writes src/lib/api/schema.ts from the API's contract.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const CONTRACT = new URL('../../functions/trigger/openapi.json', import.meta.url);
const HEAD = '// Written from functions/trigger/openapi.json by `npm run api`; change that and run it again.\n\n';

export async function schemaText(contract = CONTRACT) {
  const document = JSON.parse(await readFile(contract, 'utf8'));
  return HEAD + astToString(await openapiTS(document, { silent: true, defaultNonNullable: false }));
}

if (process.argv[1]?.endsWith('api-schema.mjs')) {
  const contract = process.argv[2] ? new URL(process.argv[2], `file://${process.cwd()}/`) : CONTRACT;
  await writeFile(new URL('../src/lib/api/schema.ts', import.meta.url), await schemaText(contract));
}
