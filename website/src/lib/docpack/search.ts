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
/** More than `weight` ever adds. */
const MAX_WEIGHT = 10;

/** Shorter words are looked for in names alone: nearly every text has any one letter. */
const ANYWHERE_FROM = 2;

interface Find {
  symbol: number;
  score: number;
  field: SearchHit['field'];
}

/** A word of a query, and in which files' paths it stands. */
interface Term {
  text: string;
  inPath: Uint8Array;
}

/**
 * Finds symbols by every word of a query, as it is typed.
 *
 * A pass over prepared strings needs no tree to be built first. One word is looked for in names alone as long as
 * those fill the list, because no other find could rank among them. A query that goes on from the one before is looked
 * for among that one's finds only: a longer word is found nowhere where the shorter one was not.
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
    if (terms.length === 1 && !goesOn) {
      const best = this.byName(terms[0]!, limit);
      if (best.length === limit && best.at(-1)!.score > QUALIFIED_HAS + MAX_WEIGHT) return hitsOf(best);
    }
    return hitsOf(this.byAll(query, terms, goesOn ? this.before!.found : this.names.keys(), limit));
  }

  private byName(term: string, limit: number): Find[] {
    const best: Find[] = [];
    this.before = null;
    for (let symbol = 0; symbol < this.names.length; symbol++) {
      const points = this.pointsOfName(symbol, term);
      if (points > 0) insert(best, { symbol, score: points + this.weight(symbol), field: 'name' }, limit);
    }
    return best;
  }

  private byAll(query: string, texts: readonly string[], among: Iterable<number>, limit: number): Find[] {
    const terms = texts.map((text) => ({ text, inPath: Uint8Array.from(this.paths, (path) => (path.includes(text) ? 1 : 0)) }));
    const found: number[] = [];
    const best: Find[] = [];
    for (const symbol of among) {
      const find = this.match(symbol, terms);
      if (find === null) continue;
      found.push(symbol);
      insert(best, find, limit);
    }
    const isNarrow = texts.every((text) => text.length >= ANYWHERE_FROM);
    this.before = isNarrow ? { query, found: Uint32Array.from(found) } : null;
    return best;
  }

  private match(symbol: number, terms: readonly Term[]): Find | null {
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

  private points(symbol: number, { text, inPath }: Term): number {
    const ofName = this.pointsOfName(symbol, text);
    if (ofName > 0 || text.length < ANYWHERE_FROM) return ofName;
    if (this.qualified[symbol]!.includes(text)) return QUALIFIED_HAS;
    if (inPath[this.table.file[symbol]!]) return PATH_HAS;
    return this.texts[symbol]!.includes(text) ? TEXT_HAS : 0;
  }

  /** A word of a name is a part of it, so most names are done with after one look. */
  private pointsOfName(symbol: number, term: string): number {
    const name = this.names[symbol]!;
    if (!name.includes(term)) return term.length > 1 && this.initials[symbol]!.startsWith(term) ? INITIALS : 0;
    if (name === term) return EXACT;
    if (name.startsWith(term)) return NAME_BEGINS;
    const words = this.words[symbol]!;
    const at = words.indexOf(` ${term}`);
    if (at === -1) return NAME_HAS;
    return words[at + term.length + 1] === ' ' ? WORD : WORD_BEGINS;
  }

  /** Among equal finds, what is relied upon and short comes first. */
  private weight(symbol: number): number {
    return this.table.centrality[symbol]! * 6 + 4 / (1 + this.names[symbol]!.length / 8);
  }
}

function hitsOf(best: readonly Find[]): SearchHit[] {
  return best.map(({ symbol, field }) => ({ symbol, field }));
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
