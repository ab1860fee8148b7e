import { DocpackError } from './errors';
import type { Answer } from '$lib/ask/answer';
import type { ImpactAnswer, PathAnswer } from '$lib/query/answers';
import { PackSearch, type Searchable } from '$lib/search/pack-search';
import { receivedTable, type SentTable } from './sent-table';
import type { Insights, Overviews, SourceFile, Tour } from './records';
import type {
  Download,
  EdgeTable,
  FileCode,
  PackHead,
  PackSource,
  Progress,
  QualityPage,
  Ranked,
  SearchHit,
  Similar,
  Snippet,
  SnippetOf,
  SourceLines,
  SymbolDetail,
  SymbolTable,
  Verification
} from './source';
import type { Opening, Question, Reply } from './worker';

/** A pack that a worker has read, wherever its bytes came from. */
export abstract class WorkerSource implements PackSource {
  onprogress: ((progress: Progress) => void) | null = null;
  readonly rank: ((query: string, limit: number, signal: AbortSignal) => Promise<Ranked>) | null = null;
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private readonly kept = new Map<string, Promise<unknown>>();
  private ticket = 0;
  /** Why nothing is answered any more. */
  private end: DocpackError | null = null;

  constructor(opening: Opening, worker: Worker, given: Transferable[] = []) {
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.receive(data);
    worker.onerror = () =>
      this.fail(new DocpackError('io', 'the reader stopped; the pack may need more memory than is available'));
    void this.request(opening, given).catch(() => undefined);
    // Asked for before the reader is busy with the long entries.
    void this.tour().catch(() => undefined);
    void this.index().catch(() => undefined);
  }

  abstract download(): Promise<Download>;

  head = () => this.once<PackHead>({ method: 'head' });
  table = () => this.once<SentTable, SymbolTable>({ method: 'table' }, receivedTable);
  edges = () => this.once<EdgeTable>({ method: 'edges' });
  overviews = () => this.once<Overviews>({ method: 'overviews' });
  tour = () => this.once<Tour | null>({ method: 'tour' });
  insights = () => this.once<Insights | null>({ method: 'insights' });
  quality = () => this.once<QualityPage>({ method: 'quality' });
  verification = () => this.once<Verification>({ method: 'verification' });
  detail = (symbol: number) => this.request<SymbolDetail>({ method: 'detail', symbol });
  ask(question: string): Promise<Answer | null> {
    return this.request<Answer | null>({ method: 'ask', question });
  }
  impact = (symbol: number) => this.request<ImpactAnswer>({ method: 'impact', symbol });
  path = (from: number, to: number) => this.request<PathAnswer>({ method: 'path', from, to });
  snippets = (query: string, hits: readonly SnippetOf[]) =>
    this.request<(Snippet | null)[]>({ method: 'snippets', query, hits });
  private index = () =>
    this.once<Searchable, PackSearch>({ method: 'searchable' }, (within) => {
      const search = new PackSearch(within);
      void search.warmUp();
      return search;
    });
  imports = (file: number) => this.request<SourceFile['imports']>({ method: 'imports', file });
  code = (path: string) => this.request<FileCode | null>({ method: 'code', path });
  lines = (file: number | string, first: number, last: number) =>
    this.request<SourceLines | null>({ method: 'lines', file, first, last });

  /**
   * Searches in the page, with an index that the worker built: after a key, Chromium keeps back what a worker says
   * until the next frame is drawn, for up to 50 ms.
   */
  async search(query: string, limit: number): Promise<SearchHit[]> {
    return (await this.index()).search(query, limit);
  }

  similar(symbol: number, limit: number): Promise<Similar> {
    return this.request<Similar>({ method: 'similar', symbol, limit });
  }

  close(): void {
    this.worker.terminate();
    this.fail(new DocpackError('io', 'the pack was closed'));
  }

  /** Asks for what stays the same only the first time; what failed may be asked for again. */
  private once<T, M = T>(question: Question, make?: (value: T) => M): Promise<M> {
    const { method } = question;
    const kept = this.kept.get(method) ?? (make ? this.request<T>(question).then(make) : this.request(question));
    this.kept.set(method, kept);
    kept.catch(() => this.kept.delete(method));
    return kept as Promise<M>;
  }

  private request<T>(question: Question, given: Transferable[] = []): Promise<T> {
    if (this.end) return Promise.reject(this.end);
    const ticket = ++this.ticket;
    return new Promise((resolve, reject) => {
      this.waiting.set(ticket, { resolve: resolve as (value: unknown) => void, reject });
      this.worker.postMessage({ ...question, ticket }, given);
    });
  }

  private receive(reply: Reply): void {
    if ('progress' in reply) {
      this.onprogress?.(reply.progress);
      return;
    }
    const waiting = this.waiting.get(reply.ticket);
    this.waiting.delete(reply.ticket);
    if ('value' in reply) waiting?.resolve(reply.value);
    else waiting?.reject(DocpackError.of(reply.refusal));
  }

  private fail(error: DocpackError): void {
    this.end ??= error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
