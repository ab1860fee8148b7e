// @vitest-environment jsdom
import { render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { expect, test } from 'vitest';
import Prose from '$lib/ui/Prose.svelte';
import Later from './Later.svelte';

const shown = (bring: () => Promise<{ default: Component<Record<string, unknown>> }>) =>
  render(Later as unknown as Component<Record<string, unknown>>, { bring, given: { text: 'the part' } });

test('a part is shown with what it is given once it is loaded', async () => {
  const { findByText } = shown(async () => ({ default: Prose as unknown as Component<Record<string, unknown>> }));
  expect(await findByText('the part')).toBeTruthy();
});

test('a part that cannot be loaded says what to do', async () => {
  const { findByRole, getByRole } = shown(() => Promise.reject(new TypeError('failed to fetch')));
  expect((await findByRole('alert')).textContent).toContain('Check your connection, then reload');
  expect(getByRole('button').textContent).toBe('Reload');
});
