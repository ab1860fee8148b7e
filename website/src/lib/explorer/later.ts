import { bringParsers } from '$lib/code/highlight';

/** Parts of the explorer that its first page does without: chunks of their own. */
export const LATER = {
  map: () => import('$lib/map/MapPage.svelte'),
  symbols: () => import('./SymbolList.svelte'),
  symbol: () => import('./SymbolPanel.svelte'),
  files: () => import('./FilesPage.svelte'),
  code: () => import('./code/FileView.svelte'),
  quality: () => import('./QualityPage.svelte'),
  impact: () => import('./impact/ImpactPage.svelte'),
  ask: () => import('./ask/AskPage.svelte'),
  pack: () => import('./PackPage.svelte')
};

/** Loads every part, one after the other: the network may be gone when one is shown. */
export async function bringAll(): Promise<void> {
  for (const bring of [...Object.values(LATER), bringParsers]) await bring();
}
