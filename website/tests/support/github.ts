import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface, type Interface } from 'node:readline';

const WEBHOOK_SECRET = 'the webhook secret of the browser tests';

interface Told {
  web_url: string;
  api_url: string;
  download_hosts: string[];
  insecure_authorities: string[];
  client_id: string;
  client_secret: string;
  app_key: string;
}

interface Person {
  id: number;
  login: string;
}

/**
 * The GitHub of `common/source`, where somebody is signed in and agrees at once.
 *
 * A proxy stands before its API, so that a test can change who that is, and whose its repository is.
 */
export class GitHub {
  /** Whoever signs in next. */
  person: Person;
  /** The number of the person whose the repository is. */
  ownerId = 1;
  /** Whether the repository is shown only to people. */
  isPrivate = false;
  private readonly child: ChildProcess;
  private readonly lines: Interface;
  private readonly told: Told;
  private readonly proxy: Server;

  private constructor(child: ChildProcess, lines: Interface, told: Told, login: string) {
    this.child = child;
    this.lines = lines;
    this.told = told;
    this.person = { id: 7, login };
    this.proxy = createServer((request, response) => {
      const isPersons = request.headers.authorization?.startsWith('Bearer ghu_') ?? false;
      this.answer(request, isPersons).then(
        ({ status, headers, body }) => response.writeHead(status, headers).end(body),
        () => response.destroy()
      );
    });
  }

  private async answer(request: IncomingMessage, isPersons: boolean) {
    const { url: path = '/', method = 'GET' } = request;
    const { authorization } = request.headers;
    const sent: Buffer[] = [];
    for await (const part of request) sent.push(part as Buffer);
    if (this.isPrivate && !isPersons) return { status: 404, headers: {}, body: '' };
    const found = await fetch(new URL(path, this.told.api_url), {
      method,
      body: sent.length > 0 ? Buffer.concat(sent) : null,
      headers: authorization === undefined ? {} : { authorization },
      redirect: 'manual'
    });
    const headers: Record<string, string> = {};
    for (const name of ['content-type', 'location']) {
      const value = found.headers.get(name);
      if (value !== null) headers[name] = value;
    }
    const body = Buffer.from(await found.arrayBuffer());
    if (!found.ok || !headers['content-type']?.startsWith('application/json'))
      return { status: found.status, headers, body };
    const told = JSON.parse(body.toString()) as Record<string, unknown>;
    const changed = path.endsWith('/user')
      ? { ...told, ...this.person }
      : 'default_branch' in told
        ? { ...told, owner: { id: this.ownerId }, permissions: { admin: false }, private: this.isPrivate }
        : told;
    return { status: found.status, headers, body: JSON.stringify(changed) };
  }

  static async start(program: string, login: string): Promise<GitHub> {
    const child = spawn(program, [login], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface(child.stdout!);
    const line = await new Promise<string>((found, failed) => {
      lines.once('line', found);
      child.once('error', failed).once('exit', (code) => failed(new Error(`github-server ended with ${code}`)));
    });
    const github = new GitHub(child, lines, JSON.parse(line) as Told, login);
    await new Promise<void>((listening) => github.proxy.listen(0, '127.0.0.1', listening));
    return github;
  }

  /** What a server at this address is told, so that people have accounts there. */
  environment(url: string): NodeJS.ProcessEnv {
    const authority = `127.0.0.1:${(this.proxy.address() as AddressInfo).port}`;
    return {
      DOCTOWN_ACCOUNTS: 'github',
      DOCTOWN_PUBLIC_URL: url,
      DOCTOWN_GITHUB_WEB_URL: this.told.web_url,
      DOCTOWN_GITHUB_API_URL: `http://${authority}${new URL(this.told.api_url).pathname}`,
      DOCTOWN_GITHUB_DOWNLOAD_HOSTS: this.told.download_hosts.join(','),
      DOCTOWN_INSECURE_AUTHORITIES: [...this.told.insecure_authorities, authority].join(','),
      DOCTOWN_GITHUB_CLIENT_ID: this.told.client_id,
      DOCTOWN_GITHUB_CLIENT_SECRET: this.told.client_secret,
      // People's access is kept only where it can be sealed.
      DOCTOWN_SECRET_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`
    };
  }

  /** The same for a server that also builds pushes. */
  appEnvironment(url: string): NodeJS.ProcessEnv {
    return {
      ...this.environment(url),
      DOCTOWN_GITHUB_APP_KEY: this.told.app_key,
      DOCTOWN_GITHUB_WEBHOOK_SECRETS: WEBHOOK_SECRET
    };
  }

  /** What a program is told that makes an App here. */
  setupEnvironment(): NodeJS.ProcessEnv {
    return {
      DOCTOWN_GITHUB_WEB_URL: this.told.web_url,
      DOCTOWN_GITHUB_API_URL: this.told.api_url,
      DOCTOWN_INSECURE_AUTHORITIES: this.told.insecure_authorities.join(',')
    };
  }

  /** Installs the App on the repository, and tells a server so. */
  async install(url: string): Promise<void> {
    const asked = {
      do: 'install',
      webhook: `${url}/v1/github/webhook`,
      secret: WEBHOOK_SECRET,
      repositories: ['acme/greetings']
    };
    const answer = new Promise<string>((found) => this.lines.once('line', found));
    this.child.stdin!.write(`${JSON.stringify(asked)}\n`);
    const { status } = JSON.parse(await answer) as { status: number };
    if (status !== 202) throw new Error(`the delivery was answered with ${status}`);
  }

  /** It runs until its standard input ends. */
  close(): Promise<void> {
    this.proxy.closeAllConnections();
    this.proxy.close();
    return new Promise((gone) => {
      this.child.once('exit', () => gone());
      this.child.stdin!.end();
    });
  }
}
