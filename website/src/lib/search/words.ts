/** Text to the words that are indexed; `common/search/src/words.rs` does the same. */

/** Longer runs of letters are data, such as hashes, and nobody types them. */
const MAX_WORD_CHARS = 40;
/** Shorter words are looked for in names as a whole only. */
export const MIN_WORD_CHARS = 2;

const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a about after all also an and any are as at be because been before being but by can could did do does doing done each for from had happen ' +
    'happens has have how i if implement implemented implements in into is it its may me might my no not of on or our out over s should so some ' +
    'such than that the their them then there these they this those to too up use used uses using very was we were what when where whether which ' +
    'while who why will with work works would you your'
  ).split(' ')
);

export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}

const [NONE, LOWER, UPPER, DIGIT, OTHER] = [0, 1, 2, 3, 4];
const ASCII = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  return /[a-z]/.test(char) ? LOWER : /[A-Z]/.test(char) ? UPPER : /[0-9]/.test(char) ? DIGIT : NONE;
});

/** What a character is to the splitting of words. */
function classOf(code: number): number {
  if (code < 128) return ASCII[code]!;
  const char = String.fromCodePoint(code);
  if (/\p{N}/u.test(char)) return DIGIT;
  if (/\p{Lowercase}/u.test(char)) return LOWER;
  if (/\p{Uppercase}/u.test(char)) return UPPER;
  return /\p{Alphabetic}/u.test(char) ? OTHER : NONE;
}

export function isAlphanumeric(code: number): boolean {
  return classOf(code) !== NONE;
}

/** How many letters and digits a text has. */
export function countAlphanumeric(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at)!;
    if (isAlphanumeric(code)) count++;
    at += code > 0xffff ? 2 : 1;
  }
  return count;
}

/** Visits every word of a text in lower case: `parseHTTPHeader2` is `parse`, `http`, `header`, `2`; `s3` stays whole. */
export function eachWord(text: string, visit: (word: string, start: number, end: number) => void): void {
  let start = 0;
  let chars = 0;
  let before = NONE;
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at)!;
    const is = classOf(code);
    const next = at + (code > 0xffff ? 2 : 1);
    if (chars > 0 && (is === NONE || begins(before, is, chars, text, next))) {
      give(text, start, at, chars, visit);
      chars = 0;
    }
    if (is !== NONE) {
      if (chars === 0) start = at;
      chars++;
    }
    before = is;
    at = next;
  }
  if (chars > 0) give(text, start, text.length, chars, visit);
}

/** Tells whether a character begins a word right behind another one. */
function begins(before: number, is: number, chars: number, text: string, next: number): boolean {
  if ((before === DIGIT) !== (is === DIGIT)) return chars >= MIN_WORD_CHARS;
  if (is !== UPPER) return false;
  return before !== UPPER || (next < text.length && classOf(text.codePointAt(next)!) === LOWER);
}

function give(
  text: string,
  start: number,
  end: number,
  chars: number,
  visit: (word: string, start: number, end: number) => void
): void {
  if (chars <= MAX_WORD_CHARS) visit(text.slice(start, end).toLowerCase(), start, end);
}

export function isLongEnough(word: string): boolean {
  return word.length > MIN_WORD_CHARS || (word.length === MIN_WORD_CHARS && word.codePointAt(0)! <= 0xffff);
}

/** Endings and what has to be left of a word without them, in the order in which they are tried. */
const ENDINGS: readonly (readonly [string, number])[] = [
  ['ization', 3],
  ['isation', 3],
  ['ation', 4],
  ['izing', 3],
  ['ising', 3],
  ['ating', 4],
  ['izer', 3],
  ['iser', 3],
  ['ator', 4],
  ['ated', 4],
  ['ized', 3],
  ['ised', 3],
  ['ment', 4],
  ['ate', 4],
  ['ize', 3],
  ['ise', 3],
  ['ion', 4],
  ['ing', 3],
  ['ed', 3],
  ['er', 3],
  ['or', 4],
  ['ly', 4],
  ['e', 3]
];

/** Cuts the plural and one ending off, so that `routes`, `routing`, `router` and `route` are one word. */
export function stem(whole: string): string {
  if (!/^[a-z]*$/.test(whole)) return whole;
  const word = singular(whole);
  if (word.length >= 9 && word.endsWith('fication')) return word.slice(0, -7);
  for (const [ending, minRest] of ENDINGS) {
    const rest = word.length - ending.length;
    if (rest >= minRest && word.endsWith(ending)) return undoubled(word.slice(0, rest), ending.length);
  }
  return word.length >= 4 && word.endsWith('y') ? word.slice(0, -1) : word;
}

function singular(word: string): string {
  if (word.length >= 6 && /ie[sd]$/.test(word)) return word.slice(0, -3);
  if (word.length >= 5 && /(s|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return word.length >= 4 && word.endsWith('s') && !/(ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
}

/** `running` is `run`; `calling` stays `call`. */
function undoubled(rest: string, cut: number): string {
  const last = rest.at(-1)!;
  return cut >= 2 && rest.length >= 4 && rest.at(-2) === last && !'lsaeiou'.includes(last) ? rest.slice(0, -1) : rest;
}
