import { NO_ROLE, type Relation, type SymbolTable } from '$lib/docpack/source';

/** Code that uses the product without being a part of it, by role. */
const GROUPS: readonly [role: string, title: string][] = [
  ['test', 'In tests'],
  ['example', 'In examples'],
  ['benchmark', 'In benchmarks']
];

export interface RoleGroup {
  title: string;
  relations: Relation[];
}

/** Takes tests, examples and benchmarks out of a list, unless the symbol that it belongs to has that role itself. */
export function byRole(
  relations: readonly Relation[],
  table: SymbolTable,
  symbol: number
): { first: Relation[]; groups: RoleGroup[] } {
  const roleOf = (at: number) => (table.role[at] === NO_ROLE ? null : table.words.role[table.role[at]!]!);
  const own = roleOf(symbol);
  const apart = GROUPS.filter(([role]) => role !== own);
  const groups = apart.map(([role, title]) => ({
    title,
    relations: relations.filter(({ symbol: other }) => roleOf(other) === role)
  }));
  const first = relations.filter(({ symbol: other }) => !apart.some(([role]) => role === roleOf(other)));
  return { first, groups: groups.filter(({ relations }) => relations.length > 0) };
}

const REASONS = new Map([
  ['path', 'because of its path'],
  ['name', 'because of its name'],
  ['manifest', 'because of the package’s manifest'],
  ['attribute', 'because of an attribute'],
  ['header', 'because of its first lines']
]);

/** Says why a file or symbol has its role: `path:tests/` is `, because of its path: tests/`. */
export function reasonText(reason: string | null): string {
  if (reason === null || reason === 'default') return '';
  const colon = reason.indexOf(':');
  const said = REASONS.get(reason.slice(0, colon));
  return said ? `, ${said}: ${reason.slice(colon + 1)}` : `, ${reason}`;
}
