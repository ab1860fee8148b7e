// @vitest-environment jsdom
import { fireEvent, render, waitFor } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { expect, test, vi } from 'vitest';
import InSite from '../../../tests/support/InSite.svelte';
import type { ApiClient, DocpackSummary, Schemas } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';
import PackRow from './PackRow.svelte';

const ID = `sha256:${'a'.repeat(64)}`;
const pack = (visibility: Schemas['VisibilityWord']) =>
  ({
    docpack_id: ID,
    owner: 'acme',
    name: 'greetings',
    repo_url: 'https://github.com/acme/greetings',
    status: 'completed',
    size_bytes: 24_000,
    created_at: '2026-11-24T11:00:00Z',
    statistics: { symbol_count: 1, file_count: 3 },
    links: { download: `/v1/docpacks/${ID}/download` },
    visibility
  }) as unknown as DocpackSummary;
const shared = (visibility: Schemas['VisibilityWord'], links: Schemas['LinkSummary'][] = []): Schemas['Sharing'] => ({
  visibility,
  is_public: visibility === 'public',
  links
});

function show(api: Partial<ApiClient>, visibility: Schemas['VisibilityWord'], ondelete = () => {}) {
  const whole = { address: (path: string) => Promise.resolve(path), ...api } as unknown as ApiClient;
  const given = { pack: pack(visibility), isTeam: false, atMs: Date.parse('2026-11-24T12:00:00Z'), ondelete };
  return render(InSite, { api: whole, shown: PackRow as unknown as Component<Record<string, unknown>>, given });
}

test('a change of the visibility that is refused is taken back and explained', async () => {
  const refused = new ApiError({ code: 'store_unavailable', title: 'The storage does not answer', status: 503 });
  const { getByRole, findByText } = show({ setVisibility: () => Promise.reject(refused) }, 'public');
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
  const { getByRole, findByRole, findByTestId, findByText, queryByTestId } = show(
    { createLink, revokeLink, sharing },
    'unlisted'
  );
  await fireEvent.click(getByRole('button', { name: 'Share acme/greetings' }));
  await fireEvent.change(await findByRole('combobox', { name: 'A new link works for' }), { target: { value: '0' } });
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
  const sharing = () => Promise.resolve(shared('private'));
  const { getByRole, findByText } = show({ removeDocpack, sharing }, 'private', ondelete);
  await fireEvent.click(getByRole('button', { name: 'Share acme/greetings' }));
  await findByText(/A private pack has no share links/);
  await fireEvent.click(getByRole('button', { name: 'Delete acme/greetings' }));
  await fireEvent.click(getByRole('button', { name: 'Keep' }));
  expect(removeDocpack).not.toHaveBeenCalled();
  await fireEvent.click(getByRole('button', { name: 'Delete acme/greetings' }));
  await fireEvent.click(getByRole('button', { name: 'Delete pack' }));
  await waitFor(() => expect(ondelete).toHaveBeenCalledOnce());
  expect(removeDocpack).toHaveBeenCalledExactlyOnceWith(ID);
});

test('how a pack is shared is asked for once, when its row is opened for sharing', async () => {
  const sharing = vi.fn(() => Promise.resolve({ ...shared('private'), is_public: true }));
  const { getByRole, findByText } = show({ sharing }, 'private');
  await findByText('You share it with nobody.');
  expect(sharing).not.toHaveBeenCalled();
  const share = getByRole('button', { name: 'Share acme/greetings' });
  await fireEvent.click(share);
  await fireEvent.click(share);
  await fireEvent.click(share);
  await findByText('Somebody else who ordered this pack keeps it public.');
  expect(sharing).toHaveBeenCalledExactlyOnceWith(ID);
});
