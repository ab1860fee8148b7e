import type { EdgeTable, SymbolTable } from '$lib/docpack/source';
import { DEPENDENCY } from '$lib/map/aggregate';
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
  for (let edge = 0; edge < edges.source.length; edge++) {
    if (!DEPENDENCY[edges.kind[edge]!] || edges.isFollowed[edge]) continue;
    const [source, target] = [edges.source[edge]!, edges.target[edge]!];
    const leaf = leafOf[target]!;
    if (leaf < 0 || leafOf[source]! < 0 || table.file[source] === table.file[target]) continue;
    score[topOf(target)]! += leafOf[source] === leaf ? WITHIN : 1;
  }
  const kinds = table.words.kind.map((kind) =>
    kind === 'type_alias' ? ALIAS : isType(kind) ? 1 : isCallable(kind) ? CALLABLE : 0
  );
  const found: number[][] = Array.from({ length: leaves }, () => []);
  for (let symbol = 0; symbol < score.length; symbol++) {
    const leaf = leafOf[symbol]!;
    if (owners[symbol] !== -1) continue;
    const isPublic =
      table.words.visibility[table.visibility[symbol]!] === 'public' && !table.names[symbol]!.startsWith('_');
    score[symbol]! += ANYWHERE * table.inDegree[symbol]! + table.centrality[symbol]!;
    score[symbol]! *= kinds[table.kind[symbol]!]! * (isPublic ? 1 : HIDDEN);
    if (leaf >= 0 && score[symbol]! > 0 && !isFileModule(table, symbol)) found[leaf]!.push(symbol);
  }
  return found.map((list) => {
    list.sort((a, b) => score[b]! - score[a]! || a - b);
    const names = new Set<string>();
    return list.filter(
      (symbol) => names.size < MAX_KEYS && !names.has(table.names[symbol]!) && names.add(table.names[symbol]!)
    );
  });
}
