import { spawn } from 'node:child_process';

export interface Viewing {
  url: string;
  /** Ends it as Ctrl-C does; gives its exit code. */
  interrupt: () => Promise<number | null>;
}

/** `doctown view` of a pack; it prints its address when it listens. */
export async function startView(program: string, pack: string): Promise<Viewing> {
  const child = spawn(program, ['view', pack, '--no-open', '--site', 'build'], {
    stdio: ['ignore', 'pipe', 'inherit']
  });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const url = await Promise.race([
    new Promise<string>((told) => child.stdout.setEncoding('utf8').once('data', (line: string) => told(line.trim()))),
    ended.then((code) => Promise.reject(new Error(`doctown view ended with ${code}`)))
  ]);
  return { url, interrupt: () => (child.kill('SIGINT'), ended) };
}
