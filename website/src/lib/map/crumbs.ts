import type { SymbolTable } from '$lib/docpack/source';
import type { Place } from '$lib/explorer/url';
import type { Level } from './parts';

export interface Crumb {
  name: string;
  to: Pick<Place, 'part' | 'inside' | 'rest'>;
}

/** Gives the steps from the whole pack to what is opened; the last is where the reader is. */
export function crumbsOf({ root, place }: Level, table: SymbolTable, title: string): Crumb[] {
  const crumbs: Crumb[] = [{ name: title, to: { part: '', inside: null, rest: 0 } }];
  if (place.part === '') return crumbs;
  const names = root.path.split('/');
  names.forEach((name, n) =>
    crumbs.push({ name, to: { part: names.slice(0, n + 1).join('/'), inside: null, rest: 0 } })
  );
  const id = place.inside >= 0 ? table.ids[place.inside]! : null;
  if (id !== null) crumbs.push({ name: table.names[place.inside]!, to: { part: root.path, inside: id, rest: 0 } });
  if (place.rest > 0) crumbs.push({ name: 'more', to: { part: root.path, inside: id, rest: place.rest } });
  return crumbs;
}
