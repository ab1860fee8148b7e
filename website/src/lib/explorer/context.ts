import { getContext, setContext } from 'svelte';
import type { ThemeState } from '$lib/ui/theme.svelte';
import type { ExplorerState } from './state.svelte';

const EXPLORER = Symbol('explorer');
const THEME = Symbol('theme');

export const provideExplorer = (state: ExplorerState) => setContext(EXPLORER, state);
export const useExplorer = () => getContext<ExplorerState>(EXPLORER);
export const provideTheme = (state: ThemeState) => setContext(THEME, state);
export const useTheme = () => getContext<ThemeState>(THEME);
