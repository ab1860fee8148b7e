import type { EdgeTable, SymbolTable } from '$lib/docpack/source';
import { dependenciesOf } from '$lib/map/aggregate';
import { Few } from './few';
import { isCallable, isFileModule, isType, ownersOf } from './owners';

/** Symbols that stand for a part beside its name. */
const MAX_KEYS = 3;
/** A use within the part counts less than one from outside of it. */
const WITHIN = 0.2;
/** Functions stand for a part without much of a type. */
const CALLABLE = 0.3;
const ALIAS = 0.5;
/** Every use in the pack counts a little, also those in tests and examples: they show what users name. */
const ANYWHERE = 0.15;
const HIDDEN = 0.25;

/** Finds by leaf the symbols at the top of their files that other leaves use the most. */
export function keySymbols(table: SymbolTable, edges: EdgeTable, leafOf: Int32Array, leaves: number): number[][] {
  const owners = ownersOf(table);
  const top = new Int32Array(owners.length).fill(-1);
  const topOf = (symbol: number) => {
    let at = symbol;
    for (let steps = 0; owners[at] !== -1 && steps < 64; steps++)
      at = top[owners[at]!]! >= 0 ? top[owners[at]!]! : owners[at]!;
    return (top[symbol] = at);
  };
  const score = new Float64Array(owners.length);
  const { source, target } = dependenciesOf(edges);
  for (let edge = 0; edge < source.length; edge++) {
    const [from, to] = [leafOf[source[edge]!]!, leafOf[target[edge]!]!];
    if (from < 0 || to < 0 || table.file[source[edge]!] === table.file[target[edge]!]) continue;
    score[topOf(target[edge]!)]! += from === to ? WITHIN : 1;
  }
  const kinds = table.words.kind.map((kind) =>
    kind === 'type_alias' ? ALIAS : isType(kind) ? 1 : isCallable(kind) ? CALLABLE : 0
  );
  const isPublic = table.words.visibility.map((word) => word === 'public');
  const found = Array.from(
    { length: leaves },
    () =>
      new Few(
        MAX_KEYS,
        (a, b) => score[a]! > score[b]! || (score[a]! === score[b]! && a < b),
        (symbol) => table.names[symbol]!
      )
  );
  for (let symbol = 0; symbol < score.length; symbol++) {
    const leaf = leafOf[symbol]!;
    const worth = kinds[table.kind[symbol]!]!;
    if (leaf < 0 || worth === 0 || owners[symbol] !== -1 || isFileModule(table, symbol)) continue;
    const isShown = isPublic[table.visibility[symbol]!] && !table.names[symbol]!.startsWith('_');
    score[symbol]! += ANYWHERE * table.inDegree[symbol]! + table.centrality[symbol]!;
    score[symbol]! *= worth * (isShown ? 1 : HIDDEN);
    if (score[symbol]! > 0) found[leaf]!.add(symbol);
  }
  return found.map(({ kept }) => kept);
}
