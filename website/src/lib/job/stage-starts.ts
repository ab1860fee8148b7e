import type { Job, StreamedEvent } from '$lib/api/client';

export type StageName = Job['stages'][number]['stage'];

const STARTS: Partial<Record<string, StageName>> = {
  'ingest.started.v1': 'ingest',
  'embedding.started.v1': 'embed',
  'assembly.started.v1': 'assemble',
  'generation.started.v1': 'generate',
  'pack.started.v1': 'pack'
};

/** When a worker started each stage; the job only records when the stage became ready. */
export class StageStarts {
  private readonly byStage = new Map<StageName, number>();
  private looked = 0;

  /** Looks at the events that were not there the last time. */
  look(events: readonly StreamedEvent[], nEvents: number): void {
    for (; this.looked < nEvents; this.looked++) {
      const { event } = events[this.looked]!;
      const stage = STARTS[event.type];
      const atMs = Date.parse(event.time);
      if (stage && atMs < (this.byStage.get(stage) ?? Infinity)) this.byStage.set(stage, atMs);
    }
  }

  /** In milliseconds since the epoch; null if no event says so. */
  of(stage: StageName): number | null {
    return this.byStage.get(stage) ?? null;
  }
}
