/** A question, taken apart; `common/ask/src/question.rs` does the same. */
import { parseQuery, type Query } from '$lib/search/query';
import { eachWord, isStopWord, stem } from '$lib/search/words';

export const MAX_QUESTION_CHARS = 500;

/** Words that questions are made of beside those that search leaves out. */
const ASKING: ReadonlySet<string> = new Set(
  'actually answer anything cause come comes describe do else exactly explain find get gets give go goes going got inside let like look made make makes mean means need new one place please show someone something take takes tell thing things turn turned turns want way ways written'.split(
    ' '
  )
);

/** Groups of words that programmers use for one thing. */
const SYNONYMS: readonly (readonly string[])[] = [
  'error exception err failure fail',
  'raise throw panic fail error',
  'crash panic abort recover',
  'start begin launch boot run serve listen',
  'stop end shutdown close exit quit cancel',
  'config setting option configure',
  'order ordering sequence stack chain',
  'create build construct init make new',
  'delete remove drop clear',
  'fetch load read get',
  'save store write persist',
  'match found find 404',
  'missing absent none unknown found',
  'limit max maximum size',
  'large big size max limit',
  'middleware hook layer plugin interceptor',
  'async await coroutine asyncio',
  'url uri path',
  'route path endpoint url',
  'database db sql',
  'login auth authenticate credential',
  'parameter param argument arg',
  'parse decode deserialize read',
  'serialize encode dump',
  'invalid wrong bad malformed',
  'register add use install',
  'call invoke execute dispatch run',
  'wait timeout block deadline',
  'retry attempt retries backoff',
  'redirect location follow',
  'become convert coerce transform into adapter',
  'bind bound',
  'keep kept persist',
  'choose chosen select pick',
  'send sent',
  'catch caught',
  'throw thrown raise',
  'determine find lookup',
  'reach dispatch handle deliver',
  'own custom',
  'write define custom implement',
  'default fallback',
  'match fallback',
  'reply response answer',
  'folder directory dir',
  'skip ignore exclude',
  'cookie session',
  'concurrent parallel simultaneous throttle',
  'command cmd cli',
  'environment env',
  'permission forbidden denied unauthorized',
  'duplicate twice already again'
].map((group) => group.split(' '));

/** What programmers call the opposite: where the question denies the word, these stand for it. */
const DENIED: readonly (readonly [string, readonly string[]])[] = [
  ['match', ['found', 'fallback', '404', 'unmatched']],
  ['exist', ['found', 'missing', '404']],
  ['found', ['missing', '404']],
  ['find', ['missing', 'found', '404']],
  ['valid', ['invalid', 'reject']],
  ['allow', ['forbidden', 'denied', '405', 'disallow']],
  ['possible', ['impossible', 'cannot']]
];
const DENYING: ReadonlySet<string> = new Set('no not nothing never none without cannot'.split(' '));

/** What follows a verb that programmers write as one word with it. */
const PARTICLES: ReadonlySet<string> = new Set('back down in off on out over up'.split(' '));

export interface Question {
  text: string;
  query: Query;
  /** What it asks about, each stem once, with the word that was typed. */
  words: readonly (readonly [stem: string, word: string])[];
  /** Stems of two words written as one, with the places of those in `words`. */
  joined: readonly (readonly [stem: string, places: readonly number[]])[];
  /** It says that something does not happen. */
  denies: boolean;
  /** Words that may be names of symbols, and whether they can hardly be anything else. */
  names: readonly (readonly [name: string, isSure: boolean])[];
}

/** Takes a question apart; null for one that is empty or too long. */
export function parseQuestion(typed: string): Question | null {
  const text = typed.trim();
  if (Array.from(text).length > MAX_QUESTION_CHARS) return null;
  const plain = withoutContractions(text);
  const words = wordsOf(plain);
  if (words.length === 0) return null;
  const denies =
    text
      .toLowerCase()
      .split(/[^\p{Alphabetic}\p{N}]/u)
      .some((word) => DENYING.has(word)) || text.includes("n't");
  const told = words.map(([stem, word]) => {
    const against = denies ? opposites(stem) : [];
    return against.length > 0 ? against.join(' ') : word;
  });
  const pairs = joinedOf(plain);
  // The mark ends the last word, which is not still being typed.
  const query = parseQuery(`${[...told, ...pairs.map(({ joined }) => joined)].join(' ')} ?`);
  for (const term of query.terms) term.others = othersOf(term.stem);
  const placeOf = (word: string) => words.findIndex(([own]) => own === stem(word));
  const joined = pairs.map(({ pair, joined }): [string, number[]] => [
    stem(joined),
    pair.map(placeOf).filter((at) => at >= 0)
  ]);
  return { text, query, words, joined, denies, names: namesOf(plain) };
}

/** Stems that mean as much as one of the question: those of its opposite where the question denies it. */
export function equalsOf({ denies }: Question, stem: string): string[] {
  return denies ? opposites(stem) : [];
}

const TESTS = ['test', 'mock', 'fixtur', 'exampl', 'benchmark', 'demo'];

/** Whether it is about tests or examples, which otherwise only repeat what they use. */
export function asksForTests({ words }: Question): boolean {
  return words.some(([stem]) => TESTS.includes(stem));
}

function opposites(of: string): string[] {
  return DENIED.filter(([word]) => stem(word) === of).flatMap(([, others]) => others.map(stem));
}

/** Stems of other words for one. */
export function othersOf(of: string): string[] {
  const groups = SYNONYMS.filter((group) => group.some((word) => stem(word) === of));
  return [...new Set(groups.flatMap((group) => group.map(stem)))].filter((other) => other !== of).sort();
}

/** Pairs of neighbours with what they are as one word: "times out" is `timeout`. */
function joinedOf(text: string): { pair: string[]; joined: string }[] {
  const words: string[] = [];
  eachWord(text, (word) => words.push(word));
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    return next !== undefined && PARTICLES.has(next)
      ? [{ pair: [word, next], joined: word.replace(/s+$/, '') + next }]
      : [];
  });
}

const ENDS = ["n't", 'n’t', "'s", '’s', "'ve", "'re", "'m", "'d", "'ll"];

function withoutContractions(text: string): string {
  return text
    .split(' ')
    .map((token) => token.slice(0, token.length - (ENDS.find((end) => token.endsWith(end))?.length ?? 0)))
    .join(' ');
}

function wordsOf(text: string): [string, string][] {
  const all: string[] = [];
  for (const token of text.split(/\s+/)) {
    const own: string[] = [];
    eachWord(token, (word) => own.push(word));
    // `OAuth` is no `o`.
    all.push(...(own.length > 1 ? own.filter((word) => Array.from(word).length > 1) : own));
  }
  const telling = all.filter((word) => !isStopWord(word) && !ASKING.has(word) && !DENYING.has(word));
  const words = new Map<string, string>();
  for (const word of telling.length > 0 ? telling : all) if (!words.has(stem(word))) words.set(stem(word), word);
  return Array.from(words);
}

/** What may be names: `url_for`, `Router::new`, `g`, and every other word with less certainty. */
function namesOf(text: string): [string, boolean][] {
  const found = new Map<string, boolean>();
  for (const token of text.split(/[^\p{Alphabetic}\p{N}_.:#`$]/u)) {
    const isQuoted = token.length > 2 && token.startsWith('`');
    const name = token.replace(/^[`.:#]+|[`.:#]+$/g, '');
    const low = name.toLowerCase();
    if (name === '' || (isStopWord(low) && !isQuoted)) continue;
    const isSure = isQuoted || /[_.:#]/.test(name) || /\p{Uppercase}/u.test(name.slice(1)) || name.length === 1;
    const isAsking = ASKING.has(low) || /^\p{N}/u.test(name);
    if ((isSure || !isAsking) && !found.has(name)) found.set(name, isSure);
  }
  return Array.from(found);
}

const FIRST_WORDS =
  /^(how|what|where|why|when|which|who|whose|can|could|does|do|did|is|are|should|will|explain|describe|show me)\b/i;

/** Whether a text of the search box reads like a question, or holds so many words that it may be one. */
export function isQuestion(typed: string): boolean {
  const text = typed.trim();
  const nWords = text === '' ? 0 : text.split(/\s+/).length;
  return nWords > 1 && (text.endsWith('?') || FIRST_WORDS.test(text) || nWords > 3);
}
