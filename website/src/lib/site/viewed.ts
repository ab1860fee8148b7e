import { ApiError, problemOf } from '$lib/api/problem';

/** Where `doctown view` has its pack. */
const PACK = '/view/pack.docpack';
const MEDIA_TYPE = 'application/vnd.docpack';

/** Gets the pack that `doctown view` was given; a site that somebody else serves has none. */
export async function fetchViewed(fetcher: typeof fetch = fetch): Promise<File> {
  const response = await fetcher(PACK).catch(() => null);
  if (!response) {
    throw new ApiError({
      code: 'view_stopped',
      title: 'The viewer has stopped',
      detail: 'The program that was showing this pack is no longer running.',
      help: 'Start `doctown view` again.'
    });
  }
  const type = response.headers.get('content-type');
  if (response.ok && type !== MEDIA_TYPE) throw nothing();
  if (!response.ok) throw response.status === 404 ? nothing() : await problemOf(response);
  return new File([await response.blob()], nameIn(response.headers.get('content-disposition')));
}

function nothing(): ApiError {
  return new ApiError({
    code: 'no_pack_here',
    title: 'No pack to show',
    detail: 'This page works only while `doctown view` shows a pack on this computer.',
    help: 'Start `doctown view`, or open a file.',
    status: 404
  });
}

/** The file's name as the header has it, in UTF-8. */
function nameIn(disposition: string | null): string {
  const written = /filename\*=UTF-8''([^;\s]+)/.exec(disposition ?? '')?.[1];
  return written === undefined ? 'pack.docpack' : decodeURIComponent(written);
}
