import { ApiError } from '$lib/api/problem';
import listed from '../../../examples.json';

/** A pack on the site itself, for visitors who have none yet. */
export interface Example {
  name: string;
  /** A path below `/examples/` of the site's own host. */
  address: string;
  /** What it is, in a few words. */
  about: string;
  /** Of the package that the pack was built from. */
  version?: string;
  license?: string;
}

/** Those that are part of the build; `scripts/example-packs` writes them. */
export const SHIPPED: readonly Example[] = listed.map(({ name, address, about, version, license }) => ({
  name,
  address,
  about,
  version,
  license
}));

/** The licences of what the shipped packs hold. */
export const LICENSES = '/examples/licenses.txt';

/** No part begins with a dot and nothing is encoded, so the browser fetches exactly this path. */
const ADDRESS = /^\/examples\/(?:[A-Za-z0-9_-][\w.-]*\/)*[A-Za-z0-9_-][\w.-]*\.docpack$/;

/** Only packs that whoever runs the site put there: the address may come from anybody's link. */
export function isExampleAddress(address: string): boolean {
  return ADDRESS.test(address);
}

/** The shipped examples, and those that `/config.json` lists. */
export function examplesOf(config: unknown): Example[] {
  const listed: unknown[] = isRecord(config) && Array.isArray(config.examples) ? config.examples : [];
  const found = [...SHIPPED];
  for (const each of listed) {
    const example = exampleOf(each);
    if (example === null)
      console.warn(
        'left out of the examples of /config.json, which have a name and an address below /examples/:',
        each
      );
    else if (!found.some(({ address }) => address === example.address)) found.push(example);
  }
  return found;
}

function exampleOf(value: unknown): Example | null {
  if (
    !isRecord(value) ||
    typeof value.name !== 'string' ||
    typeof value.address !== 'string' ||
    !isExampleAddress(value.address)
  )
    return null;
  return { name: value.name, address: value.address, about: typeof value.about === 'string' ? value.about : '' };
}

/** Where the explorer opens it. */
export function exampleHref({ address }: Example): string {
  return `/open?${new URLSearchParams({ pack: address })}`;
}

/** Gets an example as a file; needs the site's own host and no API. */
export async function fetchExample(address: string, fetcher: typeof fetch = fetch): Promise<File> {
  if (!isExampleAddress(address)) throw none(`\`${address}\` is not an example of this site.`);
  const response = await fetcher(address).catch(() => null);
  if (!response) throw unanswered('The site could not be reached.', 0);
  // A host answers an address that is no file with the page itself.
  const isPage = response.headers.get('content-type')?.startsWith('text/html') ?? false;
  if (response.status === 404 || (response.ok && isPage)) throw none(`This site has no example at \`${address}\`.`);
  if (!response.ok) throw unanswered(`It answered with status ${response.status}.`, response.status);
  const bytes = await response
    .blob()
    .catch(() => Promise.reject(unanswered('The connection broke before the whole file had arrived.', 0)));
  return new File([bytes], address.split('/').at(-1)!);
}

function none(detail: string): ApiError {
  return new ApiError({
    code: 'no_such_example',
    title: 'Example not found',
    detail,
    help: 'Choose one on the home page, or open a file.',
    status: 404
  });
}

function unanswered(detail: string, status: number): ApiError {
  return new ApiError({
    code: 'site_unreachable',
    title: 'The site did not answer',
    detail,
    help: 'Check your connection and try again.',
    status
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
