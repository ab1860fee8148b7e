import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

interface Told {
  url: string;
  key: string;
  webhook_secret: string;
  prices: string;
}

/** The Stripe of `common/billing`, with pages on which one pays and changes what was bought. */
export class Stripe {
  private readonly child: ChildProcess;
  private readonly told: Told;

  private constructor(child: ChildProcess, told: Told) {
    this.child = child;
    this.told = told;
  }

  /** Starts one that delivers its events to this webhook. */
  static async start(program: string, webhook: string): Promise<Stripe> {
    const child = spawn(program, [webhook], { stdio: ['pipe', 'pipe', 'inherit'] });
    const line = await new Promise<string>((found, failed) => {
      createInterface(child.stdout!).once('line', found);
      child.once('error', failed).once('exit', (code) => failed(new Error(`stripe-server ended with ${code}`)));
    });
    return new Stripe(child, JSON.parse(line) as Told);
  }

  /** What a server is told, so that it sells plans here. */
  environment(): NodeJS.ProcessEnv {
    return {
      DOCTOWN_STRIPE_URL: this.told.url,
      DOCTOWN_STRIPE_KEY: this.told.key,
      DOCTOWN_STRIPE_WEBHOOK_SECRETS: this.told.webhook_secret,
      DOCTOWN_STRIPE_PRICES: this.told.prices
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
