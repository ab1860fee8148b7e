/** Words of authors without their markup; `common/tour/src/text.rs` does the same. */

const ABBREVIATIONS = ['e.g.', 'i.e.', 'etc.', 'vs.', 'cf.', 'approx.', 'incl.', 'no.'];

/** Takes text up to the first full stop that ends a sentence. */
export function firstSentence(text: string): string {
  let inCode = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (c === '`') inCode = !inCode;
    if (inCode || !'.!?'.includes(c)) continue;
    const next = text.slice(at + 1, at + 80).replace(/^[)"'*]+/, '');
    const word = /[^ (]*$/.exec(text.slice(Math.max(0, at - 40), at + 1))![0].toLowerCase();
    const isSpaced = next === '' || /^\s/.test(next);
    const goesOn = /^\s*\p{Lowercase}/u.test(next);
    if (isSpaced && !goesOn && !ABBREVIATIONS.includes(word)) return text.slice(0, at + 1);
  }
  return text;
}

/** Removes links, roles, tags, pictures and emphasis; keeps the words and the names of code. */
export function plain(text: string): string {
  const single = withoutTags(withoutRoles(withoutLinks(text))).replaceAll('``', '`');
  // Asterisks within code are part of it: `src/**/*.ts`.
  const spans = single.split('`').map((span, at) => (at % 2 === 0 ? span.replaceAll('**', '') : span));
  const bare = spans.join('`').replaceAll('__', '\u0001');
  const words = bare.split(/\s+/).filter((word) => word !== '');
  return words
    .map((word) => /^\|([^|]+)\|_*$/.exec(word)?.[1] ?? word)
    .map((word) => /^[*_]([\p{Alphabetic}\p{N}]*)[*_]$/u.exec(word)?.[1] ?? word)
    .join(' ')
    .replaceAll('\u0001', '__');
}

/** ``:meth:`~Flask.run` `` is `` `run` ``, and ``:ref:`words <target>` `` is its words. */
function withoutRoles(text: string): string {
  return text.replace(/:[\p{Alphabetic}\p{N}:-]+:`([^`]*)`/gu, (_, target: string) => {
    const at = target.indexOf('<');
    if (at > 0) return target.slice(0, at).trim();
    const shown = target.startsWith('~') ? target.split('.').at(-1)! : target.replace(/^[!.]+/, '');
    return `\`${shown}\``;
  });
}

/** A link is its words, and a picture nothing. */
function withoutLinks(text: string): string {
  return text
    .replace(/\[!\[[^\]]*\](\([^)]*\)|\[[^\]]*\])?\](\([^)]*\)|\[[^\]]*\])?/g, '')
    .replace(/!\[[^\]]*\](\([^)]*\)|\[[^\]]*\])?/g, '')
    .replace(/\{@\w+\s+(?:[^}|]*[| ])?([^}|]+)\}/g, '`$1`')
    .replace(/(?<![\p{Alphabetic}\p{N})\]_&])\[([^\][]+)\](\([^)]*\)|\[[^\]]*\])/gu, '$1')
    .replace(/(?<![\p{Alphabetic}\p{N})\]_&])\[(`[^`\][]+`|\p{Alphabetic}[\p{Alphabetic}\p{N} _.-]{2,})\]/gu, '$1');
}

/** Removes HTML tags outside of code; `Vec<T>` is not one. */
function withoutTags(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/<\/*[a-z0-9]{1,10}([ /\n][^>]*)?>/g, ' ')))
    .join('');
}

/** Cuts a text at a word. */
export function clip(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const cut = text.slice(0, maxChars);
  const space = cut.lastIndexOf(' ');
  return `${(space > maxChars / 2 ? cut.slice(0, space) : cut).replace(/[,;:\- ]+$/, '')}…`;
}
