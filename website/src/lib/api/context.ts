import { getContext, setContext } from 'svelte';
import type { ApiClient } from './client';

const KEY = Symbol('api');
export const provideApi = (api: ApiClient) => setContext(KEY, api);
export const useApi = () => getContext<ApiClient>(KEY);
