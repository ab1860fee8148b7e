// @vitest-environment jsdom
import { fireEvent, render, waitFor } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { expect, test, vi } from 'vitest';
import InSite from '../../../tests/support/InSite.svelte';
import type { ApiClient, DocpackSummary, Schemas } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';
import PackRow from './PackRow.svelte';

const ID = `sha256:${'a'.repeat(64)}`;
const pack = {
  docpack_id: ID,
  owner: 'acme',
  name: 'greetings',
  repo_url: 'https://github.com/acme/greetings',
  status: 'completed',
  size_bytes: 24_000,
  created_at: '2026-11-24T11:00:00Z',
  statistics: { symbol_count: 1, file_count: 3 },
  links: { download: `/v1/docpacks/${ID}/download` }
} as unknown as DocpackSummary;
const shared = (visibility: Schemas['VisibilityWord'], links: Schemas['LinkSummary'][] = []): Schemas['Sharing'] => ({
  visibility,
  is_public: visibility === 'public',
  links
});

function show(api: Partial<ApiClient>, sharing: Schemas['Sharing'] | null, ondelete = () => {}) {
  const whole = { address: (path: string) => Promise.resolve(path), ...api } as unknown as ApiClient;
  const given = { pack, shared: sharing, atMs: Date.parse('2026-11-24T12:00:00Z'), ondelete };
  return render(InSite, { api: whole, shown: PackRow as unknown as Component<Record<string, unknown>>, given });
}

test('a change of the visibility that is refused is taken back and explained', async () => {
  const refused = new ApiError({ code: 'store_unavailable', title: 'The storage does not answer', status: 503 });
  const { getByRole, findByText } = show({ setVisibility: () => Promise.reject(refused) }, shared('public'));
  const select = getByRole('combobox', { name: 'Who can read acme/greetings' }) as HTMLSelectElement;
  await fireEvent.change(select, { target: { value: 'private' } });
  await findByText('The storage does not answer.');
  expect(select.value).toBe('public');
  await findByText('Everybody can read it, and the commons list it.');
});

test('a link is shown once with its address, and its row can be revoked', async () => {
  const link: Schemas['LinkSummary'] = { id: 'l1', created_at: '2026-11-24T00:00:00Z' };
  let links = [link];
  const revokeLink = vi.fn(() => ((links = [{ ...link, revoked_at: '2026-11-24T01:00:00Z' }]), Promise.resolve()));
  const createLink = vi.fn(() => Promise.resolve({ token: 't+1', summary: link }));
  const sharing = () => Promise.resolve(shared('unlisted', links));
  const { getByRole, findByTestId, findByText, queryByTestId } = show(
    { createLink, revokeLink, sharing },
    shared('unlisted')
  );
  await fireEvent.click(getByRole('button', { name: 'Share acme/greetings' }));
  await fireEvent.change(getByRole('combobox', { name: 'A new link works for' }), { target: { value: '0' } });
  await fireEvent.click(getByRole('button', { name: 'Create link' }));
  expect((await findByTestId('link')).textContent).toBe(`${location.origin}/packs/${'a'.repeat(64)}?link=t%2B1`);
  expect(createLink).toHaveBeenCalledExactlyOnceWith(ID, {
    expires_in_days: null
  });
  await fireEvent.click(getByRole('button', { name: 'Revoke' }));
  await findByText(/1 earlier link has ended/);
  expect(revokeLink).toHaveBeenCalledExactlyOnceWith(ID, 'l1');
  expect(queryByTestId('link')).toBe(null);
});

test('a private pack has no links, and a pack goes only after a confirmation', async () => {
  const removeDocpack = vi.fn(() => Promise.resolve());
  const ondelete = vi.fn();
  const { getByRole, getByText } = show({ removeDocpack }, shared('private'), ondelete);
  await fireEvent.click(getByRole('button', { name: 'Share acme/greetings' }));
  getByText(/A private pack has no share links/);
  await fireEvent.click(getByRole('button', { name: 'Delete acme/greetings' }));
  await fireEvent.click(getByRole('button', { name: 'Keep' }));
  expect(removeDocpack).not.toHaveBeenCalled();
  await fireEvent.click(getByRole('button', { name: 'Delete acme/greetings' }));
  await fireEvent.click(getByRole('button', { name: 'Delete pack' }));
  await waitFor(() => expect(ondelete).toHaveBeenCalledOnce());
  expect(removeDocpack).toHaveBeenCalledExactlyOnceWith(ID);
});

test('while it is not known who can read a pack, nothing about it is offered', () => {
  const { getByRole, queryByRole } = show({}, null);
  expect(queryByRole('combobox')).toBe(null);
  expect((getByRole('button', { name: 'Share acme/greetings' }) as HTMLButtonElement).disabled).toBe(true);
});
