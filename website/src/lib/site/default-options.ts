import type { Job } from '$lib/api/client';

type Options = Job['options'];

/** What a job has that named no options, by the contract; a test compares. */
export const DEFAULT_OPTIONS = {
  clustering: 'communities',
  contexts: false,
  embeddings: true,
  exclude: [],
  git_ref: null,
  include: [],
  keep_all: false,
  limits: {
    max_decompressed_bytes: 2_147_483_648,
    max_download_bytes: 1_000_000_000,
    max_entries: 200_000,
    max_file_bytes: 1_000_000,
    max_files: 100_000,
    max_ratio: 200,
    max_total_bytes: 100_000_000
  },
  precision: 'int8'
} satisfies Options;

/** No output depends on the one, and the other is compared with the address. */
const ELSEWHERE = ['approve', 'git_ref'];

/** Tells whether a job makes what one without options would; an option that this site does not know is none of its defaults. */
export function areDefault(options: Options): boolean {
  const defaults: Record<string, unknown> = DEFAULT_OPTIONS;
  return Object.entries(options).every(([name, value]) => ELSEWHERE.includes(name) || value === null || isSame(value, defaults[name]));
}

/** What one lacks is as by default. */
function isSame(given: unknown, wanted: unknown): boolean {
  if (Array.isArray(given) || Array.isArray(wanted)) return JSON.stringify(given) === JSON.stringify(wanted);
  if (isRecord(given) && isRecord(wanted)) return Object.entries(given).every(([name, value]) => isSame(value, wanted[name]));
  return given === wanted;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
