/** Characters that are decoded at once: a multiple of four, small enough to be a string on the side. */
const SLICE = 1 << 20;

/** Decodes base64 of any length. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const out = new Uint8Array((text.length / 4) * 3 - padding);
  let filled = 0;
  for (let at = 0; at < text.length; at += SLICE) {
    const bytes = atob(text.slice(at, at + SLICE));
    for (let n = 0; n < bytes.length; n++) out[filled++] = bytes.charCodeAt(n);
  }
  return out;
}
