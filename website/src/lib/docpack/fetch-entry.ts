import { DocpackError, type RefusalCode } from './errors';
import type { Get } from './entries';

/** What the worker asks the page for: it may have no way out of its own, by the policy its script came with. */
interface Wanted {
  ticket: number;
  path: string;
  limit: number;
}
type Got = { ticket: number; bytes: Uint8Array } | { ticket: number; code: RefusalCode; message: string };

/** In the page: answers what comes on the port with entries from below the address. */
export function answerOn(port: MessagePort, base: string): void {
  port.onmessage = async ({ data: { ticket, path, limit } }: MessageEvent<Wanted>) => {
    try {
      const bytes = await fetchEntry(base, path, limit);
      port.postMessage({ ticket, bytes } satisfies Got, [bytes.buffer]);
    } catch (error) {
      const code = error instanceof DocpackError ? error.code : 'io';
      port.postMessage({ ticket, code, message: error instanceof Error ? error.message : 'it was not fetched' } satisfies Got);
    }
  };
}

/** In the worker: gets entries through the port. */
export function askOn(port: MessagePort): Get {
  const waiting = new Map<number, { resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }>();
  let tickets = 0;
  port.onmessage = ({ data }: MessageEvent<Got>) => {
    const asked = waiting.get(data.ticket);
    waiting.delete(data.ticket);
    if ('bytes' in data) asked?.resolve(data.bytes);
    else asked?.reject(new DocpackError(data.code, data.message));
  };
  return (path, limit) =>
    new Promise((resolve, reject) => {
      const ticket = ++tickets;
      waiting.set(ticket, { resolve, reject });
      port.postMessage({ ticket, path, limit } satisfies Wanted);
    });
}

/** Fetches an entry from below an address, and no more of it than it may have. */
export async function fetchEntry(base: string, path: string, limit: number): Promise<Uint8Array> {
  const address = `${base}/${path.split('/').map(encodeURIComponent).join('/')}`;
  const response = await fetch(address).catch(() => null);
  if (!response) throw new DocpackError('io', `nothing answers where \`${path}\` should be`);
  if (!response.ok || !response.body) throw new DocpackError('io', `\`${path}\` was answered with ${response.status}`);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      void reader.cancel();
      throw new DocpackError('entry_size_mismatch', `\`${path}\` has more than ${limit} bytes, which is what it should have at most`);
    }
    parts.push(value);
  }
  return joined(parts, length);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
