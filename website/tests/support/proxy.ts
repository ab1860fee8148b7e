import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a server and passes everything on but streams of events, as some proxies do. */
export async function refuseStreams(
  target: string
): Promise<{ url: string; refused: () => number; close: () => Promise<void> }> {
  let refused = 0;
  const server: Server = createServer((incoming, answer) => {
    if (incoming.headers.accept === 'text/event-stream') {
      refused++;
      answer.writeHead(503, { 'content-type': 'text/plain' }).end('no streams here');
      return;
    }
    const passed = request(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method, headers: incoming.headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      }
    );
    passed.on('error', () => answer.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise<void>((closed) => (server.closeAllConnections(), server.close(() => closed())));
  return { url: `http://127.0.0.1:${port}`, refused: () => refused, close };
}
