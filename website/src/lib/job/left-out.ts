import type { StreamedEvent } from '$lib/api/client';

/** Files that were left out, by reason, as a job's events name them; a second try names them again. */
export class LeftOutFiles {
  private readonly byReason = new Map<string, Set<string>>();
  private looked = 0;

  /** Looks at the events that were not there the last time. */
  look(events: readonly StreamedEvent[], nEvents: number): void {
    for (; this.looked < nEvents; this.looked++) {
      const { event } = events[this.looked]!;
      if (event.type !== 'ingest.file_skipped.v1') continue;
      const files = this.byReason.get(event.data.reason);
      if (files) files.add(event.data.file_path);
      else this.byReason.set(event.data.reason, new Set([event.data.file_path]));
    }
  }

  of(reason: string): string[] {
    return [...(this.byReason.get(reason) ?? [])];
  }
}
