/** A small picture that names a pack and links to it. */
const CHAR_PX = 6.4;
const PAD_PX = 8;

export interface BadgeTexts {
  name: string;
  fact: string;
}

/** Draws the badge; its texts are escaped, because names are foreign. */
export function badgeSvg({ name, fact }: BadgeTexts): string {
  const left = Math.round(name.length * CHAR_PX + 2 * PAD_PX);
  const right = Math.round(fact.length * CHAR_PX + 2 * PAD_PX);
  const [label, told] = [escaped(name), escaped(fact)];
  const text = (x: number, content: string) =>
    `<text x="${x}" y="14" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" fill="#fff">${content}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${label}: ${told}">`,
    `<rect width="${left + right}" height="20" rx="3" fill="#2a54c8"/><path d="M3 0h${left - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#24292f"/>`,
    text(PAD_PX, label),
    text(left + PAD_PX, told),
    '</svg>'
  ].join('');
}

export function badgeHtml(texts: BadgeTexts, link: string): string {
  const picture = `data:image/svg+xml,${encodeURIComponent(badgeSvg(texts)).replaceAll("'", '%27')}`;
  return `<a href="${escaped(link)}"><img src="${picture}" alt="${escaped(`${texts.name}: ${texts.fact}`)}"></a>`;
}

/** The picture that a link to the pack shows in a chat, for a README. */
export function pictureMarkdown(name: string, picture: string, link: string): string {
  return `[![${inMarkdown(name)}](<${picture}>)](<${link.replaceAll('>', '%3E')}>)`;
}

/** Hosts of Markdown show no pictures from within a text, so the picture is a file beside it. */
export function badgeMarkdown({ name, fact }: BadgeTexts, link: string): string {
  return `[![${inMarkdown(`${name}: ${fact}`)}](doctown-badge.svg)](<${link.replaceAll('>', '%3E')}>)`;
}

const inMarkdown = (text: string) => text.replace(/[[\]\\`<>*_]/g, '\\$&');

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
