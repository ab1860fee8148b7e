import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport, type Plugin } from 'vite';
import type { ExampleFacts } from '../src/lib/site/example-facts';

const HERE = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Publishes what the shipped packs say of themselves as the module `virtual:examples`: a page need not read them to show it. */
export function examples(): Plugin {
  const id = 'virtual:examples';
  return {
    name: 'examples',
    resolveId: (source) => (source === id ? `\0${id}` : null),
    async load(loaded) {
      if (loaded !== `\0${id}`) return null;
      return `export default ${JSON.stringify(await allFacts())};`;
    }
  };
}

let facts: Promise<Record<string, ExampleFacts>> | null = null;

/** Facts by address; the packs are read once for the site and the page that stands in for it. */
function allFacts(): Promise<Record<string, ExampleFacts>> {
  return (facts ??= readAll());
}

async function readAll(): Promise<Record<string, ExampleFacts>> {
  // The reader belongs to the site's sources, whose names only their own configuration resolves.
  const { module } = await runnerImport<typeof import('../src/lib/site/example-read')>(
    HERE('../src/lib/site/example-read.ts'),
    { configFile: false, resolve: { alias: { $lib: HERE('../src/lib') } } }
  );
  const listed = JSON.parse(readFileSync(HERE('../examples.json'), 'utf8')) as { address: string }[];
  const read = listed.map(async ({ address }) => {
    const bytes = new Uint8Array(readFileSync(HERE(`../static${address}`)));
    return [address, module.exampleFacts(await module.modelOf(bytes))] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
