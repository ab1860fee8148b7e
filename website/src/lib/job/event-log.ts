import type { StreamedEvent } from '$lib/api/client';

/** Events of a job in order, each once, however often the way they came on was cut. */
export class EventLog {
  readonly events: StreamedEvent[] = [];
  private readonly seen = new Set<string>();

  /** The cursor to go on behind; null before the first event. */
  get cursor(): string | null {
    return this.events.at(-1)?.cursor ?? null;
  }

  get isOver(): boolean {
    return this.events.at(-1)?.event.type === 'job.completed.v1';
  }

  /** Adds what is new, and says how many events that were. */
  add(events: readonly StreamedEvent[]): number {
    let added = 0;
    for (const event of events) {
      if (this.seen.has(event.cursor)) continue;
      this.seen.add(event.cursor);
      this.events.push(event);
      added++;
    }
    return added;
  }
}
