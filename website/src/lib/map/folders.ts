import type { SymbolTable } from '$lib/docpack/source';
import type { Scope } from './scope';

/** A folder with the files that the map shows. */
export interface Folder {
  path: string;
  folders: Map<string, Folder>;
  files: number[];
}

/** Deeper folders are drawn as files of the last one. */
const MAX_DEPTH = 64;

export function foldersOf({ files }: SymbolTable, { symbolsOfFile }: Scope): Folder {
  const root: Folder = { path: '', folders: new Map(), files: [] };
  files.forEach(({ path }, file) => {
    if (symbolsOfFile[file]! < 1) return;
    let at = root;
    for (const name of path.split('/').slice(0, -1).slice(0, MAX_DEPTH)) {
      let inner = at.folders.get(name);
      if (!inner)
        at.folders.set(
          name,
          (inner = { path: at.path === '' ? name : `${at.path}/${name}`, folders: new Map(), files: [] })
        );
      at = inner;
    }
    at.files.push(file);
  });
  return withModuleFiles(root, files);
}

/** In Rust, `routing.rs` is the module of the folder `routing` beside it. */
function withModuleFiles(folder: Folder, files: SymbolTable['files']): Folder {
  folder.files = folder.files.filter((file) => {
    const name = files[file]!.path.slice(folder.path === '' ? 0 : folder.path.length + 1);
    const inner = name.endsWith('.rs') ? folder.folders.get(name.slice(0, -3)) : undefined;
    inner?.files.push(file);
    return inner === undefined;
  });
  for (const inner of folder.folders.values()) withModuleFiles(inner, files);
  return folder;
}

/** Goes down while a folder holds one folder and nothing else. */
export function collapsed(folder: Folder): Folder {
  let at = folder;
  while (at.files.length === 0 && at.folders.size === 1) at = [...at.folders.values()][0]!;
  return at;
}

export function folderAt(root: Folder, path: string): Folder | null {
  let at: Folder | undefined = root;
  if (path !== '') for (const name of path.split('/')) at = at?.folders.get(name);
  return at ?? null;
}

export function filesIn(folder: Folder): number[] {
  return [...folder.files, ...[...folder.folders.values()].flatMap(filesIn)];
}
