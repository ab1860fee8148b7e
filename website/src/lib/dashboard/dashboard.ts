import { forPerson, type ForPerson } from '$lib/account/visitor.svelte';
import type { ApiClient, Job, JobSummary } from '$lib/api/client';
import { me, type Me } from '$lib/api/people';
import { duration, usd } from '$lib/ui/measure';

const PAGE = 20;

/** What `/dashboard` shows, at one time, so that all ages in it agree. */
export interface Dashboard {
  me: Me;
  jobs: JobSummary[];
  next: string | null;
  atMs: number;
}

export function fetchDashboard(api: ApiClient): Promise<ForPerson<Dashboard>> {
  return forPerson(async () => {
    const [person, page] = await Promise.all([me(api), api.jobs({ limit: PAGE })]);
    return { me: person, jobs: page.items, next: page.next_cursor ?? null, atMs: Date.now() };
  });
}

/** Adds the next page of jobs. */
export async function fetchOlder(api: Pick<ApiClient, 'jobs'>, shown: Dashboard): Promise<Dashboard> {
  if (shown.next === null) return shown;
  const page = await api.jobs({ limit: PAGE, cursor: shown.next });
  return { ...shown, jobs: merged(shown.jobs, page.items), next: page.next_cursor ?? null };
}

/** Puts the newest page over what is shown: jobs have moved on, and new ones are there. */
export function withNewest(shown: Dashboard, newest: readonly JobSummary[], atMs: number): Dashboard {
  return { ...shown, jobs: merged(newest, shown.jobs), atMs };
}

/** The first list, then those of the second that are not in it. */
function merged(first: readonly JobSummary[], second: readonly JobSummary[]): JobSummary[] {
  const known = new Set(first.map(({ job_id }) => job_id));
  return [...first, ...second.filter(({ job_id }) => !known.has(job_id))];
}

/** How long a job took, or has been running. */
export function timeOf(job: JobSummary, nowMs: number): string {
  if (job.duration_ms != null) return `took ${duration(job.duration_ms)}`;
  const since = Math.max(0, nowMs - Date.parse(job.created_at));
  // Whole seconds: this is counted by the page, not measured.
  return `for ${duration(Math.max(1_000, Math.floor(since / 1_000) * 1_000)).replace('.0 s', ' s')}`;
}

/** What a job cost, as far as the server knows prices. */
export function costOf(cost: Job['cost']): string {
  if (!cost) return '';
  if (cost.total_micro_usd != null) return usd(cost.total_micro_usd);
  if (cost.tokens_micro_usd > 0) return `${usd(cost.tokens_micro_usd)} for the language model`;
  return `${duration(cost.worker_ms)} of compute`;
}

/** Says how much of the month is used. */
export function usageText({ usage, limits }: Me, dayOfReset: string): string {
  const used = `You have used ${usage.jobs} of ${limits.jobs_per_month} jobs this month.`;
  return `${used} The count starts again on ${dayOfReset}.`;
}
