import type { SymbolTable } from '$lib/docpack/source';

export interface OutlineRow {
  symbol: number;
  /** How many symbols of the same file it is within. */
  depth: number;
}

/** Gives what a file defines as an outline; the file's own module is not part of it. */
export function outlineOf(
  symbols: readonly number[],
  { parent, kind, words, file }: Pick<SymbolTable, 'parent' | 'kind' | 'words' | 'file'>
): OutlineRow[] {
  const isModule = (symbol: number) => words.kind[kind[symbol]!] === 'module';
  return symbols.flatMap((symbol) => {
    if (isModule(symbol) && (parent[symbol]! < 0 || file[parent[symbol]!] !== file[symbol])) return [];
    let depth = 0;
    for (let above = parent[symbol]!; above >= 0 && file[above] === file[symbol]; above = parent[above]!)
      if (!isModule(above)) depth++;
    return [{ symbol, depth }];
  });
}
