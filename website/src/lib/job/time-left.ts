import type { Job } from '$lib/api/client';
import type { StageName } from './stage-starts';

export interface TimeLeft {
  stage: StageName;
  ms: number;
}

/** Before that, a stage's speed is chance. */
const MIN_ELAPSED_MS = 3_000;
const MIN_SHARE = 0.05;

type Timed = Pick<Job, 'stages' | 'statistics' | 'is_over' | 'estimate'>;

/**
 * Estimates how long the stage that is running will still take; null while that is unknown.
 *
 * It goes by what the stage has done since it started. Later stages are no part of it: their amount of work is not known yet.
 */
export function timeLeft(
  { stages, statistics, is_over, estimate }: Timed,
  startOf: (stage: StageName) => number | null,
  nowMs: number
): TimeLeft | null {
  const running = is_over ? undefined : stages.find(({ state }) => state === 'running');
  const startMs = running && startOf(running.stage);
  if (!running || startMs == null || running.units_total == null) return null;
  const elapsedMs = nowMs - startMs;
  const share =
    running.stage === 'embed' && statistics.chunks > 0
      ? statistics.chunks_embedded / statistics.chunks
      : running.units_done / Math.max(1, running.units_total);
  if (elapsedMs >= MIN_ELAPSED_MS && share >= MIN_SHARE && share < 1)
    return { stage: running.stage, ms: (elapsedMs * (1 - share)) / share };
  // A language model's answers were estimated before they were asked for.
  const expectedMs = running.stage === 'generate' ? (estimate?.expected_ms ?? 0) - elapsedMs : 0;
  return expectedMs > 0 ? { stage: running.stage, ms: expectedMs } : null;
}

/** Rounded as far as the estimate deserves. */
export function leftText(ms: number): string {
  if (ms < 10_000) return 'a few seconds left';
  if (ms < 50_000) return `about ${Math.round(ms / 10_000) * 10} seconds left`;
  const minutes = Math.round(ms / 60_000);
  if (minutes <= 1) return 'about a minute left';
  if (minutes < 60) return `about ${minutes} minutes left`;
  const hours = Math.round(minutes / 60);
  return hours === 1 ? 'about an hour left' : `about ${hours} hours left`;
}
