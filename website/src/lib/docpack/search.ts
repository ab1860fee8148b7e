import type { SymbolRecord } from './records';
import type { SearchHit, SymbolTable } from './source';

/** Splits a name into its words: `parseHTTPHeader_v2` is `parse`, `http`, `header`, `v`, `2`. */
export function wordsOf(name: string): string[] {
  const spaced = name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L})(\p{N})/gu, '$1 $2');
  return spaced.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

const EXACT = 100;
const NAME_BEGINS = 60;
const WORD = 45;
const WORD_BEGINS = 35;
const NAME_HAS = 25;
const INITIALS = 20;
const QUALIFIED_HAS = 12;
const PATH_HAS = 8;
const TEXT_HAS = 5;

/** Shorter words are looked for in names alone: nearly every text has any one letter. */
const ANYWHERE_FROM = 2;

interface Find {
  symbol: number;
  score: number;
  field: SearchHit['field'];
}

/**
 * Finds symbols by every word of a query, as it is typed.
 *
 * A pass over prepared strings needs no tree to be built first. A query that goes on from the one before is looked for
 * among that one's finds only: a longer word is found nowhere where the shorter one was not.
 */
export class SearchIndex {
  private readonly names: string[];
  /** Words with a space before each, so that ` par` finds where one begins. */
  private readonly words: string[];
  private readonly initials: string[];
  private readonly qualified: string[];
  private readonly texts: string[];
  private readonly paths: string[];
  private readonly table: SymbolTable;
  private before: { query: string; found: Uint32Array } | null = null;

  constructor(table: SymbolTable, symbols: readonly SymbolRecord[]) {
    this.table = table;
    this.names = table.names.map((name) => name.toLowerCase());
    const words = table.names.map(wordsOf);
    this.words = words.map((list) => ` ${list.join(' ')} `);
    this.initials = words.map((list) => list.map((word) => word[0]).join(''));
    this.qualified = table.qualifiedNames.map((name) => name.toLowerCase());
    this.texts = symbols.map(({ documentation, doc_comment }) => `${documentation?.summary ?? ''} ${doc_comment ?? ''}`.toLowerCase());
    this.paths = table.files.map(({ path }) => path.toLowerCase());
  }

  search(typed: string, limit: number): SearchHit[] {
    const query = typed.toLowerCase().trim();
    const terms = query.split(/\s+/).slice(0, 8).filter((term) => term !== '');
    if (terms.length === 0) return [];
    const goesOn = this.before !== null && query.startsWith(this.before.query);
    const among = goesOn ? this.before!.found : this.names.keys();
    const found: number[] = [];
    const best: Find[] = [];
    for (const symbol of among) {
      const find = this.match(symbol, terms);
      if (find === null) continue;
      found.push(symbol);
      insert(best, find, limit);
    }
    const isNarrow = terms.every((term) => term.length >= ANYWHERE_FROM);
    this.before = isNarrow ? { query, found: Uint32Array.from(found) } : null;
    return best.map(({ symbol, field }) => ({ symbol, field }));
  }

  private match(symbol: number, terms: readonly string[]): Find | null {
    let score = 0;
    let weakest = Infinity;
    for (const term of terms) {
      const points = this.points(symbol, term);
      if (points === 0) return null;
      score += points;
      weakest = Math.min(weakest, points);
    }
    const field = weakest > PATH_HAS ? 'name' : weakest === PATH_HAS ? 'path' : 'text';
    return { symbol, score: score / terms.length + this.weight(symbol), field };
  }

  private points(symbol: number, term: string): number {
    const name = this.names[symbol]!;
    if (name === term) return EXACT;
    if (name.startsWith(term)) return NAME_BEGINS;
    const words = this.words[symbol]!;
    const at = words.indexOf(` ${term}`);
    if (at !== -1) return words[at + term.length + 1] === ' ' ? WORD : WORD_BEGINS;
    if (name.includes(term)) return NAME_HAS;
    if (term.length > 1 && this.initials[symbol]!.startsWith(term)) return INITIALS;
    if (term.length < ANYWHERE_FROM) return 0;
    if (this.qualified[symbol]!.includes(term)) return QUALIFIED_HAS;
    if (this.paths[this.table.file[symbol]!]!.includes(term)) return PATH_HAS;
    return this.texts[symbol]!.includes(term) ? TEXT_HAS : 0;
  }

  /** Among equal finds, what is relied upon and short comes first. */
  private weight(symbol: number): number {
    return this.table.centrality[symbol]! * 6 + 4 / (1 + this.names[symbol]!.length / 8);
  }
}

/** Puts a find into its place among the best, of which there are so many at most. */
function insert(best: Find[], find: Find, limit: number): void {
  const last = best.at(-1);
  if (best.length === limit && last && compare(last, find) <= 0) return;
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(best[middle]!, find) <= 0) low = middle + 1;
    else high = middle;
  }
  best.splice(low, 0, find);
  if (best.length > limit) best.pop();
}

function compare(a: Find, b: Find): number {
  return b.score - a.score || a.symbol - b.symbol;
}
