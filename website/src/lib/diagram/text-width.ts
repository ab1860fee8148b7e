/** Widths of characters in a font of size 1, wide enough for the fonts that systems have. */
const WIDTHS: readonly [characters: RegExp, width: number][] = [
  [/[iljtfrI.,:;'|()[\]!\s]/, 0.38],
  [/[mwMW@%…]/, 0.98],
  [/[A-Z]/, 0.74],
  [/[⺀-￿]/, 1.05]
];
const OTHER = 0.62;
export const MONO = 0.61;

/** Estimates how wide a text will be; a drawing is laid out before it can be measured. */
export function textWidth(text: string, sizePx: number, isMono = false): number {
  if (isMono) return text.length * MONO * sizePx;
  let sum = 0;
  for (const character of text) sum += WIDTHS.find(([set]) => set.test(character))?.[1] ?? OTHER;
  return Math.ceil(sum * sizePx);
}

/** Leaves out the middle of a text that is wider than `widthPx`. */
export function fitted(text: string, sizePx: number, widthPx: number, isMono = false): string {
  if (textWidth(text, sizePx, isMono) <= widthPx) return text;
  const characters = Array.from(text);
  for (let kept = characters.length - 1; kept > 2; kept--) {
    const head = Math.ceil(kept * 0.6);
    const short = `${characters.slice(0, head).join('')}…${characters.slice(characters.length - kept + head).join('')}`;
    if (textWidth(short, sizePx, isMono) <= widthPx) return short;
  }
  return '…';
}
