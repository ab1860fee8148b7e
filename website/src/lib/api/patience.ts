import { ApiError } from './problem';

/** How often and how long a request that may be answered a moment later is repeated. */
export interface Patience {
  attempts: number;
  firstWaitMs: number;
  /** Whoever asks for a longer wait is not asked again: a person would have left by then. */
  longestWaitMs: number;
}

export const PATIENCE: Patience = { attempts: 4, firstWaitMs: 500, longestWaitMs: 10_000 };

/** Too many requests, and a proxy's answers while its server restarts or is slow. */
const PASSING = [429, 502, 503, 504];

/** Asks again while the answer is one that passes; the API's `Retry-After` says when, else each wait is twice the last. */
export async function patiently<T>(ask: () => Promise<T>, patience: Patience = PATIENCE): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ApiError) || !PASSING.includes(error.status) || attempt >= patience.attempts) throw error;
      const waitMs = error.retryAfterMs ?? patience.firstWaitMs * 2 ** (attempt - 1);
      if (waitMs > patience.longestWaitMs) throw error;
      await new Promise((waited) => setTimeout(waited, waitMs));
    }
  }
}
