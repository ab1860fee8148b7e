import { error } from '@sveltejs/kit';
import { fetchRepository, repoUrlOf } from '$lib/commons/commons';
import { SHOWN, shownLater } from '$lib/site/loading';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, depends, url }) => {
  depends(SHOWN);
  const { api, visitor } = await parent();
  const repoUrl = repoUrlOf(params.owner, params.repo, url.searchParams.get('host'));
  if (repoUrl === null) error(404, 'Not the name of a repository');
  return { name: `${params.owner}/${params.repo}`, packs: shownLater(fetchRepository(api, visitor, repoUrl)) };
};
