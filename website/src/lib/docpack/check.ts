import { DocpackError } from './errors';
import { visible } from './visible';

/** Reads untrusted JSON by a declared shape: the one place where `unknown` becomes a record. */
export type Check<T> = (value: unknown, at: string) => T;

function refuse(at: string, wanted: string): never {
  throw new DocpackError('json_malformed', `\`${at}\` is not ${wanted}`);
}

/** A free text; what would not be seen or would reorder the text around it becomes visible here, so that no page has to. */
export const string: Check<string> = (value, at) =>
  typeof value === 'string' ? visible(value) : refuse(at, 'a string');

export const boolean: Check<boolean> = (value, at) => (typeof value === 'boolean' ? value : refuse(at, 'a boolean'));

export const number: Check<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(at, 'a number');

export const count: Check<number> = (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : refuse(at, 'a whole number of at least 0');

/** A string of a fixed form, such as an id. */
export function form(pattern: RegExp, wanted: string): Check<string> {
  // Lists are sorted, so ids come in runs; to compare two takes a tenth of the time of the pattern.
  let last: string | null = null;
  return (value, at) => {
    if (value === last && last !== null) return last;
    return typeof value === 'string' && pattern.test(value) ? (last = value) : refuse(at, wanted);
  };
}

/** A word of a list that later versions may extend, so an unknown one is kept. */
export const word: Check<string> = form(/^[a-z0-9_]{1,64}$/, 'a word of at most 64 characters `a-z0-9_`');

/** What either check takes. */
export function either<A, B>(first: Check<A>, second: Check<B>): Check<A | B> {
  return (value, at) => {
    try {
      return first(value, at);
    } catch {
      return second(value, at);
    }
  };
}

/** An absent or null field is null. */
export function optional<T>(check: Check<T>): Check<T | null> {
  return (value, at) => (value === undefined || value === null ? null : check(value, at));
}

/** An absent field has a value of its own. */
export function otherwise<T>(fallback: T, check: Check<T>): Check<T> {
  return (value, at) => (value === undefined ? fallback : check(value, at));
}

export function list<T>(check: Check<T>): Check<T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) refuse(at, 'a list');
    // The list is of the input alone, as records are.
    const out = value as T[];
    for (let n = 0; n < out.length; n++) {
      const checked = check(out[n], at);
      if (checked !== out[n]) out[n] = checked;
    }
    return out;
  };
}

/**
 * Gives an object of exactly the named fields, so that nothing else of the input travels on.
 *
 * An input without other fields is that object: a large pack has millions of records, and a copy of each would be
 * garbage at once.
 */
export function record<T extends object>(fields: { [K in keyof T]: Check<T[K]> }): Check<T> {
  const checks = Object.entries(fields) as [keyof T & string, Check<T[keyof T & string]>][];
  const paths = new Map<string, string[]>();
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(at, 'an object');
    let named = paths.get(at);
    if (!named) paths.set(at, (named = checks.map(([key]) => `${at}.${key}`)));
    const given = value as Record<string, unknown>;
    const out = (isOf(given, fields) ? given : {}) as T;
    for (let n = 0; n < checks.length; n++) {
      const [key, check] = checks[n]!;
      // Only own members count: `constructor` and the like are not fields of a record.
      const field = Object.hasOwn(given, key) ? given[key] : undefined;
      const checked = check(field, named[n]!);
      if (checked !== field || out !== given) out[key] = checked;
    }
    return out;
  };
}

function isOf(given: Record<string, unknown>, fields: object): boolean {
  for (const key in given) if (!Object.hasOwn(fields, key)) return false;
  return true;
}

/** An object whose keys are data, such as ids; pairs, because a key may be `__proto__`. */
export function pairs<T>(check: Check<T>): Check<[string, T][]> {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(at, 'an object');
    return Object.entries(value).map(([key, item]) => [key, check(item, at)]);
  };
}
