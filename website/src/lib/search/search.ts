/** A query to documents, best first; `common/search/src/search.rs` does the same. */
import { FIELDS, type Field } from './documents';
import { WEIGHT_UNITS, type IndexData } from './index';
import { lowerBound, Names, PREFIX, TIERS, WITHIN, WORDS, type Tier } from './names';
import { parseQuery, type Query, type Term } from './query';
import { countAlphanumeric } from './words';

const HALF_WEIGHT = 2;
const COMPLETION_SHARE = 0.6;
/** What another word for one of the query counts. */
const OTHER_WORD_SHARE = 0.4;
const LEAST_COVERAGE = 0.4;
const WHOLE_NAME_BONUS = 0.4;
const MIN_SIMILARITY = 0.25;
const MEANING_SHARE = 1;
const NAME_BIT = 1;
/** No tier yet: above all of them. */
const NO_TIER = 0x7f;

/** More of the documents nearest to a query's vector change nothing among the first hits. */
export const MAX_NEAR = 200;

export interface Hit {
  /** In the order in which documents were added. */
  document: number;
  tier: Tier;
  /** Comparable within one tier of one answer. */
  score: number;
  /** The fields that hold words of the query; empty where only the vectors are near. */
  fields: Field[];
  similarity: number | null;
}

export interface Found {
  hits: Hit[];
  n_matches: number;
}

/** What is gathered about documents, by place. */
interface Matches {
  tier: Uint8Array;
  points: Float64Array;
  covered: Float64Array;
  nameTerms: Uint8Array;
  fields: Uint8Array;
  similarity: Float64Array;
  touched: number[];
}

interface Ranked {
  place: number;
  tier: number;
  score: number;
}

export class SearchIndex {
  private readonly data: IndexData;
  private readonly names: Names;
  private readonly stems: string[];
  private readonly worths: Float64Array;
  private readonly worthFields: Uint8Array;
  /** Empty between two searches: what a search gathers is taken back instead of made anew for each letter. */
  private readonly matches: Matches;

  constructor(data: IndexData) {
    this.data = data;
    this.names = new Names(data.names);
    this.stems = data.stems.split('\n');
    this.worths = new Float64Array(data.priors.length);
    this.worthFields = new Uint8Array(data.priors.length);
    this.matches = noMatches(data.priors.length);
  }

  /** Finds documents by names, then by words and by `near`: documents with their vectors' cosine to the query's. */
  search(
    typed: string | Query,
    near: readonly (readonly [document: number, cosine: number])[],
    limit: number,
    isWanted: ((place: number) => boolean) | null = null
  ): Found {
    const query = typeof typed === 'string' ? parseQuery(typed) : typed;
    const { matches } = this;
    const rarity = this.addWords(query, matches);
    const raise = (place: number, tier: number) => {
      touch(matches, place);
      if (tier < matches.tier[place]!) matches.tier[place] = tier;
      matches.fields[place]! |= NAME_BIT;
    };
    this.names.eachFitting(query, raise);
    this.names.eachWithin(query, (place) => raise(place, WITHIN));
    for (const [place, similarity] of near) {
      if (similarity < MIN_SIMILARITY || place >= matches.tier.length) continue;
      touch(matches, place);
      matches.similarity[place] = similarity;
    }
    const wanted = isWanted ? matches.touched.filter(isWanted) : matches.touched;
    const hits = this.best(query, matches, wanted, rarity, limit).map(({ place, tier, score }) => ({
      document: place,
      tier: TIERS[tier]!,
      score,
      fields: fieldsOf(matches.fields[place]!),
      similarity: Number.isNaN(matches.similarity[place]!) ? null : matches.similarity[place]!
    }));
    const n_matches = wanted.length;
    clear(matches);
    return { hits, n_matches };
  }

  /** Adds what the words of the query are worth, and gives the rarity of all of them. */
  private addWords(query: Query, matches: Matches): number {
    let all = 0;
    for (const term of query.terms) {
      const holders: number[] = [];
      let own = 1;
      this.eachCompletion(term, (at, isWhole) => {
        const [start, end] = [this.data.starts[at]!, this.data.starts[at + 1]!];
        if (isWhole) own = end - start;
        this.raise(start, end, (isWhole ? 1 : COMPLETION_SHARE) * this.rarity(end - start), holders);
      });
      for (const other of term.others) {
        const at = this.placeOf(other);
        if (at === null) continue;
        const [start, end] = [this.data.starts[at]!, this.data.starts[at + 1]!];
        this.raise(start, end, OTHER_WORD_SHARE * this.rarity(end - start), holders);
      }
      const rarity = this.rarity(own);
      all += rarity;
      for (const place of holders) {
        touch(matches, place);
        matches.points[place]! += this.worths[place]!;
        matches.covered[place]! += rarity;
        matches.fields[place]! |= this.worthFields[place]!;
        matches.nameTerms[place]! += this.worthFields[place]! & NAME_BIT;
        this.worths[place] = 0;
        this.worthFields[place] = 0;
      }
    }
    return all;
  }

  /** Visits the indexed words that a word of the query means: itself, and what it begins while it is being typed. */
  private eachCompletion({ stem, isOpen }: Term, visit: (at: number, isWhole: boolean) => void): void {
    for (let at = lowerBound(this.stems, stem); at < this.stems.length; at++) {
      const isWhole = this.stems[at] === stem;
      if (!isWhole && !(isOpen && this.stems[at]!.startsWith(stem))) return;
      visit(at, isWhole);
    }
  }

  /** Keeps the best that any meaning of a word is worth for a document. */
  private raise(start: number, end: number, rarity: number, holders: number[]): void {
    const { documents, weights, fields } = this.data;
    for (let at = start; at < end; at++) {
      const place = documents[at]!;
      if (this.worthFields[place] === 0) holders.push(place);
      const weight = weights[at]! / WEIGHT_UNITS;
      const points = (rarity * weight) / (weight + HALF_WEIGHT);
      if (points > this.worths[place]!) this.worths[place] = points;
      this.worthFields[place]! |= fields[at]!;
    }
  }

  private placeOf(stem: string): number | null {
    const at = lowerBound(this.stems, stem);
    return this.stems[at] === stem ? at : null;
  }

  /** How much a stem tells one document from another; null where no document holds it. */
  rarityOf(stem: string): number | null {
    const at = this.placeOf(stem);
    return at === null ? null : this.rarity(this.data.starts[at + 1]! - this.data.starts[at]!);
  }

  private rarity(holders: number): number {
    return log2(1 + Math.max(this.data.priors.length - holders + 0.5, 0.5) / (holders + 0.5));
  }

  /** The first of all matches in their order. */
  private best(query: Query, matches: Matches, wanted: readonly number[], rarity: number, limit: number): Ranked[] {
    let [mostPoints, mostSimilarity] = [0, 0];
    for (const place of wanted) {
      const points = this.points(place, matches, rarity);
      matches.points[place] = points;
      if (points > mostPoints) mostPoints = points;
      if (matches.similarity[place]! > mostSimilarity) mostSimilarity = matches.similarity[place]!;
    }
    const range = mostSimilarity - MIN_SIMILARITY;
    const typed = countAlphanumeric(query.segments.at(-1) ?? '');
    const best: Ranked[] = [];
    for (const place of wanted) {
      const similarity = matches.similarity[place]!;
      const isByWords = matches.points[place] !== 0 || !Number.isNaN(similarity);
      const found = matches.tier[place]!;
      const tier = found < WORDS || (found !== NO_TIER && !isByWords) ? found : WORDS;
      let score = 1;
      if (tier === WORDS) {
        const words = mostPoints > 0 ? matches.points[place]! / mostPoints : 0;
        const meaning = !Number.isNaN(similarity) && range > 0 ? (similarity - MIN_SIMILARITY) / range : 0;
        score = words + MEANING_SHARE * meaning;
      } else if (tier >= PREFIX) {
        score = Math.sqrt(this.names.shareTyped(place, typed));
      }
      const role = query.rolePriors[this.data.roles[place]!] ?? 1;
      insert(best, { place, tier, score: rounded(score * role * this.data.priors[place]!) }, limit);
    }
    return best;
  }

  private points(place: number, { points, covered, nameTerms }: Matches, rarity: number): number {
    if (points[place] === 0) return 0;
    const coverage = LEAST_COVERAGE + ((1 - LEAST_COVERAGE) * covered[place]!) / rarity;
    const shareOfName = Math.min(nameTerms[place]! / Math.max(this.data.nameStems[place]!, 1), 1);
    return points[place]! * coverage * (1 + WHOLE_NAME_BONUS * shareOfName);
  }
}

function noMatches(documents: number): Matches {
  return {
    tier: new Uint8Array(documents).fill(NO_TIER),
    points: new Float64Array(documents),
    covered: new Float64Array(documents),
    nameTerms: new Uint8Array(documents),
    fields: new Uint8Array(documents),
    similarity: new Float64Array(documents).fill(NaN),
    touched: []
  };
}

function clear(matches: Matches): void {
  for (const place of matches.touched) {
    matches.tier[place] = NO_TIER;
    matches.points[place] = 0;
    matches.covered[place] = 0;
    matches.nameTerms[place] = 0;
    matches.fields[place] = 0;
    matches.similarity[place] = NaN;
  }
  matches.touched = [];
}

/** Puts a match into its place among the best. */
function insert(best: Ranked[], match: Ranked, limit: number): void {
  if (best.length >= limit && (limit === 0 || order(best[limit - 1]!, match) < 0)) return;
  let [low, high] = [0, best.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(best[middle]!, match) < 0) low = middle + 1;
    else high = middle;
  }
  best.splice(low, 0, match);
  if (best.length > limit) best.pop();
}

function order(a: Ranked, b: Ranked): number {
  return a.tier - b.tier || b.score - a.score || a.place - b.place;
}

function touch({ tier, points, similarity, touched }: Matches, place: number): void {
  if (tier[place] === NO_TIER && points[place] === 0 && Number.isNaN(similarity[place]!)) touched.push(place);
}

function fieldsOf(bits: number): Field[] {
  return FIELDS.filter((_, at) => bits & (1 << at)).map(({ field }) => field);
}

/** Scores that differ by less are equal. */
function rounded(score: number): number {
  return Math.floor(score * 1e6 + 0.5) / 1e6;
}

/** The logarithm by squaring: the libraries of languages differ in its last digits. */
function log2(whole: number): number {
  let [number, log] = [whole, 0];
  while (number >= 2) {
    number /= 2;
    log += 1;
  }
  for (let n = 0, bit = 0.5; n < 20; n++, bit /= 2) {
    number *= number;
    if (number >= 2) {
      number /= 2;
      log += bit;
    }
  }
  return log;
}
