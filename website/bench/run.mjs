// Runs one of the TypeScript programs of this folder: node bench/run.mjs speed | screenshots [ARGUMENTS]
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const name = process.argv[2] ?? 'speed';
const lib = fileURLToPath(new URL('../src/lib', import.meta.url));
const { module } = await runnerImport(new URL(`./${name}.ts`, import.meta.url).pathname, {
  configFile: false,
  resolve: { alias: { $lib: lib } }
});
await module.main(process.argv.slice(3));
