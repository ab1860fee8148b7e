import type { DocPage } from '../../../scripts/docs';

export interface HeadingFind {
  href: string;
  page: string;
  text: string;
}

/** Finds headings that contain every word of a query; user pages come before developer pages. */
export function findHeadings(pages: readonly DocPage[], query: string, limit: number): HeadingFind[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  const all = pages.flatMap(({ slug, title, headings }) => [
    { href: `/docs/${slug}`, page: title, text: title },
    ...headings.map(({ id, text }) => ({ href: `/docs/${slug}#${id}`, page: title, text }))
  ]);
  const found = all.filter(({ page, text }) => words.every((word) => `${text} ${page}`.toLowerCase().includes(word)));
  const rank = ({ text }: HeadingFind) =>
    text.toLowerCase().startsWith(words[0]!) ? 0 : text.toLowerCase().includes(words[0]!) ? 1 : 2;
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, limit);
}
