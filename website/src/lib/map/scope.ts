import { NO_ROLE, type SymbolTable } from '$lib/docpack/source';

/** The symbols and files that the map shows. */
export interface Scope {
  hasSymbol: Uint8Array;
  /** By file: how many of its symbols are shown; -1 for a file that is not. */
  symbolsOfFile: Int32Array;
  /** Whether there is code that only the switch shows. */
  isNarrowed: boolean;
}

/** Roles of code that is built or generated; the others use, test or configure it. */
const PRODUCT = new Set(['product', 'generated']);

/** Whether a folder has code that the map shows without its switch. */
export function hasProduct({ files, words }: Pick<SymbolTable, 'files' | 'words'>, folder: string): boolean {
  const isProduct = (role: number) => role === NO_ROLE || PRODUCT.has(words.role[role]!);
  return files.some(({ path, role }) => path.startsWith(`${folder}/`) && isProduct(role));
}

/** Leaves out tests, examples and tooling, unless they are wanted or there is nothing else. */
export function scopeOf(table: SymbolTable, withTests: boolean): Scope {
  const isProduct = table.words.role.map((role) => PRODUCT.has(role));
  const belongs = (role: number) => role === NO_ROLE || isProduct[role] === true;
  const hasProduct = table.role.some(belongs);
  const isShown = (role: number) => withTests || !hasProduct || belongs(role);
  const hasSymbol = Uint8Array.from(table.role, (role) => (isShown(role) ? 1 : 0));
  const symbolsOfFile = Int32Array.from(table.files, ({ role }) => (isShown(role) ? 0 : -1));
  for (let symbol = 0; symbol < hasSymbol.length; symbol++) {
    if (symbolsOfFile[table.file[symbol]!] === -1) hasSymbol[symbol] = 0;
    else if (hasSymbol[symbol]) symbolsOfFile[table.file[symbol]!]!++;
  }
  return { hasSymbol, symbolsOfFile, isNarrowed: hasProduct && !table.role.every(belongs) };
}
