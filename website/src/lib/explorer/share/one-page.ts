/** Puts a pack into the explorer’s page, as `doctown export` does. */
/** Put together here, because this code is part of the page, in which each mark stands once. */
const markOf = (name: string) => ['', name, ''].join('@');
const NAME_MARK = markOf('DOCPACK_NAME');
const PACK_MARK = markOf('DOCPACK');
/** Bytes that are encoded at once: a multiple of three. */
const SLICE = 3 << 16;
/** A longer text would be longer than the longest string of V8. */
const MAX_PACK_BYTES = 402_000_000;

/** What the page says of itself in its head, as `doctown export` writes it. */
export interface About {
  title: string;
  description: string;
}

/** Gives the page with a pack in it; null for a text that is no such page, or a pack that is too large. */
export async function onePage(template: string, name: string, pack: Blob, about: About): Promise<Blob | null> {
  const parts = template.split(PACK_MARK);
  if (parts.length !== 2 || pack.size > MAX_PACK_BYTES) return null;
  const named = parts[0]!.replace(NAME_MARK, () => escaped(name));
  const head = named.replace(/<title>[^<]*<\/title>/, () => headOf(about));
  const text: string[] = [];
  for (let at = 0; at < pack.size; at += SLICE) {
    const bytes = new Uint8Array(await pack.slice(at, at + SLICE).arrayBuffer());
    text.push(base64(bytes));
  }
  return new Blob([head, ...text, parts[1]!], { type: 'text/html' });
}

/** For browsers, and for chats that the file is sent to. */
function headOf({ title, description }: About): string {
  const [name, text] = [escaped(title), escaped(description)];
  return [
    `<title>${name} · Doctown</title>`,
    `<meta name="description" content="${text}">`,
    `<meta property="og:title" content="${name}">`,
    `<meta property="og:description" content="${text}">`
  ].join('');
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Takes the pack out of a page that holds one, before anything is drawn on it. */
export function templateOf(root: HTMLElement, holder: HTMLElement): string {
  const copy = root.cloneNode(true) as HTMLElement;
  const place = copy.querySelector<HTMLElement>(`#${holder.id}`)!;
  place.textContent = PACK_MARK;
  place.dataset.name = NAME_MARK;
  return `<!doctype html>\n${copy.outerHTML}\n`;
}

/** Gets the page from the host of the site; one that does not have it answers with another page. */
export async function fetchTemplate(): Promise<string | null> {
  const response = await fetch('/export.html').catch(() => null);
  const text = response?.ok ? await response.text() : '';
  return text.includes(PACK_MARK) ? text : null;
}
