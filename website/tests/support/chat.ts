import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The scripted server of `common/llm`, which speaks as a language model does: each N-th answer is not true of the code. */
export class ChatServer {
  readonly url: string;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
  }

  static async start(program: string, said: { sentence: string; other: string; every: number }): Promise<ChatServer> {
    const child = spawn(program, ['--sentence', said.sentence, '--other', said.other, '--every', String(said.every)], {
      stdio: ['pipe', 'pipe', 'inherit']
    });
    const url = await new Promise<string>((found, failed) => {
      createInterface(child.stdout!).once('line', found);
      child.once('error', failed).once('exit', (code) => failed(new Error(`chat-server ended with ${code}`)));
    });
    return new ChatServer(child, url);
  }

  /** It runs until its standard input ends. */
  close(): Promise<void> {
    return new Promise((gone) => {
      this.child.once('exit', () => gone());
      this.child.stdin!.end();
    });
  }
}
