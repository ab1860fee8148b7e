import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Job, JobSummary, Schemas } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';
import { parseAddress, type RepoAddress } from '$lib/repo/address';
import { areDefault, DEFAULT_OPTIONS } from './default-options';
import { findBuilt } from './find-built';

const CONTRACT = new URL('../../../../functions/trigger/openapi.json', import.meta.url);
const BARE = 'https://github.com/a/b';
const FILTERED = { ...DEFAULT_OPTIONS, include: ['src/**'] };

interface Told extends Partial<JobSummary> {
  job_id: string;
  of?: string;
  options?: Job['options'] | null;
}

/** An API with these jobs, the newest first; `asked` are the jobs that were asked for one by one. */
function apiOf(told: Told[]) {
  const asked: string[] = [];
  const all = told.map((job, n) => ({ of: BARE, is_over: true, docpack_id: null, git_ref: null, created_at: new Date(1e12 - n * 1_000).toISOString(), ...job }));
  return {
    asked,
    jobs: async ({ repo_url }: { repo_url?: string } = {}) => ({ items: all.filter(({ of }) => of === repo_url) }) as unknown as Schemas['PageOfJobSummary'],
    job: async (id: string) => {
      asked.push(id);
      const { options } = all.find(({ job_id }) => job_id === id)!;
      if (options === null) throw new ApiError({ code: 'no_such_job', title: 'gone', status: 404 });
      return { options: options ?? DEFAULT_OPTIONS } as unknown as Job;
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
  ['a last job that failed hides no older pack', BARE, [{ job_id: 'failed' }, { job_id: 'old', docpack_id: pack('a') }], { docpack: 'a'.repeat(64) }],
  ['a pack before a job that runs', BARE, [{ job_id: 'running', is_over: false }, { job_id: 'old', docpack_id: pack('a') }], { docpack: 'a'.repeat(64) }],
  ['the newest of two packs', BARE, [{ job_id: 'new', docpack_id: pack('b') }, { job_id: 'old', docpack_id: pack('a') }], { docpack: 'b'.repeat(64) }],
  ['not the pack of a branch', BARE, [{ job_id: 'branch', docpack_id: pack('a'), git_ref: 'next' }], null],
  ['not the pack of a part', BARE, [{ job_id: 'part', docpack_id: pack('a'), options: FILTERED }], null],
  ['not a running job of a branch or a part', BARE, [{ job_id: 'branch', is_over: false, git_ref: 'next' }, { job_id: 'part', is_over: false, options: FILTERED }], null],
  ['a running job', BARE, [{ job_id: 'failed' }, { job_id: 'running', is_over: false }], { job: 'running' }],
  ['not a job that was forgotten', BARE, [{ job_id: 'gone', docpack_id: pack('b'), options: null }, { job_id: 'old', docpack_id: pack('a') }], { docpack: 'a'.repeat(64) }],
  ['the branch of the address', `${BARE}/tree/next`, [{ job_id: 'bare', docpack_id: pack('b') }, { job_id: 'next', of: `${BARE}/tree/next`, docpack_id: pack('a') }], { docpack: 'a'.repeat(64) }],
  ['the same branch named in the form', `${BARE}/tree/next`, [{ job_id: 'other', docpack_id: pack('b'), git_ref: 'main' }, { job_id: 'next', docpack_id: pack('a'), git_ref: 'next' }], { docpack: 'a'.repeat(64) }],
  ['the newer of both', `${BARE}/tree/next`, [{ job_id: 'form', docpack_id: pack('b'), git_ref: 'next' }, { job_id: 'next', of: `${BARE}/tree/next`, docpack_id: pack('a') }], { docpack: 'b'.repeat(64) }],
  ['not what a branch beside the address overrides', `${BARE}/tree/next`, [{ job_id: 'other', of: `${BARE}/tree/next`, docpack_id: pack('a'), git_ref: 'main' }], null]
])('finds %s', async (_, typed, jobs, found) => {
  expect(await findBuilt(apiOf(jobs), at(typed))).toEqual(found);
});

test('no more than 20 jobs are asked for one by one', async () => {
  const api = apiOf(Array.from({ length: 50 }, (_, n) => ({ job_id: `part-${n}`, docpack_id: pack('a'), options: FILTERED })));
  expect(await findBuilt(api, at(BARE))).toBeNull();
  expect(api.asked).toHaveLength(20);
});

test('a failure of the API is no absence', async () => {
  const api = { ...apiOf([{ job_id: 'old', docpack_id: pack('a') }]), job: () => Promise.reject(new ApiError({ code: 'internal', title: 'failed', status: 500 })) };
  await expect(findBuilt(api, at(BARE))).rejects.toMatchObject({ code: 'internal' });
});

test('options are compared by what they do', () => {
  expect(areDefault({})).toBe(true);
  expect(areDefault({ ...DEFAULT_OPTIONS, git_ref: 'next', approve: true })).toBe(true);
  expect(areDefault({ ...DEFAULT_OPTIONS, embeddings: false })).toBe(false);
  expect(areDefault({ ...DEFAULT_OPTIONS, limits: { ...DEFAULT_OPTIONS.limits, max_files: 5 } })).toBe(false);
  expect(areDefault({ ...DEFAULT_OPTIONS, prose: { models: ['m'] } })).toBe(false);
  expect(areDefault({ ...DEFAULT_OPTIONS, ...({ invented: 1 } as object) })).toBe(false);
});

test('the defaults are those of the contract', ({ skip }) => {
  if (!existsSync(CONTRACT)) {
    console.warn('skipped: functions/trigger/openapi.json is not in this checkout');
    skip();
  }
  const { components } = JSON.parse(readFileSync(CONTRACT, 'utf8'));
  expect(DEFAULT_OPTIONS).toEqual(components.schemas.JobRequest.properties.options.default);
});
