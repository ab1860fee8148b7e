import { expect, test, vi } from 'vitest';
import type { JobSummary } from '$lib/api/client';
import type { Me } from '$lib/api/people';
import { costOf, fetchOlder, timeOf, usageText, withNewest, type Dashboard } from './dashboard';

const AT = Date.parse('2026-11-24T12:00:00Z');
const job = (job_id: string, more: Partial<JobSummary> = {}) =>
  ({ job_id, phase: 'completed', created_at: '2026-11-24T11:58:00Z', ...more }) as JobSummary;
const shown = (jobs: JobSummary[], next: string | null = null): Dashboard => ({
  account: null,
  me: {} as Me,
  jobs,
  next,
  atMs: AT
});
const ids = ({ jobs }: Dashboard) => jobs.map(({ job_id }) => job_id);

test('older jobs follow, each once', async () => {
  const jobs = vi.fn().mockResolvedValue({ items: [job('b'), job('c')], next_cursor: null });
  const older = await fetchOlder({ jobs }, shown([job('a'), job('b')], 'next'));
  expect(ids(older)).toEqual(['a', 'b', 'c']);
  expect(older.next).toBe(null);
  expect(await fetchOlder({ jobs }, older)).toBe(older);
  expect(jobs).toHaveBeenCalledExactlyOnceWith({ limit: 20, cursor: 'next' });
});

test('the newest page takes the place of what was shown, and older jobs stay', () => {
  const before = shown([job('b', { phase: 'ingest' }), job('a')], 'next');
  const after = withNewest(before, [job('c'), job('b')], AT + 1);
  expect(ids(after)).toEqual(['c', 'b', 'a']);
  expect(after.jobs[1]!.phase).toBe('completed');
  expect(after).toMatchObject({ next: 'next', atMs: AT + 1 });
});

test('a running job counts, a finished one says how long it took', () => {
  expect(timeOf(job('a', { duration_ms: 12_400 }), AT)).toBe('took 12.4 s');
  expect(timeOf(job('a', { duration_ms: null }), AT)).toBe('for 2 min 0 s');
  expect(timeOf(job('a', { created_at: '2026-11-24T11:59:52.700Z' }), AT)).toBe('for 7 s');
  expect(timeOf(job('a', { created_at: '2026-11-24T12:00:09Z' }), AT)).toBe('for 1 s');
});

test('a job has a cost once it is over, where the server has prices', () => {
  expect(costOf(job('a', { cost_micro_usd: 1_230_000 }))).toBe('$1.23');
  expect(costOf(job('a', { cost_micro_usd: 0 }))).toBe('$0');
  expect(costOf(job('a', { cost_micro_usd: null }))).toBe('');
});

test('the usage says who used it, what runs, and when the count starts again', () => {
  const used = (members: number, running_jobs: number) =>
    usageText({ usage: { jobs: 3, running_jobs }, limits: { jobs_per_month: 5, members } } as Me, '1 December');
  expect(used(1, 0)).toBe('You have used 3 of 5 jobs this month. The count starts again on 1 December.');
  expect(used(25, 2)).toBe(
    'Your team has used 3 of 5 jobs this month. 2 jobs are running. The count starts again on 1 December.'
  );
});
