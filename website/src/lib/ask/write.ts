/** Evidence as it is shown; `common/ask/src/item.rs` does the same, and writes the steps of bodies in its own words. */
import type { Body, Flow, FlowStep, Quote, SymbolRecord } from '$lib/docpack/records';
import type { AnswerItem, AnswerStep, ItemKind } from './answer';
import { CATCH, hasValue, headings, isValue, REMARK, type Evidence } from './evidence';
import { bestSentences, ofComment } from './excerpt';
import type { Candidate } from './rank';
import { more, type Held, type Terms } from './terms';
import { clip } from './text';

const MAX_STEPS = 6;
const MAX_FLOW_STEPS = 10;
const MAX_SIGNATURE_CHARS = 160;
const MAX_CODE_CHARS = 240;
const MAX_TEXT_CHARS = 520;
const MAX_DEPTH = 16;
const STEP_WORTHS: ReadonlyMap<string, number> = new Map([
  ['raise', 0.15],
  ['call', 0.1],
  ['hand_over', 0.1],
  ['uncertain', 0.1],
  ['external', 0.08],
  ['return', 0.08],
  ['yield', 0.08],
  ['dynamic', 0.06]
]);
const OTHER_WORTH = 0.03;

export class Writer {
  private readonly evidence: Evidence;
  private readonly terms: Terms;
  private readonly scores: ReadonlyMap<string, number>;
  private readonly placeOf: ReadonlyMap<string, number>;

  constructor(evidence: Evidence, terms: Terms, scores: ReadonlyMap<string, number>) {
    this.evidence = evidence;
    this.terms = terms;
    this.scores = scores;
    this.placeOf = new Map(evidence.pack.symbols.map(({ id }, at) => [id, at]));
  }

  item(candidate: Candidate): AnswerItem | null {
    const { unit, held, score } = candidate;
    const item =
      unit.kind === 'symbol'
        ? this.symbol(unit.at)
        : unit.kind === 'passage'
          ? this.passage(unit)
          : this.statement(unit.section, unit.item);
    return item && { ...item, words: this.terms.told(held), score };
  }

  private symbol(at: number): AnswerItem {
    const symbol = this.evidence.pack.symbols[at]!;
    const { doc_comment, file_path, line_range, signature } = symbol;
    const words = doc_comment === null ? null : ofComment(doc_comment, this.terms);
    const body = this.evidence.bodies?.get(symbol.id);
    const steps = body ? this.stepsOf(body, file_path) : [];
    const hasWords = (words !== null || steps.length > 0) && !hasValue(symbol);
    const value = hasValue(symbol) ? this.evidence.ownText(symbol) : '';
    const shown = (isValue(symbol) ? value : withoutRemark(value)) || signature;
    return {
      ...blank('symbol', this.nameOf(symbol), file_path, line_range.start),
      symbol: at,
      quote: words === null ? null : { text: words, path: file_path, line: line_range.start },
      text: hasWords || shown === '' ? null : clip(shown.replace(/\s+/g, ' ').trim(), MAX_SIGNATURE_CHARS),
      steps
    };
  }

  /** A name as users of a type say it: `Flask.route`. */
  private nameOf({ name, parent }: SymbolRecord): string {
    const at = parent === null ? undefined : this.placeOf.get(parent);
    const owner = at === undefined ? null : this.evidence.pack.symbols[at]!;
    return owner && !['module', 'function', 'method'].includes(owner.kind) ? `${owner.name}.${name}` : name;
  }

  /** The steps of a body that hold words of the question, in their order. */
  private stepsOf({ steps, conditions }: Body, path: string): AnswerStep[] {
    const all = steps.map(({ kind, text, value, line, under, arguments: given }, at) => {
      const condition = under === null ? null : (conditions[under]?.text ?? null);
      const code = kind === 'call' ? `${text ?? ''}(${given.join(', ')})` : (text ?? '');
      const step = { text: `${VERBS.get(kind) ?? kind} \`${code}\``, condition, depth: 0, path, line };
      return { at, step, worth: this.terms.worthOf(`${code} ${value ?? ''} ${condition ?? ''}`) };
    });
    const best = all.filter(({ worth }) => worth > 0).sort((a, b) => b.worth - a.worth || a.at - b.at);
    const kept = best.slice(0, MAX_STEPS).sort((a, b) => a.at - b.at);
    return kept.map(({ step }) => step);
  }

  private passage(unit: Extract<Candidate['unit'], { kind: 'passage' }>): AnswerItem | null {
    const document = this.evidence.pack.documents[unit.document]!;
    const { file_path: path } = document;
    const line = unit.passage?.line ?? (unit.section === null ? 1 : document.sections[unit.section]!.line);
    const own = this.evidence.words(unit);
    const quoted =
      own === null
        ? null
        : unit.passage!.isCode
          ? clip(own.replace(/\s+/g, ' ').trim(), MAX_CODE_CHARS)
          : bestSentences(own, this.terms);
    if (quoted === '') return null;
    const quote = quoted === null ? null : { text: quoted, path, line };
    return { ...blank('passage', headings(document, unit.section), path, line), quote };
  }

  private statement(section: number, at: number): AnswerItem | null {
    const { title, items } = this.evidence.pack.tour!.sections[section]!;
    const { text, quote, evidence } = items[at]!;
    const place = evidence.find(({ file_path }) => file_path !== null);
    const [path, line] = quote ? [quote.file_path, quote.line] : [place?.file_path ?? null, place?.line ?? 1];
    if (path === null) return null;
    const id = evidence.find(({ symbol_id }) => symbol_id !== null)?.symbol_id;
    return {
      ...blank('statement', title, path, line),
      symbol: id ? (this.placeOf.get(id) ?? -1) : -1,
      quote: quote && shortQuote(quote),
      text: text ? clip(text, MAX_TEXT_CHARS) : null
    };
  }

  flow(flow: Flow, score: number): AnswerItem {
    const steps = this.best(flow.steps, MAX_FLOW_STEPS);
    const at = this.placeOf.get(flow.symbol_id) ?? -1;
    const start = this.evidence.pack.symbols[at];
    const held = steps.reduce((all, step) => more(all, this.heldBy(step)), this.terms.held(flow.title));
    return {
      ...blank('flow', flow.title.replaceAll('`', ''), start?.file_path ?? '', start?.line_range.start ?? 1),
      symbol: at,
      quote: flow.quote && shortQuote(flow.quote),
      steps: steps.map(({ text, condition, depth, file_path, line }) => ({
        text,
        condition,
        depth,
        path: file_path,
        line
      })),
      leftOut: (flow.left_out ?? 0) + flow.steps.length - steps.length,
      words: this.terms.told(held),
      score
    };
  }

  heldBy({ text, condition }: FlowStep): Held {
    const caught = condition?.includes('after `') ? CATCH : '';
    return this.terms.held(`${text} ${condition ?? ''} ${caught}`);
  }

  /** Keeps the steps that fit the question best, each with the calls that lead to it, in their order. */
  private best(steps: readonly FlowStep[], limit: number): FlowStep[] {
    const order = steps.map((step, at) => ({ at, worth: this.worth(step) }));
    order.sort((a, b) => b.worth - a.worth || a.at - b.at);
    const kept = new Set<number>();
    for (const { at } of order) {
      const wanted = new Set([...kept, ...leadingTo(steps, at), at]);
      if (wanted.size <= limit) for (const each of wanted) kept.add(each);
    }
    return Array.from(kept)
      .sort((a, b) => a - b)
      .map((at) => steps[at]!);
  }

  private worth(step: FlowStep): number {
    const target = step.target_id === null ? 0 : (this.scores.get(step.target_id) ?? 0);
    const ofKind = STEP_WORTHS.get(step.kind) ?? OTHER_WORTH;
    return ofKind + this.terms.worth(this.heldBy(step)) + 0.5 * target - 0.02 * step.depth;
  }
}

const VERBS: ReadonlyMap<string, string> = new Map([
  ['call', 'calls'],
  ['raise', 'raises'],
  ['return', 'returns'],
  ['yield', 'yields'],
  ['write', 'writes'],
  ['update', 'updates']
]);

/** Leaves out the remark before a definition, which is shown as its comment. */
function withoutRemark(definition: string): string {
  const lines = definition.split('\n');
  const first = lines.findIndex((line) => !REMARK.test(line));
  return lines.slice(first < 0 ? lines.length - 1 : first).join('\n');
}

/** The steps around one, each of which calls what the next one stands in. */
function leadingTo(steps: readonly FlowStep[], at: number): number[] {
  let { depth } = steps[at]!;
  const found: number[] = [];
  for (let before = at - 1; before >= 0 && depth > 0 && found.length < MAX_DEPTH; before--) {
    if (steps[before]!.depth >= depth) continue;
    ({ depth } = steps[before]!);
    found.push(before);
  }
  return found;
}

/** Cuts a quote of the tour; packs of others may hold longer ones than ours. */
function shortQuote({ text, file_path: path, line }: Quote): AnswerItem['quote'] {
  return { text: clip(text, MAX_TEXT_CHARS), path, line };
}

function blank(kind: ItemKind, title: string, path: string, line: number): AnswerItem {
  return { kind, title, symbol: -1, path, line, quote: null, text: null, steps: [], leftOut: 0, words: [], score: 0 };
}
