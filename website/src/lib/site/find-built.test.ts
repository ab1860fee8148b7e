import { expect, test } from 'vitest';
import type { ApiClient, Job, JobSummary, Schemas } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';
import { parseAddress, type RepoAddress } from '$lib/repo/address';
import { findBuilt, findFor } from './find-built';

const BARE = 'https://github.com/a/b';

interface Told extends Partial<JobSummary> {
  job_id: string;
  options?: Job['options'];
  of?: string;
  isForgotten?: boolean;
}

/** An API with these jobs, the newest first; `asked` are the jobs that were asked for one by one. */
function apiOf(told: Told[]) {
  const asked: string[] = [];
  const all = told.map((job, n) => ({
    of: BARE,
    is_over: true,
    docpack_id: null,
    git_ref: null,
    options: {},
    created_at: new Date(1e12 - n * 1_000).toISOString(),
    ...job
  }));
  return {
    asked,
    jobs: async ({ repo_url }: { repo_url?: string } = {}) =>
      ({ items: all.filter(({ of }) => of === repo_url) }) as unknown as Schemas['PageOfJobSummary'],
    job: async (id: string) => {
      asked.push(id);
      const job = all.find(({ job_id }) => job_id === id)!;
      if (job.isForgotten) throw new ApiError({ code: 'no_such_job', title: 'gone', status: 404 });
      return job as unknown as Job;
    }
  };
}

function at(typed: string): RepoAddress {
  const parsed = parseAddress(typed);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.address;
}

const pack = (letter: string) => `sha256:${letter.repeat(64)}`;

test.each<[what: string, typed: string, jobs: Told[], found: Awaited<ReturnType<typeof findBuilt>>]>([
  ['nothing', BARE, [], null],
  [
    'a last job that failed hides no older pack',
    BARE,
    [{ job_id: 'failed' }, { job_id: 'old', docpack_id: pack('a') }],
    { docpack: 'a'.repeat(64) }
  ],
  [
    'a pack before a job that runs',
    BARE,
    [
      { job_id: 'running', is_over: false },
      { job_id: 'old', docpack_id: pack('a') }
    ],
    { docpack: 'a'.repeat(64) }
  ],
  [
    'the newest of two packs',
    BARE,
    [
      { job_id: 'new', docpack_id: pack('b') },
      { job_id: 'old', docpack_id: pack('a') }
    ],
    { docpack: 'b'.repeat(64) }
  ],
  ['not the pack of a branch', BARE, [{ job_id: 'branch', docpack_id: pack('a'), git_ref: 'next' }], null],
  [
    'a pack with source text',
    BARE,
    [{ job_id: 'with', docpack_id: pack('a'), options: { source: true } }],
    { docpack: 'a'.repeat(64) }
  ],
  ['not the pack of a part', BARE, [{ job_id: 'part', docpack_id: pack('a'), options: { include: ['src/**'] } }], null],
  [
    'not a running job of a branch or a part',
    BARE,
    [
      { job_id: 'branch', is_over: false, git_ref: 'next' },
      { job_id: 'part', is_over: false, options: { include: ['src/**'] } }
    ],
    null
  ],
  ['a running job', BARE, [{ job_id: 'failed' }, { job_id: 'running', is_over: false }], { job: 'running' }],
  [
    'not a job that was forgotten',
    BARE,
    [
      { job_id: 'gone', docpack_id: pack('b'), isForgotten: true },
      { job_id: 'old', docpack_id: pack('a') }
    ],
    { docpack: 'a'.repeat(64) }
  ],
  [
    'the branch of the address',
    `${BARE}/tree/next`,
    [
      { job_id: 'bare', docpack_id: pack('b') },
      { job_id: 'next', of: `${BARE}/tree/next`, docpack_id: pack('a') }
    ],
    { docpack: 'a'.repeat(64) }
  ],
  [
    'the same branch named in the form',
    `${BARE}/tree/next`,
    [
      { job_id: 'other', docpack_id: pack('b'), git_ref: 'main' },
      { job_id: 'next', docpack_id: pack('a'), git_ref: 'next' }
    ],
    { docpack: 'a'.repeat(64) }
  ],
  [
    'the newer of both',
    `${BARE}/tree/next`,
    [
      { job_id: 'form', docpack_id: pack('b'), git_ref: 'next' },
      { job_id: 'next', of: `${BARE}/tree/next`, docpack_id: pack('a') }
    ],
    { docpack: 'b'.repeat(64) }
  ],
  [
    'not what a branch beside the address overrides',
    `${BARE}/tree/next`,
    [{ job_id: 'other', of: `${BARE}/tree/next`, docpack_id: pack('a'), git_ref: 'main' }],
    null
  ]
])('finds %s', async (_, typed, jobs, found) => {
  expect(await findBuilt(apiOf(jobs), at(typed))).toEqual(found);
});

test('no more than 20 jobs are asked for one by one', async () => {
  const api = apiOf(
    Array.from({ length: 50 }, (_, n) => ({ job_id: `gone-${n}`, docpack_id: pack('a'), isForgotten: true }))
  );
  expect(await findBuilt(api, at(BARE))).toBeNull();
  expect(api.asked).toHaveLength(20);
});

test('a failure of the API is no absence', async () => {
  const api = {
    ...apiOf([{ job_id: 'old', docpack_id: pack('a') }]),
    job: () => Promise.reject(new ApiError({ code: 'internal', title: 'failed', status: 500 }))
  };
  await expect(findBuilt(api, at(BARE))).rejects.toMatchObject({ code: 'internal' });
});

test('somebody without an own pack opens the newest public one, and nobody is asked for jobs', async () => {
  const publicPacks = {
    items: [
      { docpack_id: pack('a'), git_ref: 'main' },
      { docpack_id: pack('b'), git_ref: 'dev' }
    ]
  };
  const asked: string[] = [];
  const api = (told: Told[]) =>
    ({
      ...apiOf(told),
      get: async (path: string) => (asked.push(path), publicPacks)
    }) as unknown as ApiClient;
  const of = (who: string) => ({ find: () => Promise.resolve(who) }) as Parameters<typeof findFor>[1];
  expect(await findFor(api([{ job_id: 'mine', docpack_id: pack('m') }]), of('nobody'), at(BARE))).toEqual({
    docpack: 'a'.repeat(64)
  });
  expect(asked).toEqual(['/v1/commons?repo_url=https%3A%2F%2Fgithub.com%2Fa%2Fb&limit=100']);
  expect(await findFor(api([{ job_id: 'mine', docpack_id: pack('m') }]), of('ada'), at(BARE))).toEqual({
    docpack: 'm'.repeat(64)
  });
  expect(await findFor(api([]), of('ada'), at(BARE))).toEqual({ docpack: 'a'.repeat(64) });
  expect(await findFor(api([]), of('no-accounts'), at(BARE))).toBe(null);
  expect(asked).toHaveLength(2);
});
