import { fetchExample } from '$lib/site/examples';
import { SHOWN, shownLater } from '$lib/site/loading';
import { bringReader } from '$lib/site/reader';
import type { PageLoad } from './$types';

/** Opens the example that the address names, `/open?pack=/examples/flask.docpack`, or a file that this browser keeps. */
export const load: PageLoad = async ({ url, fetch, parent, depends }) => {
  depends(SHOWN);
  bringReader();
  const example = url.searchParams.get('pack');
  const kept = url.searchParams.get('kept');
  const { kept: packs } = await parent();
  const file = example !== null ? fetchExample(example, fetch) : kept !== null ? packs.find(kept) : null;
  return { example, key: kept, file: file && shownLater(file) };
};
