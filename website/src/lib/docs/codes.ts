import type { Schemas } from '$lib/api/client';

export type ErrorCode = Schemas['ErrorCode'];

export const ORIGINS: Record<ErrorCode['origin'], string> = {
  api: 'From the API',
  source: 'While finding and reading the repository',
  job: 'From a job or one of its parts',
  docpack: 'From reading or verifying a pack'
};

/** Codes of this site itself, shown when there is no API to ask about them. */
export const OWN: readonly { code: string; title: string; help: string }[] = [
  {
    code: 'api_unreachable',
    title: 'the server did not answer',
    help: 'check your connection; if you run this server, check that `doctown serve` is running and that `/config.json` has its address'
  },
  {
    code: 'api_unreadable',
    title: 'the answer did not come from a Doctown server',
    help: 'try again in a minute; if you run this site, check the address in `/config.json` and any proxy in between'
  },
  {
    code: 'config_unusable',
    title: 'the site is not set up',
    help: 'if you run this site, set `api_base_url` in `/config.json` to the address of the API, or to an empty text if the API is on the same host'
  },
  { code: 'no_such_example', title: 'example not found', help: 'choose one on the home page, or open a file' },
  { code: 'site_unreachable', title: 'the site did not answer', help: 'check your connection and try again' },
  { code: 'no_pack_here', title: 'no pack to show', help: 'start `doctown view`, or open a file' },
  { code: 'view_stopped', title: 'the viewer has stopped', help: 'start `doctown view` again' }
];
