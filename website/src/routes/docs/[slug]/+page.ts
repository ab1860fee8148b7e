import { error } from '@sveltejs/kit';
import pages, { textOf } from 'virtual:docs';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params }) => {
  const at = pages.findIndex(({ slug }) => slug === params.slug);
  const shown = pages[at];
  if (!shown) error(404, 'There is no such page in the documentation.');
  // What comes before and after is of the same part of the navigation.
  const beside = (n: number) => (pages[at + n]?.part === shown.part ? pages[at + n] : undefined);
  return { shown, html: await textOf(shown.slug), before: beside(-1), after: beside(1) };
};
