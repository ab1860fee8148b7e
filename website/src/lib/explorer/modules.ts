import type { EdgeTable, SymbolTable } from '$lib/docpack/source';
import { aggregate, type GroupEdge } from '$lib/graph/aggregate';

/** A folder or file as the overview shows it. */
export interface Module {
  path: string;
  name: string;
  isFile: boolean;
  files: number;
  symbols: number;
  lines: number;
}

export interface ModuleGraph {
  folder: string;
  modules: Module[];
  edges: GroupEdge[];
  /** Parts that neither use another nor are used. */
  apart: Module[];
}

/** Boxes that a diagram shows at most; the smallest are put together. */
const MAX_MODULES = 16;

/** Gives the parts of a folder and how they depend on one another; a chain of single folders is one step. */
export function moduleGraph(table: SymbolTable, edges: EdgeTable, folder: string): ModuleGraph {
  const root = folder === '' ? onlyFolder(table) : folder;
  const moduleAt = new Map<string, number>();
  const modules: Module[] = [];
  const moduleOfFile = table.files.map(({ path, lines, symbols }) => {
    const part = partOf(root, path);
    if (part === null) return -1;
    const isFile = part === path;
    let at = moduleAt.get(part);
    if (at === undefined) {
      at =
        modules.push({
          path: part,
          name: part.slice(root === '' ? 0 : root.length + 1),
          isFile,
          files: 0,
          symbols: 0,
          lines: 0
        }) - 1;
      moduleAt.set(part, at);
    }
    const module = modules[at]!;
    module.files++;
    module.symbols += symbols;
    module.lines += lines;
    return at;
  });
  const kept = keepLargest(modules);
  const groupOf = Int32Array.from(table.file, (file) => kept.place[moduleOfFile[file]!] ?? -1);
  return { folder: root, ...divide(kept.modules, aggregate(edges, groupOf, kept.modules.length)) };
}

/** Takes out what has no edge: in a diagram it would only push the rest apart. */
function divide(modules: Module[], edges: GroupEdge[]): Pick<ModuleGraph, 'modules' | 'edges' | 'apart'> {
  const joined = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const place = new Map([...joined].sort((a, b) => a - b).map((module, at) => [module, at]));
  return {
    modules: modules.filter((_, at) => joined.has(at)),
    edges: edges.map(({ from, to, weight }) => ({ from: place.get(from)!, to: place.get(to)!, weight })),
    apart: modules.filter((_, at) => !joined.has(at))
  };
}

/** `src/http` of `src/http/header.rs` within `src`; null outside of it. */
function partOf(root: string, path: string): string | null {
  if (root !== '' && !path.startsWith(`${root}/`)) return null;
  const end = path.indexOf('/', root === '' ? 0 : root.length + 1);
  return end === -1 ? path : path.slice(0, end);
}

/** Goes down while there is one folder and no file. */
function onlyFolder({ files }: SymbolTable): string {
  let root = '';
  for (;;) {
    const parts = new Set(files.map(({ path }) => partOf(root, path)));
    const [only] = parts;
    if (parts.size !== 1 || only === undefined || only === null || files.some(({ path }) => path === only)) return root;
    root = only;
  }
}

function keepLargest(modules: Module[]): { modules: Module[]; place: number[] } {
  const order = modules
    .map((_, at) => at)
    .sort((a, b) => modules[b]!.symbols - modules[a]!.symbols || (modules[a]!.path < modules[b]!.path ? -1 : 1));
  const place: number[] = [];
  const kept: Module[] = [];
  const restAt = order.length > MAX_MODULES ? MAX_MODULES - 1 : order.length;
  order.forEach((module, rank) => {
    if (rank < restAt) {
      place[module] = kept.push(modules[module]!) - 1;
      return;
    }
    const rest = (kept[restAt] ??= {
      path: '',
      name: `${order.length - restAt} smaller`,
      isFile: true,
      files: 0,
      symbols: 0,
      lines: 0
    });
    rest.files += modules[module]!.files;
    rest.symbols += modules[module]!.symbols;
    rest.lines += modules[module]!.lines;
    place[module] = restAt;
  });
  return { modules: kept, place };
}
