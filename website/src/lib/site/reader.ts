import Reader from '$lib/docpack/worker?worker';

let waiting: Worker | null = null;

/** Starts a reader of packs before its pack is there: it loads meanwhile, and the network may be gone later. */
export function bringReader(): void {
  waiting ??= new Reader();
}

/** Gives the reader that waits, or a new one; whoever takes it ends it. */
export function takeReader(): Worker {
  const reader = waiting ?? new Reader();
  waiting = null;
  return reader;
}
