import type { Flow, Tour, TourItem, TourSection } from '$lib/docpack/records';

/** A page of the guide. */
export interface Chapter {
  /** Names it in the address; the first has none. */
  key: string;
  title: string;
  sections: TourSection[];
  flow: Flow | null;
  minutes: number;
}

/** What a reader takes in of this kind of text, a minute. */
const WORDS_A_MINUTE = 220;
/** A guide that is read in this time is one page. */
const SHORT_MINUTES = 3;

/** The chapters beside the flows: topics that are read together. Previews of links describe the same ones (common/preview, facts.rs). */
const GROUPS: readonly [key: string, title: string, topics: readonly string[]][] = [
  ['', 'Overview', ['purpose', 'layout', 'documentation']],
  ['start', 'Entry points and public API', ['start']],
  ['types', 'Types and terms', ['types', 'glossary']],
  ['operation', 'Settings and errors', ['configuration', 'errors']],
  ['change', 'Tests and extension', ['tests', 'extension']],
  ['reading', 'Where to start reading', ['reading']]
];
/** The flows follow these. */
const BEFORE_FLOWS = 2;

/** Divides a tour into pages in reading order; what is short as a whole is one page. */
export function chaptersOf(tour: Tour): Chapter[] {
  const known = new Set(GROUPS.flatMap(([, , topics]) => topics));
  const chapters = GROUPS.map(([key, title, topics]) => {
    const sections = topics.flatMap((topic) => tour.sections.filter((section) => section.topic === topic));
    return chapter(key, title, sections, null);
  });
  // Topics of later versions are pages of their own.
  const later = tour.sections
    .filter(({ topic }) => !known.has(topic))
    .map((section) => chapter(`topic-${section.topic}`, section.title, [section], null));
  const flows = tour.flows.map((flow, n) => chapter(`flow-${n + 1}`, flow.title, [], flow));
  return [...chapters.slice(0, BEFORE_FLOWS), ...flows, ...chapters.slice(BEFORE_FLOWS), ...later].filter(
    ({ key, sections, flow }) => key === '' || sections.length > 0 || flow !== null
  );
}

/** Whether the pages are so short together that they are shown as one. */
export function isShort(chapters: readonly Chapter[]): boolean {
  return chapters.reduce((sum, { minutes }) => sum + minutes, 0) <= SHORT_MINUTES;
}

function chapter(key: string, title: string, sections: TourSection[], flow: Flow | null): Chapter {
  const text = [
    ...sections.flatMap(({ items }) => items.map(textOf)),
    ...(flow?.steps ?? []).map(({ text, condition, quote }) => `${condition ?? ''} ${text} ${quote?.text ?? ''}`),
    ...(flow?.ends ?? []).map(textOf)
  ];
  return { key, title, sections, flow, minutes: minutesOf(text.join(' ')) };
}

const textOf = ({ text, quote }: TourItem) => `${text ?? ''} ${quote?.text ?? ''}`;

/** How long a text takes to read, in minutes; at least a tenth where there is any. */
export function minutesOf(text: string): number {
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  return words === 0 ? 0 : Math.max(0.1, words / WORDS_A_MINUTE);
}

/** A name for a heading within the page's address. */
export const anchorOf = ({ topic }: Pick<TourSection, 'topic'>) => `guide-${topic}`;

/** Statements with the details that follow them. */
export interface Statement {
  item: TourItem;
  details: TourItem[];
}

/** Puts each detail under the statement that it belongs to. */
export function statements(items: readonly TourItem[]): Statement[] {
  const list: Statement[] = [];
  for (const item of items) {
    const last = list.at(-1);
    if ((item.depth ?? 0) > 0 && last) last.details.push(item);
    else list.push({ item, details: [] });
  }
  return list;
}

/** Numbers steps as a reader would: `2.1` is the first step within the second. */
export function stepNumbers(steps: readonly { depth: number }[]): string[] {
  const counts: number[] = [];
  return steps.map(({ depth }) => {
    // A step can only be one deeper than the one before it.
    const at = Math.min(depth, counts.length);
    counts.length = at + 1;
    counts[at] = (counts[at] ?? 0) + 1;
    return counts.join('.');
  });
}
