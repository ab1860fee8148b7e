import { NO_ROLE, type FileRow } from '$lib/docpack/source';
import { counted, words } from '$lib/ui/format';
import { gapText } from '$lib/ui/gap';
import { reasonText } from './role';

/** One line of the file tree: a folder, or a file with its place in the table. */
export interface TreeRow {
  path: string;
  name: string;
  depth: number;
  /** -1 for a folder. */
  file: number;
  symbols: number;
  /** A file's role and why it has it; empty for the product itself. */
  role: string;
  reason: string;
  /** What was not read of the file, or in how many files of the folder; empty where all was. */
  gap: string;
}

/** Tells which folders are open from the beginning: those with product code, level by level, while the lines are no more than `most`. */
export function firstOpen(files: readonly FileRow[], roles: readonly string[], most: number): Set<string> {
  const product = files.filter(({ role }) => role === NO_ROLE || roles[role] === 'product');
  const folders = product.map(({ path }) => path.split('/').slice(0, -1));
  let open = new Set<string>();
  for (let depth = 1; ; depth++) {
    const next = new Set(open);
    for (const parts of folders) if (parts.length >= depth) next.add(parts.slice(0, depth).join('/'));
    if (next.size === open.size) break;
    if (treeRows(files, next, roles).length > most) break;
    open = next;
  }
  return open;
}

/** Gives the lines that show while `open` folders are open, folders before files. */
export function treeRows(files: readonly FileRow[], open: ReadonlySet<string>, roles: readonly string[]): TreeRow[] {
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
      const broken = inside.filter((file) => files[file]!.gaps.length > 0).length;
      rows.push({
        path,
        name,
        depth,
        file: -1,
        symbols,
        role: '',
        reason: '',
        gap: broken > 0 && !open.has(path) ? `${counted(broken, 'file')} read in part` : ''
      });
      if (open.has(path)) visit(inside, `${path}/`, depth + 1);
    }
    for (const file of leaves) {
      const { path, symbols, gaps, role, roleReason } = files[file]!;
      const word = role === NO_ROLE || roles[role] === 'product' ? '' : words(roles[role]!);
      rows.push({
        path,
        name: path.slice(prefix.length),
        depth,
        file,
        symbols,
        role: word,
        reason: `${word}${reasonText(roleReason)}`,
        gap: gaps.map(gapText).join('; ')
      });
    }
  };
  visit(
    files.map((_, file) => file),
    '',
    0
  );
  return rows;
}
