import { SvelteMap } from 'svelte/reactivity';
import type { ApiClient, DocpackSummary, Schemas } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';

/** Finds how packs are shared: a list of packs does not say it, so each is asked for once, one after the other. */
export class Sharings {
  /** By docpack. */
  readonly known = new SvelteMap<string, Schemas['Sharing']>();
  /** Why one of them is not known. */
  refusal = $state.raw<ApiError | null>(null);
  private readonly wanted: string[] = [];
  private readonly seen = new Set<string>();
  private isAsking = false;
  private readonly api: Pick<ApiClient, 'sharing'>;

  constructor(api: Pick<ApiClient, 'sharing'>) {
    this.api = api;
  }

  want(packs: readonly DocpackSummary[]): void {
    for (const { docpack_id } of packs) {
      if (this.seen.has(docpack_id)) continue;
      this.seen.add(docpack_id);
      this.wanted.push(docpack_id);
    }
    if (!this.isAsking) void this.ask();
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    for (let id = this.wanted.shift(); id !== undefined; id = this.wanted.shift()) {
      try {
        this.known.set(id, await this.api.sharing(id));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        this.refusal = error;
      }
    }
    this.isAsking = false;
  }
}
