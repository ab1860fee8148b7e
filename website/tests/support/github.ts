import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

interface Told {
  web_url: string;
  api_url: string;
  download_hosts: string[];
  insecure_authorities: string[];
  client_id: string;
  client_secret: string;
}

/** The GitHub of `common/source`, where somebody is signed in and agrees at once. */
export class GitHub {
  private readonly child: ChildProcess;
  private readonly told: Told;

  private constructor(child: ChildProcess, told: Told) {
    this.child = child;
    this.told = told;
  }

  static async start(program: string, login: string): Promise<GitHub> {
    const child = spawn(program, [login], { stdio: ['pipe', 'pipe', 'inherit'] });
    const line = await new Promise<string>((found, failed) => {
      createInterface(child.stdout!).once('line', found);
      child.once('error', failed).once('exit', (code) => failed(new Error(`github-server ended with ${code}`)));
    });
    return new GitHub(child, JSON.parse(line) as Told);
  }

  /** What a server at this address is told, so that people have accounts there. */
  environment(url: string): NodeJS.ProcessEnv {
    return {
      DOCTOWN_ACCOUNTS: 'github',
      DOCTOWN_PUBLIC_URL: url,
      DOCTOWN_GITHUB_WEB_URL: this.told.web_url,
      DOCTOWN_GITHUB_API_URL: this.told.api_url,
      DOCTOWN_GITHUB_DOWNLOAD_HOSTS: this.told.download_hosts.join(','),
      DOCTOWN_INSECURE_AUTHORITIES: this.told.insecure_authorities.join(','),
      DOCTOWN_GITHUB_CLIENT_ID: this.told.client_id,
      DOCTOWN_GITHUB_CLIENT_SECRET: this.told.client_secret
    };
  }

  /** It runs until its standard input ends. */
  close(): Promise<void> {
    return new Promise((gone) => {
      this.child.once('exit', () => gone());
      this.child.stdin!.end();
    });
  }
}
