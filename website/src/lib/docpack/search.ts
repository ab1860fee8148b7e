import { charsOf, eachRow, eachRowFrom, haystackOf, type Haystack } from './haystack';
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
/** More than a symbol's weight ever is. */
const MAX_WEIGHT = 10;

/** Shorter words are looked for in names alone: nearly every text has any one letter. */
const ANYWHERE_FROM = 2;
const MAX_TERMS = 8;

interface Find {
  symbol: number;
  score: number;
  field: SearchHit['field'];
}

/** What is looked through: strings and numbers, so that a worker can prepare it and hand it on. */
export interface Searchable {
  names: Haystack;
  /** The words of each name with a space before and behind each, so that ` par` finds where one begins. */
  words: Haystack;
  initials: Haystack;
  qualified: Haystack;
  texts: Haystack;
  paths: string[];
  file: Uint32Array;
  /** By symbol; among equal finds, what is relied upon and short comes first. */
  weight: Float64Array;
}

export function searchableOf(table: SymbolTable, symbols: readonly SymbolRecord[]): Searchable {
  const { names, qualifiedNames, files, file, centrality } = table;
  const lower = names.map((name) => name.toLowerCase());
  const words = names.map(wordsOf);
  return {
    names: haystackOf(lower),
    words: haystackOf(words.map((list) => ` ${list.join(' ')} `)),
    initials: haystackOf(words.map((list) => list.map((word) => word[0]).join(''))),
    qualified: haystackOf(qualifiedNames.map((name) => name.toLowerCase())),
    texts: haystackOf(symbols.map(({ documentation, doc_comment }) => `${documentation?.summary ?? ''} ${doc_comment ?? ''}`.toLowerCase())),
    paths: files.map(({ path }) => path.toLowerCase()),
    file,
    weight: Float64Array.from(lower, (name, symbol) => centrality[symbol]! * 6 + 4 / (1 + name.length / 8))
  };
}

/** How many characters one search may have to look through. */
export function sizeOf({ names, words, initials, qualified, texts }: Searchable): number {
  return [names, words, initials, qualified, texts].reduce((sum, stack) => sum + charsOf(stack), 0);
}

/** By symbol, what a word of a query is worth: in names, and once it was looked for there, anywhere. */
interface Worth {
  points: Uint8Array;
  isOfAll: boolean;
}

/**
 * Finds symbols by every word of a query, as it is typed.
 *
 * A pass over prepared strings needs no tree to be built first. One word is looked for in names alone as long as
 * those fill the list, because no other find could rank among them. Words that stood in the query before are known.
 */
export class SearchIndex {
  private readonly within: Searchable;
  private known = new Map<string, Worth>();

  constructor(within: Searchable) {
    this.within = within;
  }

  search(typed: string, limit: number): SearchHit[] {
    const terms = typed.toLowerCase().trim().split(/\s+/).slice(0, MAX_TERMS).filter((term) => term !== '');
    if (terms.length === 0) return [];
    this.known = new Map(terms.map((term) => [term, this.known.get(term) ?? { points: pointsOfNames(this.within, term), isOfAll: term.length < ANYWHERE_FROM }]));
    const worths = terms.map((term) => this.known.get(term)!);
    if (terms.length === 1) {
      const best = bestOf(this.within, worths, limit);
      const isFull = best.length === limit && best.at(-1)!.score > QUALIFIED_HAS + MAX_WEIGHT;
      if (isFull || worths[0]!.isOfAll) return hitsOf(best);
    }
    for (const [term, worth] of this.known) {
      if (!worth.isOfAll) addOtherFields(this.within, term, worth.points);
      worth.isOfAll = true;
    }
    return hitsOf(bestOf(this.within, worths, limit));
  }
}

/** What a word is worth as a part of a name; from the least on, so that the best is what stays. */
function pointsOfNames({ names, words, initials }: Searchable, term: string): Uint8Array {
  const points = new Uint8Array(names.starts.length);
  if (term.length > 1) eachRowFrom(initials, term, (symbol) => (points[symbol] = INITIALS));
  eachRow(names, term, (symbol) => (points[symbol] = NAME_HAS));
  eachRow(words, ` ${term}`, (symbol, at, piece) => {
    if (points[symbol] === NAME_HAS) points[symbol] = piece[at + term.length + 1] === ' ' ? WORD : WORD_BEGINS;
  });
  eachRowFrom(names, term, (symbol, isAll) => (points[symbol] = isAll ? EXACT : NAME_BEGINS));
  return points;
}

/** Adds what a word is worth elsewhere. */
function addOtherFields({ qualified, texts, paths, file }: Searchable, term: string, points: Uint8Array): void {
  const raise = (symbol: number, to: number) => {
    if (points[symbol]! < to) points[symbol] = to;
  };
  eachRow(texts, term, (symbol) => raise(symbol, TEXT_HAS));
  const inPath = Uint8Array.from(paths, (path) => (path.includes(term) ? 1 : 0));
  if (inPath.includes(1)) file.forEach((at, symbol) => inPath[at] === 1 && raise(symbol, PATH_HAS));
  eachRow(qualified, term, (symbol) => raise(symbol, QUALIFIED_HAS));
}

/** The symbols that every word is worth something for, by the mean of it and their weight. */
function bestOf({ weight }: Searchable, worths: readonly Worth[], limit: number): Find[] {
  const [first, ...others] = worths.map(({ points }) => points);
  const sum = Uint16Array.from(first!);
  const weakest = first!.slice();
  for (const points of others) {
    for (let symbol = 0; symbol < sum.length; symbol++) {
      const worth = points[symbol]!;
      sum[symbol]! += worth;
      if (worth < weakest[symbol]!) weakest[symbol] = worth;
    }
  }
  const best: Find[] = [];
  let least = -1;
  for (let symbol = 0; symbol < sum.length; symbol++) {
    if (weakest[symbol] === 0) continue;
    const score = sum[symbol]! / worths.length + weight[symbol]!;
    if (score <= least) continue;
    insert(best, { symbol, score, field: fieldOf(weakest[symbol]!) }, limit);
    if (best.length === limit) least = best[limit - 1]!.score;
  }
  return best;
}

function fieldOf(weakest: number): SearchHit['field'] {
  return weakest > PATH_HAS ? 'name' : weakest === PATH_HAS ? 'path' : 'text';
}

function hitsOf(best: readonly Find[]): SearchHit[] {
  return best.map(({ symbol, field }) => ({ symbol, field }));
}

/** Puts a find into its place among the best; of equal ones, what came first stays first. */
function insert(best: Find[], find: Find, limit: number): void {
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (best[middle]!.score >= find.score) low = middle + 1;
    else high = middle;
  }
  best.splice(low, 0, find);
  if (best.length > limit) best.pop();
}
