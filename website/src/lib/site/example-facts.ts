import { parseMermaid, type Flowchart } from '$lib/diagram/mermaid';
import type { Model } from '$lib/docpack/model';
import type { Flow, FlowStep, Quote } from '$lib/docpack/records';
import { firstSentence, purposeOf } from '$lib/docpack/purpose';
import { DEPENDENCY } from '$lib/map/aggregate';

/** What a card says of a pack; everything is read from the pack. */
export interface ExampleFacts {
  /** The first sentence of its authors about it. */
  quote: Quote | null;
  /** Of the product alone, without tests and examples. */
  files: number;
  lines: number;
  languages: string[];
  functions: number;
  types: number;
  /** Calls, imports and other references that lead from the product's symbols to others. */
  relations: number;
  /** Where its main flows begin, the most telling first. */
  flows: string[];
  /** The beginning of the flow that its authors say most about. */
  excerpt: Excerpt | null;
  picture: Picture;
}

export interface Excerpt {
  title: string;
  steps: { text: string; place: string; isNested: boolean }[];
}

/** The parts that are joined most, and how. */
export interface Picture {
  parts: { label: string; isFolder: boolean }[];
  arrows: { from: number; to: number; weight: number }[];
}

const FUNCTIONS = new Set(['function', 'method', 'constructor', 'macro']);
const TYPES = new Set(['class', 'struct', 'enum', 'union', 'trait', 'interface', 'type_alias']);
/** As many as can be told apart at the size of a card. */
const MAX_PARTS = 7;
const MAX_ARROWS = 9;
const MAX_STEPS = 9;
/** Further steps within one step would hide what comes after it. */
const MAX_NESTED = 3;

/** Reads the facts of a card from a pack. */
export function exampleFacts({ pack, table, edges }: Model): ExampleFacts {
  const product = table.words.role.indexOf('product');
  const files = table.files.filter(({ role }) => role === product);
  const count = (isCounted: (symbol: number) => boolean) => table.ids.filter((_, symbol) => isCounted(symbol)).length;
  const ofKind = (kinds: ReadonlySet<string>, role: number) =>
    count((symbol) => table.role[symbol] === role && kinds.has(table.words.kind[table.kind[symbol]!]!));
  const sections = pack.tour?.sections ?? [];
  const flows = pack.tour?.flows ?? [];
  const quote = pack.tour && purposeOf(pack.tour);
  const layout = sections.find(({ topic }) => topic === 'layout')?.diagram ?? '';
  const chart = parseMermaid(layout);
  return {
    quote: quote && { ...quote, text: firstSentence(quote.text) },
    files: files.length,
    lines: files.reduce((sum, { lines }) => sum + lines, 0),
    languages: [...new Set(files.map(({ language }) => table.words.language[language]!))],
    functions: ofKind(FUNCTIONS, product),
    types: ofKind(TYPES, product),
    relations: edges.kind.filter((kind, edge) => DEPENDENCY[kind] && table.role[edges.source[edge]!] === product)
      .length,
    flows: flows.slice(0, 3).map(({ title }) => title.replaceAll('`', '')),
    excerpt: excerptOf(flows),
    picture: chart?.kind === 'flowchart' ? pictureOf(chart) : { parts: [], arrows: [] }
  };
}

/** Keeps the calls of a flow's first two levels, and leaves out how it handles errors. */
export function excerptOf(flows: readonly Flow[]): Excerpt | null {
  const quotes = ({ steps }: Flow) => steps.filter(({ quote }) => quote).length;
  const flow = flows.reduce<Flow | null>((best, each) => (best && quotes(best) >= quotes(each) ? best : each), null);
  if (!flow) return null;
  const kept: FlowStep[] = [];
  let nested = 0;
  for (const step of flow.steps) {
    if (step.depth > 1 || step.kind !== 'call' || step.condition?.startsWith('after')) continue;
    nested = step.depth === 0 ? 0 : nested + 1;
    if (nested <= MAX_NESTED) kept.push(step);
  }
  return {
    title: flow.title,
    steps: kept.slice(0, MAX_STEPS).map(({ text, file_path, line, depth }) => ({
      text: text.replace(/, kept in .*$/, ''),
      place: `${file_path.split('/').at(-1)}:${line}`,
      isNested: depth > 0
    }))
  };
}

/** Keeps the parts and arrows that carry most, named within the folder that they share. */
export function pictureOf({ boxes, arrows }: Flowchart): Picture {
  const weighed = arrows.map(({ from, to, label }) => ({ from, to, weight: Number(label) || 1 }));
  const carried = (box: number) =>
    weighed.reduce((sum, { from, to, weight }) => sum + (from === box || to === box ? weight : 0), 0);
  const named = boxes.map((_, box) => box).filter((box) => /^[\w./@-]+$/.test(boxes[box]!.label) && carried(box) > 0);
  const kept = named.sort((a, b) => carried(b) - carried(a) || a - b).slice(0, MAX_PARTS);
  kept.sort((a, b) => a - b);
  const shared = sharedFolder(kept.map((box) => boxes[box]!.label));
  const place = new Map(kept.map((box, at) => [box, at]));
  const between = weighed
    .filter(({ from, to }) => place.has(from) && place.has(to))
    .map(({ from, to, weight }) => ({ from: place.get(from)!, to: place.get(to)!, weight }))
    .sort((a, b) => b.weight - a.weight);
  return {
    parts: kept.map((box) => ({
      label: boxes[box]!.label.slice(shared.length).replace(/\/$/, ''),
      isFolder: boxes[box]!.isFolder
    })),
    arrows: joining(kept.length, between)
  };
}

/** Keeps the heaviest arrows that join what is not joined yet, then the heaviest of the others. */
function joining(parts: number, arrows: Picture['arrows']): Picture['arrows'] {
  const group = Array.from({ length: parts }, (_, part) => part);
  const tree = arrows.filter(({ from, to }) => {
    const [kept, gone] = [group[from]!, group[to]!];
    if (kept === gone) return false;
    group.forEach((own, part) => own === gone && (group[part] = kept));
    return true;
  });
  const rest = arrows.filter((arrow) => !tree.includes(arrow));
  return [...tree, ...rest].slice(0, MAX_ARROWS);
}

/** `src/flask/` of `src/flask/app.py` and `src/flask/json/`. */
function sharedFolder([first = '', ...rest]: readonly string[]): string {
  let shared = first.replace(/[^/]*\/?$/, '');
  while (shared !== '' && !rest.every((label) => label.startsWith(shared) && label.length > shared.length))
    shared = shared.replace(/[^/]*\/$/, '');
  return shared;
}
