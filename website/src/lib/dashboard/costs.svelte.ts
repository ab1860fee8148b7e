import { SvelteMap } from 'svelte/reactivity';
import type { ApiClient, JobSummary } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';
import { costOf } from './dashboard';

/** Finds what jobs cost: a list of jobs does not say it, so each is asked for once, one after the other. */
export class Costs {
  /** By job. */
  readonly known = new SvelteMap<string, string>();
  private readonly wanted: string[] = [];
  private readonly seen = new Set<string>();
  private isAsking = false;
  private readonly api: Pick<ApiClient, 'job'>;

  constructor(api: Pick<ApiClient, 'job'>) {
    this.api = api;
  }

  want(jobs: readonly JobSummary[]): void {
    for (const { job_id, is_over } of jobs) {
      if (!is_over || this.seen.has(job_id)) continue;
      this.seen.add(job_id);
      this.wanted.push(job_id);
    }
    if (!this.isAsking) void this.ask();
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    for (let id = this.wanted.shift(); id !== undefined; id = this.wanted.shift()) {
      try {
        this.known.set(id, costOf((await this.api.job(id)).cost));
      } catch (error) {
        // The job may have been forgotten since; its page says more than an empty field.
        if (!(error instanceof ApiError)) throw error;
      }
    }
    this.isAsking = false;
  }
}
