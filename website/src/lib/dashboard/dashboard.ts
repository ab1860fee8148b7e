import { forPerson, type ForPerson } from '$lib/account/visitor.svelte';
import type { ApiClient, JobSummary } from '$lib/api/client';
import type { Me } from '$lib/api/people';
import { counted } from '$lib/ui/format';
import { duration, usd } from '$lib/ui/measure';

const PAGE = 20;

/** What `/dashboard` shows, at one time, so that all ages in it agree. */
export interface Dashboard {
  /** The account of somebody else that is looked at; null for one's own. */
  account: string | null;
  /** The account that is looked at. */
  me: Me;
  jobs: JobSummary[];
  next: string | null;
  atMs: number;
}

export function fetchDashboard(site: ApiClient, account: string | null): Promise<ForPerson<Dashboard>> {
  const api = site.actingFor(account);
  return forPerson(async () => {
    const [me, page] = await Promise.all([api.me(), api.jobs({ limit: PAGE })]);
    return { account, me, jobs: page.items, next: page.next_cursor ?? null, atMs: Date.now() };
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

/** What a job cost; empty while it runs, and where the server has no prices. */
export function costOf({ cost_micro_usd }: JobSummary): string {
  return cost_micro_usd == null ? '' : usd(cost_micro_usd);
}

/** Says how much of the month is used. */
export function usageText({ usage, limits }: Me, dayOfReset: string): string {
  const who = limits.members > 1 ? 'Your team has' : 'You have';
  const used = `${who} used ${usage.jobs} of ${limits.jobs_per_month} jobs this month.`;
  const running = usage.running_jobs > 0 ? ` ${counted(usage.running_jobs, 'job is', 'jobs are')} running.` : '';
  return `${used}${running} The count starts again on ${dayOfReset}.`;
}
