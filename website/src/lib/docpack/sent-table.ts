import { joined } from '$lib/search/names';
import type { SymbolTable } from './source';

type Texts = 'ids' | 'names' | 'qualifiedNames';

/** A symbol table on its way from the worker: one long string comes to the page much faster than many short ones. */
export type SentTable = Omit<SymbolTable, Texts> & Record<Texts, string>;

export function sentTable(table: SymbolTable): SentTable {
  const { ids, names, qualifiedNames } = table;
  return { ...table, ids: joined(ids), names: joined(names), qualifiedNames: joined(qualifiedNames) };
}

export function receivedTable({ ids, names, qualifiedNames, ...rest }: SentTable): SymbolTable {
  // An empty text would be one row.
  const rows = (text: string) => (rest.kind.length === 0 ? [] : text.split('\n'));
  return { ...rest, ids: rows(ids), names: rows(names), qualifiedNames: rows(qualifiedNames) };
}
