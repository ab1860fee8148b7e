import type { Get } from './entries';
import { DocpackError, refusalOf, type Refusal } from './errors';

/** What the worker asks the page for: it may have no way out of its own, by the policy its script came with. */
interface Wanted {
  ticket: number;
  path: string;
  limit: number;
}
type Got = { ticket: number; bytes: Uint8Array } | { ticket: number; refusal: Refusal };

/** In the page: answers what comes on the port. */
export function answerOn(port: MessagePort, get: Get): void {
  port.onmessage = async ({ data: { ticket, path, limit } }: MessageEvent<Wanted>) => {
    try {
      const bytes = await get(path, limit);
      port.postMessage({ ticket, bytes } satisfies Got, [bytes.buffer]);
    } catch (error) {
      port.postMessage({ ticket, refusal: refusalOf(error) } satisfies Got);
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
    else asked?.reject(DocpackError.of(data.refusal));
  };
  return (path, limit) =>
    new Promise((resolve, reject) => {
      const ticket = ++tickets;
      waiting.set(ticket, { resolve, reject });
      port.postMessage({ ticket, path, limit } satisfies Wanted);
    });
}
