import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Scripts and styles that a page may load before it is drawn, in bytes after gzip. */
const MAX_BYTES = 300_000;
const BUILD = 'build';
const MANIFEST = '.svelte-kit/output/client/.vite/manifest.json';
const NODES = '.svelte-kit/generated/client-optimized/nodes';

/** Vite's list of chunks: by source or name, the file and what it imports at once. */
export type Manifest = Record<string, { file: string; imports?: string[]; css?: string[] }>;

/** Lists the files that chunks need before they run: themselves, what they import, their styles, and their workers. */
export function filesOf(manifest: Manifest, chunks: readonly string[], textOf: (file: string) => string): Set<string> {
  const files = new Set<string>();
  const take = (name: string) => {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`the build has no chunk \`${name}\``);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const style of chunk.css ?? []) files.add(style);
    for (const worker of textOf(chunk.file).match(/workers\/[\w.-]+\.js/g) ?? []) files.add(`_app/immutable/${worker}`);
    for (const imported of chunk.imports ?? []) take(imported);
  };
  for (const name of chunks) take(name);
  return files;
}

/** Whether a page loads a layout or an error page: those of its own folder and of every folder above it. */
export function isAround(page: string, other: string): boolean {
  return page.startsWith(other.slice(0, other.lastIndexOf('/') + 1));
}

/** Prints what each page loads before it is drawn; fails where that is more than the budget. */
export async function main(): Promise<void> {
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Manifest;
  const sources = readdirSync(NODES).map((name) => {
    const source = /src\/routes\/([^"]+)\.(?:svelte|ts)"/.exec(readFileSync(join(NODES, name), 'utf8'))![1]!;
    return { chunk: `${NODES}/${name}`, source };
  });
  const around = sources.filter(({ source }) => !source.endsWith('+page'));
  const entries = Object.keys(manifest).filter((name) => /client\/entry\.js$|client-optimized\/app\.js$/.test(name));
  const textOf = (file: string) => readFileSync(join(BUILD, file), 'utf8');
  const rows = sources
    .filter(({ source }) => source.endsWith('+page'))
    .map(({ chunk, source }) => {
      const above = around.filter((other) => isAround(source, other.source)).map((other) => other.chunk);
      const files = [...filesOf(manifest, [...entries, ...above, chunk], textOf)];
      const size = (end: string) =>
        files.filter((file) => file.endsWith(end)).reduce((sum, file) => sum + gzipSync(textOf(file)).length, 0);
      return {
        page: `/${dirname(source)}`.replace(/\/\.$/, '/'),
        js: size('.js'),
        css: size('.css'),
        files: files.length
      };
    })
    .sort((a, b) => (a.page < b.page ? -1 : 1));
  for (const { page, js, css, files } of rows)
    console.log(
      `${page.padEnd(26)} ${String(js + css).padStart(7)} bytes gzip (${js} JavaScript, ${css} CSS; ${files} files)`
    );
  const over = rows.filter(({ js, css }) => js + css > MAX_BYTES);
  if (over.length > 0)
    throw new Error(
      `${over.map(({ page }) => page).join(', ')}: more than the ${MAX_BYTES} bytes that a page may load`
    );
}
