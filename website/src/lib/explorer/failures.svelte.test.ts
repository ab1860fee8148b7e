// @vitest-environment jsdom
import { fireEvent, render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { expect, test, vi } from 'vitest';
import { explorerOf } from '../../../tests/support/explorer';
import InExplorer from '../../../tests/support/InExplorer.svelte';
import { DocpackError, refusalOf } from '$lib/docpack/errors';
import type { PackSource, Similar } from '$lib/docpack/source';
import PackPage from './PackPage.svelte';
import ReadingPage from './ReadingPage.svelte';
import SimilarSymbols from './SimilarSymbols.svelte';

const TOLD = {
  code: 'rate_limit_exceeded',
  title: 'too many requests',
  message: 'of this address in a minute',
  help: 'wait a minute',
  requestId: 'r1'
};

async function shown(component: unknown, props: Record<string, unknown>, changes: Partial<PackSource> = {}) {
  const { explorer } = await explorerOf('', changes);
  return render(InExplorer, { explorer, shown: component as Component<Record<string, unknown>>, given: props });
}

test('what is similar is looked for in sight, its failure is said, and it can be tried again', async () => {
  let answer: { give: (found: Similar) => void; refuse: (error: Error) => void };
  const similar = vi.fn(() => new Promise<Similar>((give, refuse) => (answer = { give, refuse })));
  const { getByRole, findByRole, queryByRole } = await shown(SimilarSymbols, { symbol: 3 }, { similar });
  await fireEvent.click(getByRole('button', { name: 'Find similar symbols' }));
  expect(getByRole('button', { name: 'Looking…' })).toHaveProperty('disabled', true);
  answer!.refuse(DocpackError.of(TOLD));
  const alert = await findByRole('alert');
  for (const text of [
    'Too many requests.',
    'Of this address in a minute.',
    'What to do: wait a minute.',
    'rate_limit_exceeded',
    'request r1'
  ])
    expect(alert.textContent).toContain(text);
  await fireEvent.click(getByRole('button', { name: 'Try again' }));
  expect(getByRole('button', { name: 'Trying…' })).toHaveProperty('disabled', true);
  answer!.give({ by: 'vectors', of: 3, found: [{ symbol: 4, score: 0.5 }] });
  await findByRole('link');
  expect(queryByRole('alert')).toBeNull();
  expect(similar).toHaveBeenCalledTimes(2);
});

test('a failure of the symbol before says nothing of the one that is shown now', async () => {
  let refuse: (error: Error) => void;
  const similar = () => new Promise<Similar>((_, refused) => (refuse = refused));
  const { explorer } = await explorerOf('', { similar });
  const component = SimilarSymbols as unknown as Component<Record<string, unknown>>;
  const { getByRole, queryByRole, rerender } = render(InExplorer, { explorer, shown: component, given: { symbol: 3 } });
  await fireEvent.click(getByRole('button'));
  await rerender({ explorer, shown: component, given: { symbol: 4 } });
  refuse!(DocpackError.of(TOLD));
  await new Promise((done) => setTimeout(done, 0));
  expect(queryByRole('alert')).toBeNull();
  expect(getByRole('button', { name: 'Find similar symbols' })).toHaveProperty('disabled', false);
});

test('a pack that was not got says why and what to do, and is got once more', async () => {
  const onretry = vi.fn();
  const props = { refusal: TOLD, progress: null, fileName: 'a.docpack', onclose: null, closeName: '', onretry };
  const { getByRole } = await shown(ReadingPage, props);
  expect(getByRole('heading').textContent).toBe('Could not open a.docpack');
  expect(getByRole('alert').textContent).toContain('What to do: wait a minute.');
  expect(getByRole('link').getAttribute('href')).toBe('/docs/errors/rate_limit_exceeded');
  await fireEvent.click(getByRole('button', { name: 'Try again' }));
  expect(onretry).toHaveBeenCalledOnce();
});

test('the reader’s own refusals have words and what to do, and where nothing can be tried there is no button', async () => {
  const refusal = refusalOf(new DocpackError('truncated', 'the archive ends within `nodes.json`'));
  const { getByRole, queryByRole } = await shown(ReadingPage, {
    refusal,
    progress: null,
    fileName: 'a.docpack',
    onclose: null,
    closeName: '',
    onretry: undefined
  });
  for (const text of ['The archive ends within nodes.json.', 'What to do: download the file again', 'truncated'])
    expect(getByRole('alert').textContent).toContain(text);
  expect(queryByRole('button')).toBeNull();
});

test('what was not fetched to verify a pack is said, and fetched again', async () => {
  const verification = vi.fn().mockRejectedValueOnce(DocpackError.of(TOLD)).mockResolvedValue({ ok: true, checks: [] });
  const { findByRole, getByRole, queryByRole } = await shown(PackPage, {}, { verification });
  await findByRole('alert');
  getByRole('heading', { name: 'Not verified' });
  await fireEvent.click(getByRole('button', { name: 'Try again' }));
  await findByRole('heading', { name: 'Verified' });
  expect(queryByRole('alert')).toBeNull();
});

test('a pack can be rebuilt only if a job built it', async () => {
  const onrebuild = vi
    .fn()
    .mockRejectedValue(DocpackError.of({ ...TOLD, code: 'no_such_job', title: 'the job does not exist' }));
  const { getByRole, findByRole, unmount } = await shown(PackPage, { onrebuild });
  await fireEvent.click(getByRole('button', { name: 'Rebuild' }));
  expect((await findByRole('alert')).textContent).toContain('The job does not exist.');
  unmount();
  const { queryByRole } = await shown(PackPage, {});
  expect(queryByRole('button', { name: 'Rebuild' })).toBeNull();
});
