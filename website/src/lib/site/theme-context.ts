import { getContext, setContext } from 'svelte';
import type { ThemeState } from '$lib/ui/theme.svelte';

const KEY = Symbol('site theme');
export const provideSiteTheme = (theme: ThemeState) => setContext(KEY, theme);
export const useSiteTheme = () => getContext<ThemeState>(KEY);
