/** Where the words of a query stand in a text. */
import type { Range } from '$lib/docpack/source';
import { parseQuery, squash, type Query } from './query';
import { eachWord, isAlphanumeric, stem } from './words';

/** A longer text is marked to here. */
const MAX_CHARS = 2_000;

export class Marker {
  private readonly query: Query;
  private readonly letters: string;
  private readonly stems = new Map<string, number>();

  constructor(typed: string) {
    this.query = parseQuery(typed);
    this.letters = this.query.isPhrase ? this.query.squashed : squash(this.query.segments.at(-1) ?? '');
  }

  /** Marks the letters of a name that were typed, or else the words. */
  inName(name: string): Range[] {
    const at = this.letters === '' ? null : lettersIn(name, this.letters);
    return at ? [at] : this.inText(name).marks;
  }

  /** Marks the words of the query in a text, and counts the different ones. */
  inText(text: string): { marks: Range[]; held: number } {
    const marks: Range[] = [];
    const held = new Set<number>();
    eachWord(text.slice(0, MAX_CHARS), (word, start, end) => {
      const term = this.termOf(word);
      if (term < 0) return;
      held.add(term);
      const last = marks.at(-1);
      // Words of one identifier are one mark.
      if (last && last[1] >= start - 1 && text[last[1]] !== ' ') last[1] = end;
      else marks.push([start, end]);
    });
    return { marks, held: held.size };
  }

  private termOf(word: string): number {
    let term = this.stems.get(word);
    if (term === undefined) {
      const cut = stem(word);
      term = this.query.terms.findIndex((each) => each.stem === cut || (each.isOpen && cut.startsWith(each.stem)));
      this.stems.set(word, term);
    }
    return term;
  }
}

/** Finds letters in a name whatever stands between them: `urlfor` in `url_for`. */
function lettersIn(name: string, letters: string): Range | null {
  const places: number[] = [];
  let own = '';
  for (let at = 0; at < name.length; at++) {
    if (!isAlphanumeric(name.charCodeAt(at))) continue;
    own += name[at]!.toLowerCase();
    while (places.length < own.length) places.push(at);
  }
  const from = own.indexOf(letters);
  return from === -1 ? null : [places[from]!, places[from + letters.length - 1]! + 1];
}

/** Cuts a text at its marks. */
export function pieces(text: string, marks: readonly Range[]): { text: string; isMarked: boolean }[] {
  const found: { text: string; isMarked: boolean }[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    if (from > at) found.push({ text: text.slice(at, from), isMarked: false });
    found.push({ text: text.slice(from, to), isMarked: true });
    at = to;
  }
  if (at < text.length) found.push({ text: text.slice(at), isMarked: false });
  return found;
}
