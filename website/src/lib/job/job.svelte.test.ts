import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ApiClient } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';
import { JobState } from './job.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An API that says the same of a job each time; `asked` counts. */
function apiOf(answer: () => Promise<unknown>) {
  const asked = { job: 0, stream: 0 };
  const api = {
    job: () => (asked.job++, answer()),
    stream: () => (asked.stream++, answer().then(() => new Promise(() => undefined)))
  };
  return { api: api as unknown as ApiClient, asked };
}

test('a job that is not there is not asked for for ever', async () => {
  const { api, asked } = apiOf(() =>
    Promise.reject(new ApiError({ code: 'no_such_job', title: 'no such job', status: 404 }))
  );
  const state = new JobState(api, 'job-none', api.job('job-none'));
  const stop = state.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.failure?.code).toBe('no_such_job');
  expect(asked).toEqual({ job: 1, stream: 1 });
  stop();
});

test('a job that runs is asked for also while no event comes, until its page is left', async () => {
  const { api, asked } = apiOf(() => Promise.resolve({ job_id: 'job-1', is_over: false }));
  const stop = new JobState(api, 'job-1', api.job('job-1')).start();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.job).toBe(4);
  stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.job).toBe(4);
});
