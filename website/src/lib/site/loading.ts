/** Names what a page of a pack loads, so that "Try again" loads it once more. */
export const PACK = 'doctown:pack';

/** Passes on a promise that a page awaits: its failure is shown there, and no page waits for it to be drawn. */
export function shownLater<T>(loading: Promise<T>): Promise<T> {
  loading.catch(() => undefined);
  return loading;
}
