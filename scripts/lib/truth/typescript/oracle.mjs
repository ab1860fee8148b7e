// Writes the definitions and resolved calls of a folder of TypeScript or JavaScript in the neutral form.
//
//     node oracle.mjs MODULES FOLDER
//
// MODULES is the node_modules folder that holds the compiler and the types of Node.

import { createRequire } from "node:module";
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join, relative, resolve as absolute, sep } from "node:path";

import { resolve } from "./calls.mjs";
import { collect } from "./definitions.mjs";

const SUFFIXES = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"];

function main([modules, folder]) {
  const ts = createRequire(join(absolute(modules), "x.js"))("typescript");
  const root = absolute(folder);
  const program = ts.createProgram(sourcesOf(root), options(ts, modules));
  const checker = program.getTypeChecker();
  const files = program.getSourceFiles()
    .map((source) => ({ source, path: relative(root, source.fileName).split(sep).join("/") }))
    .filter(({ source, path }) => !path.startsWith("../") && !path.split("/").includes("node_modules"));
  const found = collect(ts, checker, files);
  found.sources = new Set(files.map(({ source }) => source));
  const ownName = packageName(root);
  const isOwnModule = (specifier) => /^[./#]/.test(specifier) || specifier === ownName || specifier.startsWith(`${ownName}/`);
  const told = resolve(ts, checker, files, found, isOwnModule);
  const unjudged = [...told.unjudged.values()];
  process.stdout.write(JSON.stringify({ definitions: found.definitions, aliases: found.aliases, edges: told.edges, unjudged, sites: told.sites }));
}

function options(ts, modules) {
  return {
    allowJs: true, checkJs: false, noEmit: true, skipLibCheck: true, strict: true, allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.Preserve, lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: ["node"], typeRoots: [join(absolute(modules), "@types")], maxNodeModuleJsDepth: 0,
    experimentalDecorators: true, useDefineForClassFields: true, resolveJsonModule: false,
  };
}

function sourcesOf(root) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SUFFIXES.some((suffix) => entry.name.endsWith(suffix)))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.includes(`${sep}node_modules${sep}`))
    .sort();
}

function packageName(root) {
  const manifest = join(root, "package.json");
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).name : undefined;
}

main(process.argv.slice(2));
