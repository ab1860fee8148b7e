/** A question, taken apart; `common/ask/src/question.rs` does the same. */
import { parseQuery, type Query } from '$lib/search/query';
import { eachWord, isStopWord, stem } from '$lib/search/words';

export const MAX_QUESTION_CHARS = 500;

/** Words that questions are made of beside those that search leaves out. */
const ASKING: ReadonlySet<string> = new Set(
  'actually another answer anything cause come comes describe difference differences different do else exactly explain find get gets give go goes going got inside let like look made make makes many mean means much need new one place please show shown someone something take takes tell thing things turn turned turns two want way ways written'.split(
    ' '
  )
);

/** Groups of words that programmers use for one thing. */
const SYNONYMS: readonly (readonly string[])[] = [
  'error exception err failure fail',
  'raise throw panic fail error catch',
  'crash panic abort recover',
  'start begin launch boot run serve listen',
  'stop end shutdown close exit quit cancel',
  'config setting option configure',
  'order ordering sequence stack chain',
  'create build built construct init make new',
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
  'choose chosen decide detect determine pick select suggest',
  'send sent',
  'catch caught',
  'throw thrown raise',
  'hide hidden',
  'break broken',
  'lose lost',
  'hold held',
  'publish deploy push upload',
  'data information',
  'syntax parse grammar',
  'fast speed cache',
  'determine find lookup',
  'reach dispatch handle deliver serve',
  'own custom',
  'write define custom implement',
  'default fallback',
  'match fallback',
  'reply response answer respond',
  'folder directory dir',
  'skip ignore exclude',
  'cookie session',
  'concurrent parallel simultaneous throttle',
  'command cmd cli',
  'environment env',
  'permission forbidden denied unauthorized',
  'duplicate twice already again',
  'handler endpoint controller callback',
  'dictionary dict map object',
  'replace override overwrite set',
  'print output display format',
  'outdated stale expire invalidate',
  'restrict limit constrain allow',
  'check validate verify ensure',
  'combine merge join compose mount',
  'encrypt cipher crypto seal',
  'loop cycle recursion circular',
  'turn convert transform',
  'disable off silent noop',
  'wrap decorate decorator',
  'inherit extend subclass parent',
  'put add insert push enqueue append',
  'move transfer forward',
  'search find lookup locate discover',
  'prevent avoid ignore skip exclude disable',
  'order priority precedence sort',
  'modification modify change diff edit',
  'pipe stdin stdout',
  'terminal tty console interactive',
  'decompress gunzip inflate decode',
  'compress gzip deflate encode',
  'schedule cron timer delay',
  'thread worker pool concurrent',
  'lock mutex exclusive',
  'unique duplicate',
  'escape sanitize quote',
  'nest recursive sub',
  'empty none null blank',
  'guess detect infer sniff suggest',
  'update refresh reload',
  'watch monitor observe',
  'notify event emit signal',
  'depend dependency dependencies require',
  'cut truncate trim shorten',
  'split divide break',
  'count number total',
  'expire ttl lifetime age',
  'exceed large long max limit',
  'allow permit enable',
  'deny reject refuse forbid',
  'visit walk traverse',
  'connect open dial',
  'kill terminate signal stop',
  'help usage',
  'import include load',
  'collect gather accumulate store',
  'override overridden',
  'name rename alias'
].map((group) => group.split(' '));

/** What programmers call the opposite: where the question denies the word, these stand for it. */
const DENIED: readonly (readonly [string, readonly string[]])[] = [
  ['match', ['found', 'fallback', '404', 'unmatched']],
  ['exist', ['found', 'missing', '404', 'unknown']],
  ['found', ['missing', '404', 'unknown']],
  ['find', ['missing', 'found', '404', 'unknown']],
  ['known', ['unknown']],
  ['support', ['unsupported']],
  ['authorized', ['unauthorized', '401', '403']],
  ['configured', ['default', 'missing']],
  ['given', ['default', 'missing']],
  ['set', ['default', 'missing', 'unset', 'empty']],
  ['valid', ['invalid', 'reject']],
  ['allow', ['forbidden', 'denied', '405', 'disallow']],
  ['possible', ['impossible', 'cannot']]
];
const DENYING: ReadonlySet<string> = new Set('no not nothing never none without cannot'.split(' '));
/** What else denies the next words in a text; `doesn` is `doesn't` without its end. */
const DENYING_IN_TEXTS: ReadonlySet<string> = new Set('didn doesn don fails isn unless wasn'.split(' '));

/** Words of questions about earlier and later versions. A file that changes and a database's migrations are no such. */
const OF_CHANGES: ReadonlySet<string> = new Set(
  'breaking changed changelog deprecated history migrate migrating release released releases upgrade upgrading version versions'.split(
    ' '
  )
);

const ERROR = 'error';
/** What cannot be done ends in an error. */
const FAILING = ['cannot', "can't", 'can’t', "couldn't", 'couldn’t', 'unable'];

/** Phrases that programmers say in one word; `…` stands for some words between. */
const PHRASES: readonly (readonly [phrase: readonly string[], word: string])[] = (
  [
    ['keep … from', 'prevent'],
    ['keeps … from', 'prevent'],
    ['stop … from', 'prevent'],
    ['out of date', 'outdated'],
    ['at the same time', 'concurrent'],
    ['at once', 'concurrent'],
    ['looked up', 'lookup'],
    ['timed out', 'timeout'],
    ['logged in', 'login'],
    ['rolled back', 'rollback'],
    ['take too long', 'timeout'],
    ['takes too long', 'timeout'],
    ['is … made', 'create'],
    ['are … made', 'create'],
    ['more than once', 'twice'],
    ['get rid of', 'remove'],
    ['turn off', 'disable'],
    ['turned off', 'disable'],
    ['switch off', 'disable'],
    ['turn on', 'enable'],
    ['raise an exception', 'exception'],
    ['raises an exception', 'exception'],
    ['raise an error', 'error'],
    ['raises an error', 'error'],
    ['throws an exception', 'exception'],
    ['throws an error', 'error']
  ] as const
).map(([phrase, word]) => [phrase.split(' '), word]);
/** Words that `…` stands for in a phrase at most. */
const MAX_GAP = 7;

/** What follows a verb that programmers write as one word with it. */
const PARTICLES: ReadonlySet<string> = new Set('back down in off on out over up'.split(' '));

export interface Question {
  text: string;
  query: Query;
  /** What it asks about, each stem once, with the word that was typed. */
  words: readonly (readonly [stem: string, word: string])[];
  /** Stems of two words written as one, with the places of those in `words`. */
  joined: readonly (readonly [stem: string, places: readonly number[]])[];
  /** Stems that stand for themselves only. */
  own: readonly string[];
  /** It says that something does not happen. */
  denies: boolean;
  names: readonly (readonly [name: string, certainty: Certainty])[];
}

/**
 * How sure it is that a word is the name of a symbol: written as only code is, as in `url_for`; with a capital within
 * the sentence; or a word like others.
 */
export type Certainty = 'sure' | 'capital' | 'perhaps';

/** Takes a question apart; null for one that is empty or too long. */
export function parseQuestion(typed: string): Question | null {
  const text = typed.trim();
  if (Array.from(text).length > MAX_QUESTION_CHARS) return null;
  const plain = withoutPhrases(withoutContractions(text));
  const words = wordsOf(plain);
  if (words.length === 0) return null;
  const failing = text
    .split(/\s+/)
    .map((token) => token.toLowerCase())
    .find((token) => FAILING.includes(token));
  if (failing !== undefined && !words.some(([of]) => of === stem(ERROR))) words.push([stem(ERROR), failing]);
  const denies =
    text
      .toLowerCase()
      .split(/[^\p{Alphabetic}\p{N}]/u)
      .some((word) => DENYING.has(word)) || text.includes("n't");
  const against = (of: string) => (denies ? opposites(of) : []);
  const told = words.map(([of, word]) => {
    if (of === stem(ERROR)) return ERROR;
    return against(of).length > 0 ? against(of).join(' ') : word;
  });
  const pairs = joinedOf(plain);
  // The mark ends the last word, which is not still being typed.
  const query = parseQuery(`${[...told, ...pairs.map(({ joined }) => joined)].join(' ')} ?`);
  // A word of the question stands for itself only, unless the question denies it.
  const own = words.map(([of]) => of).filter((of) => against(of).length === 0);
  for (const term of query.terms) term.others = othersOf(term.stem, own);
  const placeOf = (word: string) => words.findIndex(([own]) => own === stem(word));
  const joined = pairs.map(({ pair, joined }): [string, number[]] => [
    stem(joined),
    pair.map(placeOf).filter((at) => at >= 0)
  ]);
  return { text, query, words, joined, own, denies, names: namesOf(plain) };
}

/** Stems that mean as much as one of the question: those of its opposite where the question denies it. */
export function equalsOf({ denies }: Question, stem: string): string[] {
  return denies ? opposites(stem) : [];
}

/** Whether a word of a text denies those that follow it. */
export const isDenial = (word: string) => DENYING.has(word) || DENYING_IN_TEXTS.has(word);

/** How questions begin about the end of something. */
const OF_ENDS = 'what happens ';
/** Failures, and where code deals with them: that is what happens after one. */
const FAILURES = ['crash', 'error', 'exception', 'fail', 'panic', 'raise', 'throw'].map(stem);
const HANDLING = ['catch', 'caught', 'recover'].map(stem);

/** Stems of what deals with a failure, where the question is what happens after it. */
export function handlingOf({ text }: Question, stem: string): readonly string[] {
  return FAILURES.includes(stem) && text.toLowerCase().startsWith(OF_ENDS) ? HANDLING : [];
}

/** How questions begin that ask for instructions. */
const OF_INSTRUCTIONS = ['do i', 'do we', 'do you', 'can i', 'can we', 'to', 'should i', 'would i'].map(
  (words) => `how ${words} `
);
/** Verbs of the way that something takes through the code. */
const OF_WAYS: ReadonlySet<string> = new Set(
  'reach reaches arrive arrives become becomes travel travels pass passed flow flows'.split(' ')
);

/** How questions begin whose answer is a number or a name. */
const OF_VALUES = [
  ...[
    'what is the default',
    'what is the maximum',
    'what is the minimum',
    'what is the limit',
    'what are the defaults'
  ],
  ...['which is the default', 'how big', 'how large', 'how long', 'how many', 'how much', 'how often']
].map((words) => `${words} `);

/** What a question asks for, as far as its words tell: instructions, the way of something through the code, or a value. */
export type Form = 'how-to' | 'way' | 'value' | 'other';

export function formOf({ text }: Question): Form {
  const low = text.toLowerCase();
  if (OF_INSTRUCTIONS.some((start) => low.startsWith(start))) return 'how-to';
  if (OF_VALUES.some((start) => low.startsWith(start))) return 'value';
  return low.split(/[^\p{Alphabetic}\p{N}]/u).some((word) => OF_WAYS.has(word)) ? 'way' : 'other';
}

/** How questions begin about what code does. */
const OF_BEHAVIOUR = /^(how (are|do|does|is)|in (what|which) order|what happens|when|why) /i;

/** Whether it is about what code does, which types only take part in. */
export function asksForBehaviour(question: Question): boolean {
  return OF_BEHAVIOUR.test(question.text) && formOf(question) !== 'how-to';
}

const TESTS = ['test', 'mock', 'fixtur', 'exampl', 'benchmark', 'demo'];

/** Whether it is about tests or examples, which otherwise only repeat what they use. */
export function asksForTests({ words }: Question): boolean {
  return words.some(([stem]) => TESTS.includes(stem));
}

/** Whether it is about earlier versions, which otherwise say what is no longer so. */
export function asksForChanges({ words }: Question): boolean {
  return words.some(([, typed]) => /^v\p{N}/u.test(typed) || OF_CHANGES.has(typed));
}

function opposites(of: string): string[] {
  return DENIED.filter(([word]) => stem(word) === of).flatMap(([, others]) => others.map(stem));
}

/** Stems of other words for one, without those that stand for themselves. */
export function othersOf(of: string, own: readonly string[]): string[] {
  const groups = SYNONYMS.filter((group) => group.some((word) => stem(word) === of));
  const all = new Set(groups.flatMap((group) => group.map(stem)));
  return [...all].filter((other) => other !== of && !own.includes(other)).sort();
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

/** Replaces phrases by the word that programmers say. */
function withoutPhrases(text: string): string {
  const words = text.split(' ');
  for (const [phrase, word] of PHRASES) {
    for (const at of words.keys()) {
      const places = placesOf(words, at, phrase);
      if (!places) continue;
      words[at] = word;
      for (const place of places.slice(1).reverse()) words.splice(place, 1);
      break;
    }
  }
  return words.join(' ');
}

/** The places of the words of a phrase that begins at a place. */
function placesOf(words: readonly string[], start: number, phrase: readonly string[]): number[] | null {
  let [at, gap] = [start, 0];
  const found: number[] = [];
  for (const part of phrase) {
    if (part === '…') {
      gap = MAX_GAP;
      continue;
    }
    const isPart = (word: string) => word.replace(/[?.,!]+$/, '').toLowerCase() === part;
    const next = words.slice(at, at + gap + 1).findIndex(isPart);
    if (next < 0) return null;
    found.push(at + next);
    [at, gap] = [at + next + 1, 0];
  }
  return found;
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
function namesOf(text: string): [string, Certainty][] {
  const found = new Map<string, Certainty>();
  const tokens = text.split(/[^\p{Alphabetic}\p{N}_.:#`$]/u).filter((token) => token !== '');
  for (const [at, token] of tokens.entries()) {
    const name = token.replace(/^[`.:#]+|[`.:#]+$/g, '');
    const certainty = certaintyOf(token, name, at === 0);
    const low = name.toLowerCase();
    const isCommon = isStopWord(low) || ASKING.has(low) || /^\p{N}/u.test(name);
    if (name !== '' && !(certainty === 'perhaps' && isCommon) && !found.has(name)) found.set(name, certainty);
  }
  return Array.from(found);
}

function certaintyOf(token: string, name: string, isFirst: boolean): Certainty {
  const isQuoted = token.length > 2 && token.startsWith('`');
  const isCode = /[_.:#]/.test(name) || /\p{Uppercase}/u.test(name.slice(1)) || name.length === 1;
  if (isQuoted || (isCode && !isStopWord(name.toLowerCase()))) return 'sure';
  return name.length > 1 && /^\p{Uppercase}/u.test(name) && !isFirst ? 'capital' : 'perhaps';
}

const FIRST_WORDS =
  /^(how|what|where|why|when|which|who|whose|can|could|does|do|did|is|are|should|will|explain|describe|show me)\b/i;

/** Whether a text of the search box reads like a question, or holds so many words that it may be one. */
export function isQuestion(typed: string): boolean {
  const text = typed.trim();
  const nWords = text === '' ? 0 : text.split(/\s+/).length;
  return nWords > 1 && (text.endsWith('?') || FIRST_WORDS.test(text) || nWords > 3);
}
