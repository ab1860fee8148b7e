import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** `doctown serve` with a home of its own; it can be killed and started again at the same address. */
export class Doctown {
  readonly url: string;
  private readonly home = mkdtempSync(join(tmpdir(), 'doctown-site-'));
  private readonly program: string;
  private readonly port: number;
  private readonly env: NodeJS.ProcessEnv;
  private child: ChildProcess | null = null;

  private constructor(program: string, port: number, env: NodeJS.ProcessEnv) {
    this.program = program;
    this.port = port;
    this.env = env;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts one; what it is told may depend on its address. */
  static async start(
    program: string,
    env: NodeJS.ProcessEnv | ((url: string) => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>) = {}
  ): Promise<Doctown> {
    const port = await freePort();
    const told = typeof env === 'function' ? await env(`http://127.0.0.1:${port}`) : env;
    const server = new Doctown(program, port, told);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const model = process.env.DOCTOWN_MODEL ? [] : ['--no-embeddings'];
    const env = { ...process.env, ...this.env, DOCTOWN_HOME: this.home };
    this.child = spawn(
      this.program,
      ['serve', '--port', String(this.port), '--allow-local', '--site', 'build', ...model],
      { env, stdio: 'ignore' }
    );
    for (let n = 0; n < 600; n++) {
      if (this.child.exitCode !== null) throw new Error(`doctown serve ended with ${this.child.exitCode}`);
      if (
        await fetch(`${this.url}/livez`).then(
          ({ ok }) => ok,
          () => false
        )
      )
        return;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error('doctown serve does not answer');
  }

  /** Runs another command of the program on the same home. */
  async command(...args: string[]): Promise<void> {
    const env = { ...process.env, ...this.env, DOCTOWN_HOME: this.home };
    await promisify(execFile)(this.program, args, { env });
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.home, { recursive: true, force: true });
  }

  async json<T>(path: string): Promise<T> {
    return (await fetch(this.url + path)).json() as Promise<T>;
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
