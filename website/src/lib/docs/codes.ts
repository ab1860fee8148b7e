import { getContext, setContext } from 'svelte';
import type { ApiClient, Schemas } from '$lib/api/client';

export type ErrorCode = Schemas['ErrorCode'];

const KEY = Symbol('codes');

/** Lets pages below share one list of codes, asked for when the first of them needs it. */
export function provideCodes(api: ApiClient): void {
  let codes: Promise<ErrorCode[]> | null = null;
  setContext(KEY, () => (codes ??= api.errors().then(({ items }) => items)));
}

export const useCodes = () => getContext<() => Promise<ErrorCode[]>>(KEY);

export const ORIGINS: Record<ErrorCode['origin'], string> = {
  api: 'Said by the API itself',
  source: 'Said when the repository is looked for and read',
  job: 'Said by a job, or of a part of it',
  docpack: 'Said by readers and verifiers of docpacks'
};

/** Codes of this site itself: said when there is no API to ask about them. */
export const OWN: readonly { code: string; title: string; help: string }[] = [
  { code: 'api_unreachable', title: 'the API gives no answer', help: 'check that `doctown serve` runs, or that the address in `/config.json` is right' },
  { code: 'api_unreadable', title: 'what answered is no API of Doctown', help: 'check that the address in `/config.json` is that of a Doctown API, and that no proxy answers in its place' },
  { code: 'config_unusable', title: 'the site does not know its API', help: 'put `{ "api_base_url": "" }` into `/config.json` where the API is at the same host, else its address' },
  { code: 'no_such_example', title: 'the site has no such example', help: 'choose one on the home page, or open a file at /open' },
  { code: 'site_unreachable', title: 'the host of this page gives no answer', help: 'check the network, and try again' },
  { code: 'no_pack_here', title: 'there is no pack at this address', help: 'start `doctown view PACK`, or open a file at /open' },
  { code: 'view_stopped', title: 'the program that showed the pack was stopped', help: 'start `doctown view` again' }
];
