import type { ApiClient, Job, StreamedEvent } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';
import { EventLog } from './event-log';
import { follow, type Connection } from './follow';

/** The job itself is asked for at most so often, however many events come. */
const REFRESH_MS = 700;
/** Rates change also while no event comes. */
const IDLE_REFRESH_MS = 3_000;

/** A job as its page shows it. */
export class JobState {
  readonly id: string;
  job = $state.raw<Job | null>(null);
  connection = $state<Connection>('connecting');
  failure = $state.raw<ApiError | null>(null);
  /** Why approving, cancelling or retrying failed. */
  refusal = $state.raw<ApiError | null>(null);
  isActing = $state(false);
  /** The time of the last answer: what is left is counted from then, and does not tick. */
  nowMs = $state(Date.now());
  /** Counts the events; the list itself only grows and is too long to be watched item by item. */
  nEvents = $state(0);
  private readonly api: ApiClient;
  /** The first answer, which was asked for before the page was drawn. */
  private readonly first: Promise<Job>;
  private readonly log = new EventLog();
  private refreshing: ReturnType<typeof setTimeout> | null = null;
  private idle: ReturnType<typeof setInterval> | undefined;
  private drawing = false;
  private signal: AbortSignal = new AbortController().signal;

  constructor(api: ApiClient, id: string, first: Promise<Job>) {
    this.api = api;
    this.id = id;
    this.first = first;
  }

  get events(): readonly StreamedEvent[] {
    return this.log.events;
  }

  /** Starts to follow; gives the way to stop. */
  start(): () => void {
    const stop = new AbortController();
    this.signal = stop.signal;
    void this.refresh(this.first);
    void follow(
      this.api,
      this.id,
      this.log,
      {
        onevents: () => this.onevents(),
        onconnection: (connection) => {
          this.connection = connection;
          if (connection === 'over') this.refreshSoon(0);
        },
        onfailure: (error) => this.fail(error)
      },
      stop.signal
    );
    this.idle = setInterval(() => !this.job?.is_over && this.refreshSoon(0), IDLE_REFRESH_MS);
    return () => {
      stop.abort();
      this.rest();
    };
  }

  /** Stops asking after a failure that will not pass by itself. */
  private fail(error: ApiError): void {
    this.failure = error;
    this.rest();
  }

  private rest(): void {
    clearInterval(this.idle);
    if (this.refreshing) clearTimeout(this.refreshing);
    this.refreshing = null;
  }

  /** Thousands of events can arrive at once; the page is updated once per frame. */
  private onevents(): void {
    this.refreshSoon(REFRESH_MS);
    if (this.drawing) return;
    this.drawing = true;
    setTimeout(() => {
      this.drawing = false;
      this.nEvents = this.log.events.length;
    }, 16);
  }

  private refreshSoon(afterMs: number): void {
    if (this.failure) return;
    this.refreshing ??= setTimeout(() => {
      this.refreshing = null;
      void this.refresh();
    }, afterMs);
  }

  private async refresh(asked = this.api.job(this.id, this.signal)): Promise<void> {
    try {
      this.take(await asked);
    } catch (error) {
      if (this.signal.aborted) return;
      // A passing failure is seen by the stream too, which says so and tries again.
      if (error instanceof ApiError && !error.isPassing) this.fail(error);
    }
  }

  /** An answer that was overtaken by a later one does not bring the job back to life. */
  private take(job: Job): void {
    if (this.job?.is_over && !job.is_over) return;
    this.job = job;
    this.nowMs = Date.now();
  }

  approve(limitMicroUsd: number | null): Promise<void> {
    const digest = this.job?.estimate?.digest ?? null;
    return this.act(async () => this.take(await this.api.approve(this.id, digest, limitMicroUsd)));
  }

  cancel(): Promise<void> {
    return this.act(async () => this.take(await this.api.cancel(this.id)));
  }

  /** Runs the job again; returns the new job's id. */
  async retry(): Promise<string | null> {
    let id: string | null = null;
    await this.act(async () => void (id = (await this.api.retry(this.id)).job.job_id));
    return id;
  }

  private async act(action: () => Promise<void>): Promise<void> {
    this.isActing = true;
    this.refusal = null;
    try {
      await action();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.refusal = error;
    } finally {
      this.isActing = false;
    }
  }
}
