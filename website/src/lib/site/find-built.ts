import type { Visitor } from '$lib/account/visitor.svelte';
import { commons } from '$lib/api/people';
import type { ApiClient, Job, JobSummary } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';
import type { RepoAddress } from '$lib/repo/address';

/** What there is of an address: a pack by its id without the algorithm, or a job that is not over. */
export type Built = { docpack: string } | { job: string };

/** Gives the page of what was found. */
export function hrefOf(built: Built): string {
  return 'docpack' in built ? `/packs/${built.docpack}` : `/jobs/${built.job}`;
}

/** The longest page of a list that the API gives. */
const NEWEST = 100;
/** Jobs are asked one by one for their options, and whether they are still there; so many at most. */
const ASKED = 20;

/**
 * Finds the newest pack of the very address, else a job that is making it; null where there is neither.
 *
 * The address alone decides what is meant: jobs of another branch, of some files, without vectors or with a language
 * model are passed over.
 */
export async function findBuilt(api: Pick<ApiClient, 'jobs' | 'job'>, address: RepoAddress): Promise<Built | null> {
  const jobs = await jobsOf(api, address);
  const withPack = await firstUsual(
    api,
    jobs.filter(({ docpack_id }) => docpack_id != null)
  );
  if (withPack) return { docpack: withPack.docpack_id!.replace('sha256:', '') };
  const running = await firstUsual(
    api,
    jobs.filter(({ is_over }) => !is_over)
  );
  return running && { job: running.job_id };
}

/** Finds what there is of an address for whoever looks: their own pack or job, else the newest public pack. */
export async function findFor(
  api: ApiClient,
  visitor: Pick<Visitor, 'find'>,
  address: RepoAddress
): Promise<Built | null> {
  const who = await visitor.find();
  const own = who === 'nobody' ? null : await findBuilt(api, address);
  if (own !== null || who === 'no-accounts') return own;
  const { items } = await commons(api, { repo_url: address.repoUrl, limit: NEWEST });
  // A pack names the branch that was read, also where none was asked for.
  const pack = address.gitRef === null ? items[0] : items.find(({ git_ref }) => git_ref === address.gitRef);
  return pack ? { docpack: pack.docpack_id.replace('sha256:', '') } : null;
}

/** The newest jobs of the address and its ref, the newest first. */
async function jobsOf(
  api: Pick<ApiClient, 'jobs'>,
  { repoUrl, name, kind, gitRef }: RepoAddress
): Promise<JobSummary[]> {
  const ofAddress = await api.jobs({ repo_url: repoUrl, limit: NEWEST });
  // The address itself holds its ref; a job of it that names another one beside it reads that one.
  const found = ofAddress.items.filter(({ git_ref }) => git_ref == null || git_ref === gitRef);
  if (gitRef === null || kind !== 'github') return found;
  // The same branch may have been named in the form, beside the bare address.
  const ofRepository = await api.jobs({ repo_url: `https://github.com/${name}`, limit: NEWEST });
  const named = ofRepository.items.filter(({ git_ref }) => git_ref === gitRef);
  return [...found, ...named].sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
}

async function firstUsual(api: Pick<ApiClient, 'job'>, jobs: readonly JobSummary[]): Promise<JobSummary | null> {
  for (const job of jobs.slice(0, ASKED)) {
    if (await isUsual(api, job.job_id)) return job;
  }
  return null;
}

/** Whether the job is what its address alone asks for; it may be forgotten between the list and the question. */
async function isUsual(api: Pick<ApiClient, 'job'>, id: string): Promise<boolean> {
  try {
    return isOfAll(await api.job(id));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}

/** Whether a job reads the whole repository as the form does by itself; the source text may be left out. */
function isOfAll({ options }: Job): boolean {
  const { include = [], exclude = [], keep_all = false, embeddings = true, prose = null } = options;
  return include.length === 0 && exclude.length === 0 && !keep_all && embeddings && prose === null;
}
