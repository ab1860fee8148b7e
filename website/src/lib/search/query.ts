/** What was typed, taken apart; `common/search/src/query.rs` does the same. */
import { rolePriors } from './documents';
import { eachWord, isAlphanumeric, isStopWord, stem } from './words';

const MAX_TERMS = 24;
const MIN_COMPLETED_CHARS = 3;

export interface Term {
  stem: string;
  /** It is the last word and may go on. */
  isOpen: boolean;
  /** Stems of other words for the same. */
  others: readonly string[];
}

export interface Query {
  text: string;
  segments: string[];
  squashed: string;
  terms: Term[];
  rolePriors: number[];
  isPhrase: boolean;
  /** Whether its meaning adds to its letters: one identifier has none. */
  hasMeaning: boolean;
}

export function parseQuery(typed: string): Query {
  const trimmed = typed.trim();
  const text = trimmed.endsWith('()') ? trimmed.slice(0, -2) : trimmed;
  const isPhrase = /\s/.test(text);
  const isIdentifier = text !== '' && !isPhrase;
  const terms = termsOf(text);
  const asking = isIdentifier && terms.length > 1 ? [] : terms;
  return {
    text,
    terms,
    isPhrase,
    segments: segmentsOf(text),
    squashed: squash(text),
    rolePriors: rolePriors(asking.map((term) => term.stem)),
    hasMeaning: !isIdentifier && terms.length > 0
  };
}

function termsOf(text: string): Term[] {
  const all: string[] = [];
  eachWord(text, (word) => all.push(word));
  const last = all.at(-1);
  const end = Array.from(text).at(-1);
  const endsOpen = end !== undefined && isAlphanumeric(end.codePointAt(0)!);
  const telling = all.filter((word) => !isStopWord(word));
  const terms: Term[] = [];
  for (const word of telling.length > 0 ? telling : all) {
    const isOpen = endsOpen && word === last && Array.from(word).length >= MIN_COMPLETED_CHARS;
    const cut = stem(word);
    const known = terms.find((term) => term.stem === cut);
    if (known) known.isOpen ||= isOpen;
    else if (terms.length < MAX_TERMS) terms.push({ stem: cut, isOpen, others: [] });
  }
  return terms;
}

export const SEPARATORS = '.:/#\\';

/** The names that a qualified name or a path is made of. */
export function segmentsOf(text: string): string[] {
  return text.split(/[.:/#\\]/).filter((segment) => segment !== '');
}

const NO_LETTERS = /[^\p{Alphabetic}\p{N}]+/gu;
const ASCII_WORD = /^[a-z0-9]*$/;

/** The letters and digits in lower case: what `JSONResponse`, `json_response` and `json response` share. */
export function squash(text: string): string {
  const lower = text.toLowerCase();
  if (ASCII_WORD.test(lower)) return lower;
  return lower.replace(NO_LETTERS, '') || lower;
}
