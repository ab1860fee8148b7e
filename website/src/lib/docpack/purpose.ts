import type { Quote, Tour } from './records';

/** Finds what the authors say of the repository; null where they say nothing. */
export function purposeOf({ sections }: Tour): Quote | null {
  return sections.find(({ topic }) => topic === 'purpose')?.items.find(({ quote }) => quote)?.quote ?? null;
}

/** Takes the first sentence of a text, without the marks around code. */
export function firstSentence(text: string): string {
  const end = /[.!?](?=\s)/.exec(text);
  return (end ? text.slice(0, end.index + 1) : text).replaceAll('`', '');
}
