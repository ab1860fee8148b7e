import { expect, test, vi } from 'vitest';
import type { DocpackSummary, JobSummary } from '$lib/api/client';
import { fetchMore, fetchRecent } from './recent';

const job = (job_id: string) => ({ job_id }) as JobSummary;
const pack = (docpack_id: string) => ({ docpack_id }) as DocpackSummary;

test('a further page of jobs is added to those that are shown, and packs stay', async () => {
  const jobs = vi
    .fn()
    .mockResolvedValueOnce({ items: [job('a')], next_cursor: 'next' })
    .mockResolvedValueOnce({ items: [job('b')], next_cursor: null });
  const docpacks = vi.fn().mockResolvedValue({ items: [pack('p')], next_cursor: null });
  const api = { jobs, docpacks };
  const first = await fetchRecent(api);
  const more = await fetchMore(api, first, 'jobs');
  expect(more.jobs.items.map(({ job_id }) => job_id)).toEqual(['a', 'b']);
  expect(more.packs).toBe(first.packs);
  expect(jobs.mock.lastCall).toEqual([{ limit: 40, cursor: 'next' }]);
  expect(await fetchMore(api, more, 'jobs')).toBe(more);
  expect(await fetchMore(api, more, 'packs')).toBe(more);
});
