import type { Schemas } from '$lib/api/client';

export type Phase = Schemas['Phase'];

/** What a job does or did, by its phase. */
const NAMES: Readonly<Record<Phase, string>> = {
  queued: 'waiting for a worker',
  ingest: 'reading the source',
  embed: 'computing embeddings',
  assemble: 'building the graph',
  awaiting_approval: 'waiting for approval',
  generate: 'generating summaries',
  pack: 'writing the pack',
  completed: 'completed',
  partial: 'incomplete',
  failed: 'failed',
  cancelled: 'cancelled'
};

/** Names a phase; one from a newer server keeps its word. */
export function phaseName(phase: Phase): string {
  return NAMES[phase] ?? phase;
}
