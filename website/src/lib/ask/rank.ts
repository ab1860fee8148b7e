/** Which evidence fits a question: by words, then by what it is connected with; `common/ask/src/rank.rs` does the same. */
import { EXACT, EXACT_IGNORING_CASE, SAME_LETTERS, TIERS, WORDS } from '$lib/search/names';
import { parseQuery } from '$lib/search/query';
import type { Hit } from '$lib/search/search';
import { eachWord } from '$lib/search/words';
import { hasValue, headings, isValue, type Evidence, type Unit } from './evidence';
import { asksForBehaviour, asksForChanges, asksForTests, formOf, type Certainty, type Question } from './question';
import type { Held, Terms } from './terms';

const MAX_CANDIDATES = 240;
const MAX_NAMED = 6;
const NAMED: Readonly<Record<Certainty, number>> = { sure: 0.8, capital: 0.4, perhaps: 0.12 };
const WORST: Readonly<Record<Certainty, number>> = { sure: SAME_LETTERS, capital: EXACT, perhaps: EXACT_IGNORING_CASE };
const LEAST_SHARE = 0.2;
const NEIGHBOUR_SHARE = 0.2;
const NAMING_SHARE = 0.25;
const MAX_KEYWORDS = 2;
const SILENT_SHARE = 0.6;
const DEPRECATED_SHARE = 0.5;
const DEPRECATED = ['@deprecated', 'Deprecated:', '.. deprecated::'];
/** What a type counts where code's behaviour is asked for: that is in its methods. */
const TYPE_SHARE = 0.7;
const TYPES = ['class', 'enum', 'interface', 'struct', 'trait', 'type_alias'];
/** A value answers a question for one better than code that uses it. */
const VALUE_WEIGHT = 1.3;
const CHANGELOG_SHARE = 0.3;
const CODE_SHARE = 0.6;
const STATEMENT_SHARE = 0.85;
const ASIDE = ['test', 'example', 'benchmark'];
const LOGS = ['change', 'history', 'news', 'release', 'upgrad', 'migrat'];
const LOG_TITLES = ['changelog', 'change log', 'release notes'];

export interface Candidate {
  unit: Unit;
  score: number;
  held: Held;
}

/** Candidates, best first, and the scores of their symbols by id. */
export interface Ranked {
  candidates: Candidate[];
  symbols: ReadonlyMap<string, number>;
}

export function ranked(evidence: Evidence, terms: Terms, question: Question): Ranked {
  return new Ranker(evidence, terms).ranked(question);
}

class Ranker {
  private readonly evidence: Evidence;
  private readonly terms: Terms;

  constructor(evidence: Evidence, terms: Terms) {
    this.evidence = evidence;
    this.terms = terms;
  }

  ranked(question: Question): Ranked {
    const { index, units } = this.evidence;
    const scores = new Map<number, number>();
    const { hits } = index.search(question.query, [], MAX_CANDIDATES);
    const isSymbol = ({ document }: Hit) => units[document]!.kind === 'symbol';
    // A symbol's name outweighs what a text says, so that each is measured by its own best.
    for (const own of [hits.filter(isSymbol), hits.filter((hit) => !isSymbol(hit))]) {
      const most = own.reduce((most, { tier, score }) => (tier === 'words' ? Math.max(most, score) : most), 0);
      for (const { document, tier, score } of own)
        scores.set(document, TIERS.indexOf(tier) < WORDS ? 1 : Math.min(score / (most || Number.MIN_VALUE), 1));
    }
    for (const [name, certainty] of question.names) this.addNamed(name, certainty, scores);
    if (!asksForTests(question)) for (const place of scores.keys()) if (this.isTest(place)) scores.delete(place);
    if (!asksForChanges(question)) for (const place of scores.keys()) if (this.isOfChanges(place)) scores.delete(place);
    const places = Array.from(scores.keys()).sort((a, b) => a - b);
    return this.withNeighbours(
      places.map((place) => {
        const unit = units[place]!;
        const held = this.terms.held(this.textOf(unit));
        const share = LEAST_SHARE + (1 - LEAST_SHARE) * this.terms.worth(held);
        return { unit, held, score: scores.get(place)! * share * this.factor(unit, question) };
      })
    );
  }

  /** Raises the symbols that a word of the question names. */
  private addNamed(name: string, certainty: Certainty, scores: Map<number, number>): void {
    const { index, pack } = this.evidence;
    const found = index.search(parseQuery(name), [], MAX_NAMED, (place) => place < pack.symbols.length);
    for (const { document, tier, score } of found.hits) {
      if (TIERS.indexOf(tier) > WORST[certainty]) continue;
      // The prior of the symbol is its score here: a type before a local of the same name.
      const bonus = NAMED[certainty] * Math.min(score, 1);
      scores.set(document, (scores.get(document) ?? 0) + bonus);
      if (certainty === 'sure') this.addNaming(pack.symbols[document]!.id, bonus, scores);
    }
  }

  /** Raises the passages of sections that name a symbol; one that names few is more about it. */
  private addNaming(id: string, bonus: number, scores: Map<number, number>): void {
    this.evidence.units.forEach((unit, place) => {
      if (unit.kind !== 'passage') return;
      const ids = this.named(unit);
      if (ids.includes(id)) scores.set(place, (scores.get(place) ?? 0) + bonus / Math.sqrt(1 + ids.length));
    });
  }

  /** Whether a symbol only exercises or shows what others are for. */
  private isTest(place: number): boolean {
    const unit = this.evidence.units[place]!;
    return unit.kind === 'symbol' && ASIDE.includes(this.evidence.pack.symbols[unit.at]!.role ?? '');
  }

  private isOfChanges(place: number): boolean {
    const unit = this.evidence.units[place]!;
    return unit.kind === 'passage' && this.isChangelog(unit.document);
  }

  /** Whether a document says what changed in some version. */
  private isChangelog(document: number): boolean {
    const { file_path, sections } = this.evidence.pack.documents[document]!;
    const name = file_path.slice(file_path.lastIndexOf('/') + 1).toLowerCase();
    const title = sections[0]?.title.toLowerCase() ?? '';
    return LOGS.some((word) => name.includes(word)) || LOG_TITLES.some((words) => title.includes(words));
  }

  private factor(unit: Unit, question: Question): number {
    if (unit.kind === 'symbol')
      return (
        (this.isSilent(unit.at) ? SILENT_SHARE : 1) *
        (this.isDeprecated(unit.at) ? DEPRECATED_SHARE : 1) *
        this.asked(unit.at, question)
      );
    if (unit.kind === 'statement') return STATEMENT_SHARE;
    return (this.isChangelog(unit.document) ? CHANGELOG_SHARE : 1) * (unit.passage?.isCode ? CODE_SHARE : 1);
  }

  /** What a kind of symbol counts for a question. */
  private asked(at: number, question: Question): number {
    const symbol = this.evidence.pack.symbols[at]!;
    if (formOf(question) === 'value' && hasValue(symbol)) return VALUE_WEIGHT;
    return asksForBehaviour(question) && TYPES.includes(symbol.kind) ? TYPE_SHARE : 1;
  }

  /** Whether a comment begins by calling its symbol deprecated, or has a tag that does. */
  private isDeprecated(at: number): boolean {
    const comment = this.evidence.pack.symbols[at]!.doc_comment ?? '';
    return /^\s*deprecated/i.test(comment) || DEPRECATED.some((mark) => comment.includes(mark));
  }

  /** Whether a symbol has neither a comment nor steps, and its signature says no more than its name. */
  private isSilent(at: number): boolean {
    const symbol = this.evidence.pack.symbols[at]!;
    const { id, doc_comment, qualified_name, signature } = symbol;
    const hasSteps = (this.evidence.bodies?.get(id)?.steps.length ?? 0) > 0;
    if (hasSteps || (doc_comment ?? '').trim() !== '') return false;
    const name = qualified_name.toLowerCase();
    let nMore = 0;
    eachWord(signature, (word) => {
      if (!name.includes(word)) nMore++;
    });
    const hasValue = isValue(symbol) && this.evidence.ownText(symbol).includes('=');
    return nMore <= MAX_KEYWORDS && !signature.includes('=') && !hasValue;
  }

  /** Everything that a unit says. */
  private textOf(unit: Unit): string {
    const { pack } = this.evidence;
    if (unit.kind === 'symbol') {
      const symbol = pack.symbols[unit.at]!;
      const { qualified_name, signature, doc_comment } = symbol;
      return `${qualified_name} ${signature} ${doc_comment ?? ''} ${this.evidence.factsOf(symbol)}`;
    }
    if (unit.kind === 'passage')
      return `${headings(pack.documents[unit.document]!, unit.section)} ${this.evidence.words(unit) ?? ''}`;
    const { title, items } = pack.tour!.sections[unit.section]!;
    const { text, quote } = items[unit.item]!;
    return `${title} ${text ?? ''} ${quote?.text ?? ''}`;
  }

  /** Adds to each candidate what it is connected with: callers and called symbols, and texts that name a symbol. */
  private withNeighbours(candidates: Candidate[]): Ranked {
    const { symbols: records, edges } = this.evidence.pack;
    const own = new Map<string, number>();
    for (const { unit, score } of candidates) if (unit.kind === 'symbol') own.set(records[unit.at]!.id, score);
    const gained = new Map<string, number>();
    const gain = (id: string, score: number) => {
      if (score > (gained.get(id) ?? 0)) gained.set(id, score);
    };
    for (const { source, target, kind } of edges) {
      if (kind !== 'calls' && kind !== 'references') continue;
      const [from, to] = [own.get(source), own.get(target)];
      if (from !== undefined) gain(target, from * NEIGHBOUR_SHARE);
      if (to !== undefined) gain(source, to * NEIGHBOUR_SHARE);
    }
    for (const candidate of candidates) {
      const named = this.named(candidate.unit);
      const best = named.reduce((best, id) => Math.max(best, own.get(id) ?? 0), 0);
      for (const id of named) gain(id, candidate.score * NAMING_SHARE);
      candidate.score += best * NAMING_SHARE;
    }
    const symbols = new Map<string, number>();
    for (const candidate of candidates) {
      if (candidate.unit.kind !== 'symbol') continue;
      const { id } = records[candidate.unit.at]!;
      candidate.score += gained.get(id) ?? 0;
      symbols.set(id, candidate.score);
    }
    candidates.sort((a, b) => b.score - a.score);
    return { candidates, symbols };
  }

  /** The symbols that a text names. */
  private named(unit: Unit): readonly string[] {
    const { pack } = this.evidence;
    if (unit.kind === 'symbol') return [];
    if (unit.kind === 'passage')
      return unit.section === null ? [] : pack.documents[unit.document]!.sections[unit.section]!.symbol_ids;
    const { evidence } = pack.tour!.sections[unit.section]!.items[unit.item]!;
    return evidence.flatMap(({ symbol_id }) => (symbol_id === null ? [] : [symbol_id]));
  }
}
