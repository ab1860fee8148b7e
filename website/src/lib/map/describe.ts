import type { SymbolTable } from '$lib/docpack/source';
import { words } from '$lib/ui/format';
import { implemented, isCallable, isType } from './owners';
import type { Part } from './parts';

export function kindOf(part: Part, table: SymbolTable): string {
  return words(table.words.kind[table.kind[part.symbol]!] ?? '');
}

const ROLES = new Set(['test', 'example', 'benchmark', 'script', 'generated', 'configuration', 'documentation']);

/** The colour of a part: its role if it is no product code, or the kind of a symbol. */
export function colorOf(part: Part, table: SymbolTable): string | null {
  if (part.role !== null) return ROLES.has(part.role) ? `var(--role-${part.role})` : 'var(--ink-3)';
  if (part.kind !== 'symbol') return null;
  const kind = table.words.kind[table.kind[part.symbol]!] ?? '';
  return `var(--kind-${isType(kind) ? 'type' : isCallable(kind) ? 'run' : kind === 'module' ? 'place' : 'value'})`;
}

/** Gives the first sentence of a text; the others count what the facts beside it show. */
export function leadOf(text: string): string {
  return text.split(/(?<=\.)\s+(?=[A-Z`])/)[0]!;
}

/** Names a member with its type: `Router.new`. */
export function memberName(table: SymbolTable, symbol: number): string {
  const kindAt = (at: number) => table.words.kind[table.kind[at]!]!;
  const name = (at: number) => (kindAt(at) === 'impl' ? implemented(table.names[at]!) : table.names[at]!);
  const parent = table.parent[symbol]!;
  const isMember = parent !== -1 && (isType(kindAt(parent)) || kindAt(parent) === 'impl');
  return isMember ? `${name(parent)}.${name(symbol)}` : name(symbol);
}
