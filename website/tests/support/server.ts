import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.docpack': 'application/vnd.docpack'
};

/**
 * Serves the build as README.md tells a host to: files, `200.html` for every other address, one policy as a header.
 *
 * `others` are files that the build does not have, by path; they may change meanwhile.
 */
export async function serveBuild(
  folder: string,
  others: ReadonlyMap<string, Buffer> = new Map()
): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://x').pathname);
    const send = (bytes: Buffer, type: string) => {
      response.writeHead(200, {
        'content-type': type,
        'content-security-policy':
          "default-src 'none'; script-src 'self' 'unsafe-inline'; worker-src 'self'; style-src 'self'; style-src-attr 'unsafe-hashes' 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff'
      });
      response.end(bytes);
    };
    const other = others.get(path);
    if (other) return send(other, TYPES[extname(path)] ?? 'application/octet-stream');
    readFile(join(folder, path)).then(
      (bytes) => send(bytes, TYPES[extname(path)] ?? 'application/octet-stream'),
      async () => send(await readFile(join(folder, '200.html')), TYPES['.html']!)
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((closed) => server.close(() => closed())) };
}
