/** Names by their letters, and how well one fits what was typed; `common/search/src/names.rs` does the same. */
import { SEPARATORS, segmentsOf, squash, type Query } from './query';
import { countAlphanumeric, eachWord } from './words';

/** How a document was found; an earlier tier comes before a later one whatever the scores are. */
export const TIERS = ['exact', 'exact_ignoring_case', 'same_letters', 'prefix', 'words', 'within'] as const;
export type Tier = (typeof TIERS)[number];
export const [EXACT, EXACT_IGNORING_CASE, SAME_LETTERS, PREFIX, WORDS, WITHIN] = [0, 1, 2, 3, 4, 5];

/** Fewer letters stand within nearly every name. */
const MIN_WITHIN_BYTES = 2;

/** Strings and numbers only, so that a worker can build it and hand it on. Rows of a text end at line feeds. */
export interface NameData {
  names: string;
  qualified: string;
  /** The last name of each qualified one; empty where that is the name itself. */
  lasts: string;
  initials: string;
  /** By document: letters and digits of its name. */
  lengths: Uint16Array<ArrayBuffer>;
  /** Squashed names in order; `places[starts[n] .. starts[n + 1]]` have the n-th. */
  letters: string;
  starts: Uint32Array<ArrayBuffer>;
  places: Uint32Array<ArrayBuffer>;
}

export class NameBuilder {
  private readonly names: string[] = [];
  private readonly qualified: string[] = [];
  private readonly lasts: string[] = [];
  private readonly initials: string[] = [];
  private readonly lengths: number[] = [];
  private readonly byLetters = new Map<string, number[]>();

  add(name: string, qualifiedName: string): void {
    const letters = squash(name);
    const places = this.byLetters.get(letters);
    if (places) places.push(this.names.length);
    else this.byLetters.set(letters, [this.names.length]);
    this.names.push(name);
    this.qualified.push(qualifiedName);
    const last = lastScope(qualifiedName);
    this.lasts.push(last === name ? '' : last);
    this.lengths.push(Math.min(countAlphanumeric(name), 0xffff));
    this.initials.push(initialsOf(name));
  }

  finish(): NameData {
    const letters = Array.from(this.byLetters.keys()).sort();
    const starts = new Uint32Array(letters.length + 1);
    const places = new Uint32Array(this.names.length);
    letters.forEach((key, at) => {
      places.set(this.byLetters.get(key)!, starts[at]);
      starts[at + 1] = starts[at]! + this.byLetters.get(key)!.length;
    });
    return {
      names: joined(this.names),
      qualified: joined(this.qualified),
      lasts: joined(this.lasts),
      lengths: Uint16Array.from(this.lengths),
      initials: joined(this.initials),
      letters: joined(letters),
      starts,
      places
    };
  }
}

/** One long string goes from a worker to the page much faster than many short ones. */
export function joined(rows: readonly string[]): string {
  return rows.map((row) => (row.includes('\n') ? row.replaceAll('\n', ' ') : row)).join('\n');
}

function initialsOf(name: string): string {
  let initials = '';
  eachWord(name, (word) => (initials += String.fromCodePoint(word.codePointAt(0)!)));
  return initials;
}

export class Names {
  private readonly data: NameData;
  private readonly names: string[];
  private readonly qualified: string[];
  private readonly lasts: string[];
  private readonly letters: string[];
  private readonly inLetters: Rows;
  private readonly inInitials: Rows;

  constructor(data: NameData) {
    this.data = data;
    this.names = data.names.split('\n');
    this.qualified = data.qualified.split('\n');
    this.lasts = data.lasts.split('\n');
    this.letters = data.letters.split('\n');
    this.inLetters = new Rows(data.letters);
    this.inInitials = new Rows(`\n${data.initials}`);
  }

  /** Visits the documents whose name begins with the last name of the query. */
  eachFitting(query: Query, visit: (place: number, tier: number) => void): void {
    const names = query.segments.map(bare);
    const typed: Typed = {
      query,
      names,
      low: names.map(lower),
      letters: query.isPhrase ? query.squashed : squash(names.at(-1) ?? '')
    };
    for (const wanted of wantedLetters(query)) {
      for (
        let at = lowerBound(this.letters, wanted);
        at < this.letters.length && this.letters[at]!.startsWith(wanted);
        at++
      ) {
        this.eachOf(at, (place) => {
          const tier = this.tier(place, this.letters[at]!, typed);
          if (tier !== null) visit(place, tier);
        });
      }
    }
  }

  /** Visits the documents that hold the query within their name or in its initials. */
  eachWithin({ isPhrase, segments, squashed }: Query, visit: (place: number) => void): void {
    if (isPhrase || segments.length !== 1 || bytesOf(squashed) < MIN_WITHIN_BYTES) return;
    this.inLetters.eachWith(squashed, (at) => this.eachOf(at, visit));
    // The line feed before the first row makes each row's number that of the one before it.
    this.inInitials.eachWith(`\n${squashed}`, visit);
  }

  /** How much of a name was typed, 0 to 1; `typed` counts letters and digits. */
  shareTyped(place: number, typed: number): number {
    const name = this.data.lengths[place]!;
    return name === 0 ? 1 : Math.min(typed / name, 1);
  }

  private eachOf(at: number, visit: (place: number) => void): void {
    const { starts, places } = this.data;
    for (let n = starts[at]!; n < starts[at + 1]!; n++) visit(places[n]!);
  }

  private tier(place: number, letters: string, { query, names, low, letters: typedLetters }: Typed): number | null {
    const [name, qualified] = [this.names[place]!, this.qualified[place]!];
    if (name === query.text || qualified === query.text) return EXACT;
    if (query.isPhrase) return fitLetters(letters, typedLetters);
    if (names.length === 1) {
      const last = this.lasts[place]!;
      // Names with other letters differ, whatever their case is.
      if (last === '' && letters !== typedLetters) return fitLetters(letters, typedLetters);
      if (last === names[0] || name === names[0]) return EXACT;
      return lower(last) === low[0] || lower(name) === low[0] ? EXACT_IGNORING_CASE : fitLetters(letters, typedLetters);
    }
    if (names.length === 0) return null;
    const scopes = segmentsOf(qualified).map(bare);
    if (endsWith(scopes, names)) return EXACT;
    const lowScopes = scopes.map(lower);
    if (endsWith(lowScopes, low)) return EXACT_IGNORING_CASE;
    let from = 0;
    const outer = lowScopes.slice(0, -1);
    for (const parent of low.slice(0, -1)) {
      from = outer.indexOf(parent, from) + 1;
      if (from === 0) return null;
    }
    return fitLetters(letters, typedLetters);
  }
}

/** Rows of one text: a search through all of it takes a tenth of the time of a search in each row. */
class Rows {
  private readonly text: string;
  /** Where each row ends. */
  private readonly ends: number[] = [];

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.ends.push(at);
    this.ends.push(text.length);
  }

  /** Visits each row that holds a part, or, of a part that begins with a line feed, each row that it ends. */
  eachWith(part: string, visit: (row: number) => void): void {
    for (let at = this.text.indexOf(part), row = 0; at !== -1;) {
      row = this.rowAt(at, row);
      visit(row);
      at = this.text.indexOf(part, Math.max(this.ends[row]!, at + 1));
    }
  }

  /** The row of a place, which is `from` or a later one. */
  private rowAt(place: number, from: number): number {
    let [low, high] = [from, this.ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle]! < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What was typed, prepared to be compared with many names. */
interface Typed {
  query: Query;
  names: readonly string[];
  low: readonly string[];
  letters: string;
}

/** The last name of a qualified one, without type parameters; a pass over all of them takes no lists. */
function lastScope(qualified: string): string {
  let end = qualified.length;
  while (end > 0 && SEPARATORS.includes(qualified[end - 1]!)) end--;
  let start = end;
  while (start > 0 && !SEPARATORS.includes(qualified[start - 1]!)) start--;
  return bare(qualified.slice(start, end));
}

const lower = (text: string) => text.toLowerCase();

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The first place whose row is not before a text. */
export function lowerBound(rows: readonly string[], text: string): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What a name's letters may begin with: a file's name has a dot, at which a symbol's name would end. */
function wantedLetters(query: Query): string[] {
  const last = query.segments.at(-1);
  const part = query.text.split('/').findLast((text) => text !== '');
  const all = [
    squash(query.text),
    last === undefined ? '' : squash(bare(last)),
    part === undefined ? '' : squash(part)
  ];
  const wanted = [...new Set(all)].filter((letters) => letters !== '');
  return wanted.filter((letters) => !wanted.some((other) => other !== letters && letters.startsWith(other)));
}

function fitLetters(name: string, typed: string): number | null {
  return name === typed ? SAME_LETTERS : name.startsWith(typed) ? PREFIX : null;
}

/** A name without type parameters. */
function bare(segment: string): string {
  const at = segment.indexOf('<');
  return at > 0 ? segment.slice(0, at) : segment;
}

function endsWith(scopes: readonly string[], typed: readonly string[]): boolean {
  const from = scopes.length - typed.length;
  return typed.length > 0 && from >= 0 && typed.every((name, at) => scopes[from + at] === name);
}
