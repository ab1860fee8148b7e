import type { SymbolTable } from '$lib/docpack/source';

export const isType = (kind: string) =>
  ['class', 'struct', 'enum', 'union', 'trait', 'interface', 'type_alias'].includes(kind);
export const isCallable = (kind: string) => ['function', 'method', 'constructor', 'macro'].includes(kind);

/** By symbol: the symbol that holds it, or -1 at the top of a file; methods of an `impl` are held by its type. */
export function ownersOf(table: SymbolTable): Int32Array {
  const known = OWNERS.get(table);
  if (known) return known;
  const owners = findOwners(table);
  OWNERS.set(table, owners);
  return owners;
}

/** They are the same at every level of a map. */
const OWNERS = new WeakMap<SymbolTable, Int32Array>();

function findOwners(table: SymbolTable): Int32Array {
  const kindOf = (symbol: number) => table.words.kind[table.kind[symbol]!]!;
  const types = new Map<string, number>();
  const impls: number[] = [];
  for (let symbol = 0; symbol < table.names.length; symbol++) {
    const kind = kindOf(symbol);
    if (kind === 'impl') impls.push(symbol);
    else if (isType(kind)) types.set(`${table.file[symbol]!} ${table.names[symbol]!}`, symbol);
  }
  const typeOf = new Map(
    impls.map((impl) => [impl, types.get(`${table.file[impl]!} ${implemented(table.names[impl]!)}`)])
  );
  return table.parent.map((parent, symbol) => {
    if (parent === -1 || table.file[parent] !== table.file[symbol]) return -1;
    const isFile =
      kindOf(parent) === 'module' &&
      (table.parent[parent] === -1 || table.file[table.parent[parent]!] !== table.file[parent]);
    if (isFile) return typeOf.get(symbol) ?? -1;
    return typeOf.get(parent) ?? typeOf.get(symbol) ?? parent;
  });
}

/** `Router` of `impl<S> fmt::Debug for Router<S>`. */
export function implemented(name: string): string {
  const given = name.replace(/^impl\b(<[^>]*>)?\s*/, '');
  const type = given.slice(given.lastIndexOf(' for ') + 1).replace(/^(for )?(&|'\w+ |mut |dyn )*/, '');
  return type
    .split(/[<({\s]/)[0]!
    .split('::')
    .at(-1)!;
}

/** Tells whether a symbol stands for its whole file. */
export function isFileModule(table: SymbolTable, symbol: number): boolean {
  const parent = table.parent[symbol]!;
  return (
    table.words.kind[table.kind[symbol]!] === 'module' && (parent === -1 || table.file[parent] !== table.file[symbol])
  );
}
