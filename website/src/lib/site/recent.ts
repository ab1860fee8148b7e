import { forPerson, type ForPerson, type Visitor } from '$lib/account/visitor.svelte';
import type { ApiClient, DocpackSummary, JobSummary } from '$lib/api/client';

const SHOWN = 8;
const MORE = 40;

interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

/** What the home page lists, at one time, so that all ages in it agree. */
export interface Recent {
  jobs: Page<JobSummary>;
  packs: Page<DocpackSummary>;
  atMs: number;
}

type RecentApi = Pick<ApiClient, 'jobs' | 'docpacks'>;

export async function fetchRecent(api: RecentApi): Promise<Recent> {
  const [jobs, packs] = await Promise.all([api.jobs({ limit: SHOWN }), api.docpacks({ limit: SHOWN })]);
  return { jobs, packs, atMs: Date.now() };
}

/** Finds the recent packs and jobs of whoever looks; somebody who is not signed in has none. */
export async function recentOf(api: ApiClient, visitor: Visitor): Promise<ForPerson<Recent>> {
  return (await visitor.find()) === 'nobody' ? 'nobody' : forPerson(() => fetchRecent(api));
}

/** Adds the next page of a list to what is shown of it. */
export async function fetchMore(api: RecentApi, recent: Recent, list: 'jobs' | 'packs'): Promise<Recent> {
  const cursor = recent[list].next_cursor;
  if (!cursor) return recent;
  if (list === 'jobs') {
    const page = await api.jobs({ limit: MORE, cursor });
    return { ...recent, jobs: { ...page, items: [...recent.jobs.items, ...page.items] } };
  }
  const page = await api.docpacks({ limit: MORE, cursor });
  return { ...recent, packs: { ...page, items: [...recent.packs.items, ...page.items] } };
}
