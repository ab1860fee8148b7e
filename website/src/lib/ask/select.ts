/** From candidates to the few that are shown; `common/ask/src/select.rs` does the same, and walks flows of its own. */
import type { Flow, SymbolRecord } from '$lib/docpack/records';
import type { Answer, AnswerItem, ItemKind, Lack } from './answer';
import type { Evidence } from './evidence';
import { formOf, parseQuestion, type Form } from './question';
import { ranked, type Candidate, type Ranked } from './rank';
import { more, Terms, type Held } from './terms';
import { Writer } from './write';

const DEFAULT_ITEMS = 8;
const SHARES: readonly (readonly [kind: ItemKind, n: number, leastWorth: number, leastShare: number])[] = [
  ['passage', 3, 0.4, 0.5],
  ['flow', 2, 0.25, 0.35],
  ['symbol', 4, 0.25, 0.35],
  ['statement', 2, 0.5, 0.35]
];
const MIN_FLOW_SHARE = 0.35;
const INSTRUCTIONS_WEIGHT = 2;
const WAY_WEIGHT = 1.3;
const FLOW_WEIGHT = 1.1;
/** What a flow counts where instructions or a value are asked for: most of its steps are neither. */
const UNASKED_FLOW_WEIGHT = 0.5;
const FURTHER_SHARE = 0.6;
const MIN_WORTH = 0.5;
const MAX_OF_SECTION = 1;
const MAX_COUNTED = 4;
const FLOW_SHARE = 0.45;
const START_SHARE = 0.25;
const MIN_PASSED = 2;
const MIN_FLOW_WORTH = 0.35;
const LEAST_FLOW_SHARE = 0.5;
const MAX_NEAREST = 3;

/** Answers a question with evidence; null for what is no question. */
export function answer(evidence: Evidence, typed: string, limit = DEFAULT_ITEMS): Answer | null {
  const question = parseQuestion(typed);
  if (!question) return null;
  const terms = new Terms(question, evidence.index);
  const all = ranked(evidence, terms, question);
  const { items, carried } = new Selection(evidence, all, terms).items(limit);
  const { pack } = evidence;
  const lacks: [boolean, Lack][] = [
    [evidence.bodies === null, 'bodies'],
    [pack.tour === null, 'tour'],
    [!pack.manifest.optional.has_source, 'source']
  ];
  const isUnknown = carried <= MIN_WORTH;
  const best = items.sort((a, b) => b.score - a.score);
  return {
    question: question.text,
    outcome: isUnknown ? 'unknown' : 'evidence',
    unknownWords: terms.unknown(),
    items: inOrder(isUnknown ? best.slice(0, MAX_NEAREST) : best, formOf(question)),
    lacks: lacks.flatMap(([isLacking, lack]) => (isLacking ? [lack] : []))
  };
}

const kindPlace = (kind: ItemKind) => SHARES.findIndex(([of]) => of === kind);

/**
 * Whether two symbols look the same in an answer: overloads, a getter and its setter, or an asynchronous copy with the
 * same comment.
 */
function isTwin(one: SymbolRecord, other: SymbolRecord): boolean {
  if (one.name !== other.name) return false;
  const firstLine = ({ doc_comment }: SymbolRecord) => (doc_comment ?? '').trim().split('\n')[0]!;
  const isSame = one.file_path === other.file_path && one.qualified_name === other.qualified_name;
  return isSame || (firstLine(one) !== '' && firstLine(one) === firstLine(other));
}

/** Puts items of one kind together, and the kind with the best item first; items come with the best first. */
function inOrder(items: readonly AnswerItem[], form: Form): AnswerItem[] {
  const best = new Map<ItemKind, number>();
  for (const { kind, score } of items)
    best.set(kind, Math.max(best.get(kind) ?? 0, sixDigits(score) * weightOf(form, kind)));
  // Statements are the shortest, and repeat what others say.
  const isLast = (kind: ItemKind) => (kind === 'statement' ? 1 : 0);
  const ofKind = (a: ItemKind, b: ItemKind) =>
    isLast(a) - isLast(b) || best.get(b)! - best.get(a)! || kindPlace(a) - kindPlace(b);
  return [...items].sort((a, b) => ofKind(a.kind, b.kind));
}

const sixDigits = (score: number) => Math.round(score * 1e6) / 1e6;

/** What a kind of evidence counts for a form of question, when kinds are put in order. */
function weightOf(form: Form, kind: ItemKind): number {
  if (kind === 'passage') return form === 'how-to' ? INSTRUCTIONS_WEIGHT : 1;
  if (kind !== 'flow') return 1;
  return form === 'way' ? WAY_WEIGHT : form === 'other' ? FLOW_WEIGHT : UNASKED_FLOW_WEIGHT;
}

class Selection {
  private readonly evidence: Evidence;
  private readonly all: Ranked;
  private readonly terms: Terms;
  private readonly writer: Writer;

  constructor(evidence: Evidence, all: Ranked, terms: Terms) {
    this.evidence = evidence;
    this.all = all;
    this.terms = terms;
    this.writer = new Writer(evidence, terms, all.symbols);
  }

  /** Chooses and writes the items, and tells how much of the question the fullest of them holds. */
  items(limit: number): { items: AnswerItem[]; carried: number } {
    const flow = this.bestFlow();
    const chosen: Candidate[] = [];
    const room = new Map<ItemKind, number>(SHARES.map(([kind, n]) => [kind, n]));
    const best = new Map<ItemKind, number>();
    for (const each of this.all.candidates) {
      const { kind } = each.unit;
      if (!best.has(kind)) best.set(kind, each.score);
      const isFull = room.get(kind) === 0 || chosen.length + (flow ? 1 : 0) >= limit;
      const fits =
        each.score >= best.get(kind)! * SHARES[kindPlace(kind)]![3] &&
        this.terms.worth(each.held) >= SHARES[kindPlace(kind)]![2];
      if (isFull || !fits || !this.isNew(each, chosen, flow?.flow ?? null)) continue;
      room.set(kind, room.get(kind)! - 1);
      chosen.push(each);
    }
    // What passages and statements leave free goes to further symbols that fit well.
    for (const each of this.all.candidates) {
      const fits = each.unit.kind === 'symbol' && each.score >= best.get('symbol')! * FURTHER_SHARE;
      const hasRoom = chosen.length + (flow ? 1 : 0) < limit;
      if (fits && hasRoom && !chosen.includes(each) && this.isNew(each, chosen, flow?.flow ?? null)) chosen.push(each);
    }
    // Words that are scattered over several items answer nothing together.
    const held = chosen.map((each) => each.held);
    if (flow) held.push(this.heldBy(flow.flow));
    const carried = held.reduce((most, each) => Math.max(most, this.terms.share(each)), 0);
    const items = chosen.flatMap((each) => this.writer.item(each) ?? []);
    if (flow) items.push(this.writer.flow(flow.flow, flow.score));
    return { items, carried };
  }

  private isNew({ unit }: Candidate, chosen: readonly Candidate[], flow: Flow | null): boolean {
    if (unit.kind === 'symbol') {
      const { symbols } = this.evidence.pack;
      const symbol = symbols[unit.at]!;
      const isShown = chosen.some(({ unit: other }) => other.kind === 'symbol' && isTwin(symbol, symbols[other.at]!));
      return symbol.kind !== 'impl' && symbol.kind !== 'module' && flow?.symbol_id !== symbol.id && !isShown;
    }
    if (unit.kind === 'passage') {
      const isSame = ({ unit: other }: Candidate) =>
        other.kind === 'passage' && other.document === unit.document && other.section === unit.section;
      return chosen.filter(isSame).length < MAX_OF_SECTION;
    }
    const { depth, evidence } = this.evidence.pack.tour!.sections[unit.section]!.items[unit.item]!;
    const told = new Set(chosen.map((each) => this.idOf(each)));
    return (
      (depth ?? 0) === 0 &&
      !evidence.some(({ symbol_id: id }) => id !== null && (told.has(id) || flow?.symbol_id === id))
    );
  }

  private idOf({ unit }: Candidate): string | null {
    return unit.kind === 'symbol' ? this.evidence.pack.symbols[unit.at]!.id : null;
  }

  /** Finds the flow of the tour whose symbols fit the question best. */
  private bestFlow(): { flow: Flow; score: number } | null {
    let best: { flow: Flow; score: number } | null = null;
    for (const flow of this.evidence.pack.tour?.flows ?? []) {
      const score = this.flowScore(flow);
      if (!best || score > best.score) best = { flow, score };
    }
    const least = (this.all.candidates[0]?.score ?? 0) * MIN_FLOW_SHARE;
    return best && best.score > least && best.score > 0 ? best : null;
  }

  private heldBy(flow: Flow): Held {
    return flow.steps.reduce((all, step) => more(all, this.writer.heldBy(step)), this.terms.held(flow.title));
  }

  private flowScore(flow: Flow): number {
    const through = new Set([flow.symbol_id, ...flow.steps.flatMap(({ target_id }) => target_id ?? [])]);
    const scores = Array.from(through, (id) => this.all.symbols.get(id)).filter((score) => score !== undefined);
    scores.sort((a, b) => b - a);
    const worth = this.terms.worth(this.heldBy(flow));
    if (scores.length < MIN_PASSED || worth < MIN_FLOW_WORTH) return 0;
    // A walk from a symbol that fits is better than one that only passes through it.
    const own = (this.all.symbols.get(flow.symbol_id) ?? 0) * START_SHARE;
    const sum = scores.slice(0, MAX_COUNTED).reduce((all, score) => all + score, 0);
    return (own + sum) * FLOW_SHARE * (LEAST_FLOW_SHARE + worth);
  }
}
