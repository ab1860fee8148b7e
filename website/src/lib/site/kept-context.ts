import { getContext, setContext } from 'svelte';
import type { KeptPacks } from './kept-packs';

const KEY = Symbol('kept packs');
export const provideKeptPacks = (packs: KeptPacks) => setContext(KEY, packs);
export const useKeptPacks = () => getContext<KeptPacks>(KEY);
