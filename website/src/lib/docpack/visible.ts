/**
 * Characters that are not seen, or that reorder what is seen: controls but tab and line breaks, soft hyphens,
 * bidirectional controls, zero-width spaces, separators of lines, Hangul fillers, tags. Joiners stay: scripts and
 * emoji are written with them.
 */
const HIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e01ef}]/u;
const EACH_HIDDEN = new RegExp(HIDDEN, 'gu');

/** Spells hidden characters, so that a name cannot look like another: U+202E becomes `⟨U+202E⟩`, and U+0000 `␀`. */
export function visible(text: string): string {
  return HIDDEN.test(text) ? text.replace(EACH_HIDDEN, spell) : text;
}

function spell(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? '\u2421' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
