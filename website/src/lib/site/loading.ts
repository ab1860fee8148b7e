import { invalidate } from '$app/navigation';

/** Names what a page shows, so that "Try again" loads it once more. */
export const SHOWN = 'doctown:shown';

/** Loads what the page shows once more. */
export const loadAgain = () => void invalidate(SHOWN);

/** Passes on a promise that a page awaits: its failure is shown there, and no page waits for it to be drawn. */
export function shownLater<T>(loading: Promise<T>): Promise<T> {
  loading.catch(() => undefined);
  return loading;
}
