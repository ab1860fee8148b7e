import { getContext, setContext } from 'svelte';
import type { ApiClient } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';
import type { Me } from '$lib/api/people';

/** Who looks at the site: an account, nobody, or anybody where the server has no accounts. */
export type Who = Me | 'nobody' | 'no-accounts';

/** The answer to a question that needs an account, or why there is none. */
export type ForPerson<T> = T | Exclude<Who, Me>;

/** Runs what needs an account; that nobody is signed in is an answer, anything else a failure. */
export async function forPerson<T>(work: () => Promise<T>): Promise<ForPerson<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return 'nobody';
    if (error instanceof ApiError && error.code === 'no_accounts') return 'no-accounts';
    throw error;
  }
}

/** Remembers who looks at the site, for the header of every page. */
export class Visitor {
  /** Null until it is known. */
  who = $state.raw<Who | null>(null);
  private asked: Promise<Who> | null = null;
  private readonly api: ApiClient;
  private readonly hasAccounts: Promise<boolean>;

  constructor(api: ApiClient, hasAccounts: Promise<boolean>) {
    this.api = api;
    this.hasAccounts = hasAccounts;
  }

  /** Asks once; after a failure again. */
  find(): Promise<Who> {
    this.asked ??= this.ask().catch((error: unknown) => {
      this.asked = null;
      throw error;
    });
    return this.asked;
  }

  /** Keeps what a page has found out anyway. */
  know(who: Who): void {
    this.who = who;
    this.asked = Promise.resolve(who);
  }

  private async ask(): Promise<Who> {
    const who = (await this.hasAccounts) ? await forPerson(() => this.api.me()) : 'no-accounts';
    this.who = who;
    return who;
  }
}

const KEY = Symbol('visitor');
export const provideVisitor = (visitor: Visitor) => setContext(KEY, visitor);
export const useVisitor = () => getContext<Visitor>(KEY);
