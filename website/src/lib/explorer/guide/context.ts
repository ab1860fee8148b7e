import { getContext, setContext } from 'svelte';
import type { Names } from './evidence';

const NAMES = Symbol('names');
/** Names are known once the symbols are read; until then a guide is text without links. */
export const provideNames = (names: () => Names | null) => setContext(NAMES, names);
export const useNames = () => getContext<() => Names | null>(NAMES);
