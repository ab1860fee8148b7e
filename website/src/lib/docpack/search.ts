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

/**
 * Finds symbols by every word of a query, as it is typed.
 *
 * A pass over prepared strings needs no tree to be built first, and 50,000 symbols take a few milliseconds.
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

  search(query: string, limit: number): SearchHit[] {
    const terms = query.toLowerCase().trim().split(/\s+/).slice(0, 8).filter((term) => term !== '');
    if (terms.length === 0) return [];
    const found: { symbol: number; score: number; field: SearchHit['field'] }[] = [];
    for (let symbol = 0; symbol < this.names.length; symbol++) {
      let score = 0;
      let weakest = Infinity;
      for (const term of terms) {
        const points = this.points(symbol, term);
        if (points === 0) {
          score = 0;
          break;
        }
        score += points;
        weakest = Math.min(weakest, points);
      }
      if (score === 0) continue;
      const field = weakest > PATH_HAS ? 'name' : weakest === PATH_HAS ? 'path' : 'text';
      found.push({ symbol, score: score / terms.length + this.weight(symbol), field });
    }
    found.sort((a, b) => b.score - a.score || a.symbol - b.symbol);
    return found.slice(0, limit).map(({ symbol, field }) => ({ symbol, field }));
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
    if (this.qualified[symbol]!.includes(term)) return QUALIFIED_HAS;
    if (this.paths[this.table.file[symbol]!]!.includes(term)) return PATH_HAS;
    return this.texts[symbol]!.includes(term) ? TEXT_HAS : 0;
  }

  /** Among equal finds, what is relied upon and short comes first. */
  private weight(symbol: number): number {
    return this.table.centrality[symbol]! * 6 + 4 / (1 + this.names[symbol]!.length / 8);
  }
}
