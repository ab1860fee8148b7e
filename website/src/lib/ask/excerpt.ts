/** The sentences of a text that fit a question best; `common/ask/src/excerpt.rs` does the same. */
import type { Terms } from './terms';
import { clip, firstSentence, plain } from './text';

const MAX_EXCERPT_CHARS = 420;
const MAX_COMMENT_CHARS = 520;
const MAX_SENTENCES = 60;
/** How a list follows what announces it, on one line. */
const LISTS = [': - ', ': * ', ': + '];
const SENTENCE_COST = 0.04;

/** Cuts the consecutive sentences out that hold the most of the question; the beginning where none holds any. */
export function bestSentences(given: string, terms: Terms): string {
  const text = plain(given);
  if (text.length <= MAX_EXCERPT_CHARS) return text;
  const all = sentences(text);
  let [most, start, chosen] = [-Infinity, 0, ''];
  for (let from = 0; from < all.length; from++) {
    for (let to = from + 1; to <= all.length; to++) {
      const shown = all.slice(from, to).join(' ');
      if (to > from + 1 && shown.length > MAX_EXCERPT_CHARS) break;
      const score = terms.worthOf(shown) - SENTENCE_COST * (to - from);
      if (score > most) [most, start, chosen] = [score, from, shown];
    }
  }
  // A list that was announced is shown as far as it fits.
  if (LISTS.some((mark) => chosen.includes(mark))) chosen = all.slice(start).join(' ');
  return clip(chosen, MAX_EXCERPT_CHARS);
}

function sentences(text: string): string[] {
  const found: string[] = [];
  for (let rest = text.trim(); rest !== '' && found.length < MAX_SENTENCES;) {
    const first = firstSentence(rest);
    found.push(first);
    rest = rest.slice(first.length).trimStart();
  }
  return found;
}

/** Takes the first sentence of a comment and, from the paragraph that fits the question best, its best sentences. */
export function ofComment(comment: string, terms: Terms): string | null {
  const paragraphs = withoutFences(comment)
    .split('\n\n')
    .slice(0, MAX_SENTENCES)
    .map(cleaned)
    .filter((paragraph) => paragraph !== '');
  if (paragraphs.length === 0) return null;
  const lead = clip(firstSentence(plain(paragraphs[0]!)), MAX_EXCERPT_CHARS);
  let [most, best]: [number, string | null] = [terms.worthOf(lead) + SENTENCE_COST, null];
  for (const paragraph of paragraphs) {
    const worth = terms.worthOf(paragraph);
    if (worth > most) [most, best] = [worth, paragraph];
  }
  const also = best === null ? '' : bestSentences(best, terms);
  const text =
    also === '' || lead.startsWith(also)
      ? lead
      : also.startsWith(lead)
        ? also
        : clip(`${lead} … ${also}`, MAX_COMMENT_CHARS);
  return text === '' ? null : text;
}

function withoutFences(comment: string): string {
  let inFence = false;
  const kept = comment.split('\n').filter((line) => {
    const isFence = line
      .trim()
      .replace(/^[*/! ]+/, '')
      .startsWith('```');
    if (isFence) inFence = !inFence;
    return !inFence && !isFence;
  });
  return kept.map((line) => line.trim()).join('\n');
}

/** Takes the marks of comments off a paragraph; a block of code is no prose. */
function cleaned(paragraph: string): string {
  const prose: string[] = [];
  for (const given of paragraph.split('\n')) {
    const line = given
      .trim()
      .replace(/^[*/!]+/, '')
      .trim();
    if (line.startsWith('```') || line.startsWith('>>>')) break;
    if (line !== '' && !line.startsWith('.. ') && !line.startsWith('#')) prose.push(line);
  }
  return prose.join(' ');
}
