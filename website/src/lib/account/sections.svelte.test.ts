// @vitest-environment jsdom
import { fireEvent, render, waitFor } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { expect, test, vi } from 'vitest';
import InSite from '../../../tests/support/InSite.svelte';
import type { ApiClient } from '$lib/api/client';
import Memberships from './Memberships.svelte';
import MemberList from './MemberList.svelte';
import PrivateRepositories from './PrivateRepositories.svelte';
import Repositories from './Repositories.svelte';
import Mail from './Mail.svelte';
import Schedules from './Schedules.svelte';
import Webhooks from './Webhooks.svelte';
import Withdrawals from './Withdrawals.svelte';

const change = async (work: () => Promise<unknown>) => (await work(), true);
const show = (api: object, shown: unknown, given: Record<string, unknown>) =>
  render(InSite, { api: api as ApiClient, shown: shown as Component<Record<string, unknown>>, given });

test('a member is added by name and removed by account', async () => {
  const post = vi.fn(() => Promise.resolve({}));
  const remove = vi.fn(() => Promise.resolve());
  const members = { items: [{ account: 'acc/1', login: 'grace', added_at: '2026-11-20T00:00:00Z' }], limit: 25 };
  const { getByLabelText, getByRole } = show({ post, remove }, MemberList, { members, change });
  const field = getByLabelText('Name at GitHub') as HTMLInputElement;
  await fireEvent.input(field, { target: { value: ' @linus ' } });
  await fireEvent.click(getByRole('button', { name: 'Add member' }));
  expect(post).toHaveBeenCalledExactlyOnceWith('/v1/me/members', { login: 'linus' });
  await waitFor(() => expect(field.value).toBe(''));
  await fireEvent.click(getByRole('button', { name: 'Remove grace' }));
  expect(remove).toHaveBeenCalledExactlyOnceWith('/v1/me/members/acc%2F1');
});

test('a full team takes no more members: its owner is one of them', () => {
  const members = { items: [{ account: '1', login: 'grace', added_at: '2026-11-20T00:00:00Z' }], limit: 2 };
  const { getByText, queryByRole } = show({}, MemberList, { members, change });
  getByText(/The team is full/);
  expect(queryByRole('button', { name: 'Add member' })).toBe(null);
});

test('a withdrawn repository is allowed again by its address', async () => {
  const remove = vi.fn(() => Promise.resolve());
  const repo_url = 'https://github.com/acme/greetings';
  const withdrawals = [{ repo_url, withdrawn_at: '2026-11-20T00:00:00Z' }];
  const { getByRole, getByText } = show({ remove }, Withdrawals, { withdrawals, change });
  getByText('Withdrawn on 20 November 2026');
  await fireEvent.click(getByRole('button', { name: 'Allow again: acme/greetings' }));
  expect(remove).toHaveBeenCalledExactlyOnceWith(`/v1/withdrawals?repo_url=${encodeURIComponent(repo_url)}`);
});

test('private repositories are connected by signing in again, where the plan allows them', async () => {
  const api = { address: (path: string) => Promise.resolve(path) };
  const plain = show(api, PrivateRepositories, {
    plan: 'free',
    isInPlan: false,
    access: { allowed: false, connected: false }
  });
  plain.getByText('The free plan is for public repositories only.');
  expect(plain.queryByRole('link')).toBe(null);
  plain.unmount();
  const without = show(api, PrivateRepositories, {
    plan: 'team',
    isInPlan: true,
    access: { allowed: false, connected: false }
  });
  without.getByText('This server reads public repositories only.');
  without.unmount();
  const team = show(api, PrivateRepositories, {
    plan: 'team',
    isInPlan: true,
    access: { allowed: true, connected: false }
  });
  const link = await team.findByRole('link', { name: 'Connect private repositories' });
  expect(link.getAttribute('href')).toBe('/v1/sign-in?return_to=/settings');
});

test('a member leaves a team by its account', async () => {
  const remove = vi.fn(() => Promise.resolve());
  const memberships = [{ account: 'acc1', login: 'ada', added_at: '2026-11-20T00:00:00Z' }];
  const { getByRole } = show({ remove }, Memberships, { memberships, change });
  expect(getByRole('link', { name: 'ada’s team' }).getAttribute('href')).toBe('/dashboard?account=acc1');
  await fireEvent.click(getByRole('button', { name: 'Leave ada’s team' }));
  expect(remove).toHaveBeenCalledExactlyOnceWith('/v1/me/memberships/acc1');
});

const built = {
  repository_id: '5',
  full_name: 'acme/greetings',
  is_private: true,
  default_branch: 'main',
  follows_default_branch: true,
  is_building: true,
  is_suspended: false,
  has_check_runs: true,
  fails_on: ['api' as const],
  comments_on_pulls: false,
  has_pulls: true,
  delivered_at: '2026-11-20T00:00:00Z',
  branches: [
    {
      name: 'main',
      commit_hash: '0123456789abcdef0123456789abcdef01234567',
      docpack_id: `sha256:${'a'.repeat(64)}`,
      built_at: '2026-11-20T00:00:00Z',
      job_id: null,
      outcome: 'quota_exceeded'
    }
  ]
};

test('a repository shows the pack of its head and why a push was not built', async () => {
  const post = vi.fn(() => Promise.resolve({}));
  const act = vi.fn(() => Promise.resolve());
  const repositories = { install_url: 'https://github.com/apps/doctown/installations/new', items: [built] };
  const { getByLabelText, getByRole, getByText } = show({ post, act }, Repositories, { repositories, change });
  expect(getByRole('link', { name: '0123456' }).getAttribute('href')).toBe(`/packs/${'a'.repeat(64)}`);
  getByText('The jobs of this month are used up.');
  await fireEvent.input(getByLabelText(/Branches of acme\/greetings/), { target: { value: 'main, release/1' } });
  await fireEvent.click(getByRole('button', { name: 'Save branches' }));
  const path = '/v1/me/repositories/5';
  expect(post).toHaveBeenCalledExactlyOnceWith(path, { branches: ['main', 'release/1'], is_building: true });
  await fireEvent.click(getByRole('button', { name: 'Turn off: acme/greetings' }));
  expect(post).toHaveBeenLastCalledWith(path, { branches: null, is_building: false });
  await fireEvent.click(getByRole('button', { name: 'Build again: acme/greetings' }));
  expect(act).toHaveBeenCalledExactlyOnceWith(`${path}/redeliver`);
});

test('an owner chooses what fails a check and whether pull requests get a comment', async () => {
  const post = vi.fn(() => Promise.resolve({}));
  const install_url = 'https://github.com/apps/doctown/installations/new';
  const { getByLabelText, getByText, queryByText } = show({ post }, Repositories, {
    repositories: { install_url, items: [built] },
    change
  });
  getByText('(the check can fail, no comments)');
  expect(queryByText(/Doctown may not/)).toBeNull();
  const path = '/v1/me/repositories/5';
  await fireEvent.click(getByLabelText(/a new call leads nowhere known/));
  const kept = { branches: null, is_building: true };
  expect(post).toHaveBeenLastCalledWith(path, { ...kept, fails_on: ['api', 'calls'] });
  await fireEvent.click(getByLabelText(/an exported symbol is gone/));
  expect(post).toHaveBeenLastCalledWith(path, { ...kept, fails_on: [] });
  await fireEvent.click(getByLabelText(/Comment on pull requests/));
  expect(post).toHaveBeenLastCalledWith(path, { ...kept, comments_on_pulls: true });
});

test('what the App may not do at GitHub is said beside the choice', () => {
  const items = [{ ...built, comments_on_pulls: true, has_pulls: false, has_check_runs: false }];
  const install_url = 'https://github.com/apps/doctown/installations/new';
  const { getByText, getByRole } = show({}, Repositories, { repositories: { install_url, items }, change });
  getByText(/Doctown may not write checks, or read and comment on pull requests here yet/);
  const link = getByRole('link', { name: 'Accept the new permissions of the App at GitHub' });
  expect(link.getAttribute('href')).toBe(install_url);
});

test('without repositories the page says where the App is installed', () => {
  const install_url = 'https://github.com/apps/doctown/installations/new';
  const repositories = { install_url, items: [] };
  const { getByRole } = show({}, Repositories, { repositories, change });
  expect(getByRole('link', { name: 'Install the GitHub App' }).getAttribute('href')).toBe(install_url);
});

test('e-mail is chosen by two boxes, where GitHub names an address', async () => {
  const post = vi.fn(() => Promise.resolve({}));
  const notifications = { email: 'ada@example.org', sends_mail: true, on_finished: false, on_failed: true };
  const { getByLabelText, unmount } = show({ post }, Mail, { notifications, change });
  await fireEvent.click(getByLabelText('a pack is ready'));
  expect(post).toHaveBeenCalledExactlyOnceWith('/v1/me/notifications', { on_finished: true, on_failed: true });
  unmount();
  const nameless = show({}, Mail, { notifications: { ...notifications, email: null }, change });
  nameless.getByText(/GitHub names no e-mail address of yours/);
  expect(nameless.queryByRole('checkbox')).toBe(null);
});

test('the first webhook comes with a signing secret, and a message that was given up is sent again', async () => {
  const post = vi.fn((path: string) => Promise.resolve(path.endsWith('secret') ? { secret: 'whsec_abc' } : {}));
  const act = vi.fn(() => Promise.resolve());
  const message = {
    id: 'msg-1',
    event: 'job.failed',
    target: 'https://example.org/hook',
    state: 'failed',
    attempts: 9,
    answer: '503',
    created_at: '2026-11-20T00:00:00Z'
  };
  const given = { webhooks: [], messages: [message], change };
  const { getByLabelText, getByRole, findByText, getByText } = show({ post, act }, Webhooks, given);
  await fireEvent.input(getByLabelText('Address'), { target: { value: 'https://example.org/hook' } });
  await fireEvent.click(getByLabelText('A build is cancelled'));
  await fireEvent.click(getByRole('button', { name: 'Add webhook' }));
  expect(post).toHaveBeenCalledWith('/v1/me/webhooks', {
    url: 'https://example.org/hook',
    events: ['job.completed', 'job.failed']
  });
  await findByText('Copy the signing secret now. It is not shown again.');
  getByText('Given up (503), 9 attempts; 20 November 2026');
  await fireEvent.click(getByRole('button', { name: 'Send job.failed to https://example.org/hook again' }));
  expect(act).toHaveBeenCalledExactlyOnceWith('/v1/me/messages/msg-1/resend');
});

test('a schedule is added for a branch, and for version tags of the whole repository', async () => {
  const post = vi.fn(() => Promise.resolve({}));
  const { getByLabelText, getByRole, queryByLabelText } = show({ post }, Schedules, { schedules: [], change });
  const field = getByLabelText('Repository') as HTMLInputElement;
  await fireEvent.input(field, { target: { value: ' acme/greetings ' } });
  await fireEvent.input(getByLabelText(/^Branch/), { target: { value: 'next' } });
  await fireEvent.click(getByRole('button', { name: 'Add schedule' }));
  const request = { repo_url: 'acme/greetings', git_ref: 'next', every: 'nightly' };
  expect(post).toHaveBeenCalledExactlyOnceWith('/v1/me/schedules', request);
  await waitFor(() => expect(field.value).toBe(''));
  await fireEvent.input(field, { target: { value: 'acme/greetings' } });
  await fireEvent.change(getByLabelText('Build it'), { target: { value: 'tag' } });
  expect(queryByLabelText(/^Branch/)).toBe(null);
  await fireEvent.click(getByRole('button', { name: 'Add schedule' }));
  expect(post).toHaveBeenLastCalledWith('/v1/me/schedules', { ...request, git_ref: null, every: 'tag' });
});

test('a schedule says when it is looked at next and what came of it last', async () => {
  const remove = vi.fn(() => Promise.resolve());
  const schedule = {
    id: 'sc-1',
    name: 'acme/greetings',
    repo_url: 'https://github.com/acme/greetings',
    git_ref: null,
    every: 'tag',
    created_at: '2026-11-20T00:00:00Z',
    next_at: '2026-11-25T03:12:00Z',
    last_at: '2026-11-25T02:12:00Z',
    outcome: 'quota_exceeded',
    seen_tag: 'v1.2.0',
    job: null
  };
  const { getByText, getByRole } = show({ remove }, Schedules, { schedules: [schedule], change });
  getByText('For each new version tag, newest is v1.2.0. Next look: 25 November, 03:12 UTC.');
  getByText(/The jobs of this month are used up/);
  await fireEvent.click(getByRole('button', { name: 'Stop building acme/greetings' }));
  expect(remove).toHaveBeenCalledExactlyOnceWith('/v1/me/schedules/sc-1');
});
