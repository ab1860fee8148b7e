import type { FileRow } from '$lib/docpack/source';

/** One line of the file tree: a folder, or a file with its place in the table. */
export interface TreeRow {
  path: string;
  name: string;
  depth: number;
  /** -1 for a folder. */
  file: number;
  symbols: number;
}

/** Gives the lines that show while `open` folders are open, folders before files. */
export function treeRows(files: readonly FileRow[], open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const visit = (paths: readonly number[], prefix: string, depth: number) => {
    const folders = new Map<string, number[]>();
    const leaves: number[] = [];
    for (const file of paths) {
      const rest = files[file]!.path.slice(prefix.length);
      const slash = rest.indexOf('/');
      if (slash === -1) {
        leaves.push(file);
        continue;
      }
      const name = rest.slice(0, slash);
      const inside = folders.get(name);
      if (inside) inside.push(file);
      else folders.set(name, [file]);
    }
    for (const [name, inside] of folders) {
      const path = `${prefix}${name}`;
      const symbols = inside.reduce((sum, file) => sum + files[file]!.symbols, 0);
      rows.push({ path, name, depth, file: -1, symbols });
      if (open.has(path)) visit(inside, `${path}/`, depth + 1);
    }
    for (const file of leaves) {
      const { path, symbols } = files[file]!;
      rows.push({ path, name: path.slice(prefix.length), depth, file, symbols });
    }
  };
  visit(files.map((_, file) => file), '', 0);
  return rows;
}
