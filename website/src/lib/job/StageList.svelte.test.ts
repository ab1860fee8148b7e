// @vitest-environment jsdom
import { render } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { Job, StreamedEvent } from '$lib/api/client';
import StageList from './StageList.svelte';

type Stage = Job['stages'][number];
const stage = (stage: Stage['stage'], state: Stage['state'], counts: Record<string, number> = {}) =>
  ({ stage, state, counts, units_done: 0, units_total: 0 }) as unknown as Stage;
const jobOf = (stages: Stage[], more: object = {}) =>
  ({ stages, statistics: { chunks: 0, chunks_embedded: 0 }, is_over: true, ...more }) as unknown as Job;
const NOW = Date.UTC(2026, 0, 1);

const linesOf = (stages: Stage[], given: object) =>
  render(StageList, { props: { job: jobOf(stages), events: [], nEvents: 0, nowMs: NOW, ...given } })
    .getAllByRole('listitem')
    .map((item) => item.textContent!.replace(/\s+/g, ' ').trim());

test('a stage that failed says so, and what was not come to was not skipped', () => {
  const stages = [
    stage('ingest', 'done'),
    stage('embed', 'skipped'),
    stage('assemble', 'failed'),
    stage('generate', 'skipped'),
    stage('pack', 'skipped')
  ];
  const lines = linesOf(stages, { isCutShort: true });
  expect(
    lines.map((line) => line.slice(0, line.search(/\b(Fetches|Turns|Resolves|Summarises|Checks)/)).trim())
  ).toEqual([
    '✓ Read the source done',
    '– Compute embeddings skipped',
    '✕ Connect the symbols failed',
    '– Write summaries not reached',
    '– Write the pack not reached'
  ]);
});

test('one of anything is one', () => {
  const { getByText } = render(StageList, {
    props: { job: jobOf([stage('assemble', 'done', { clusters: 1 })]), events: [], nEvents: 0, nowMs: NOW }
  });
  expect(getByText('1 cluster')).toBeTruthy();
});

test('a stage that runs says how long it will still take, once its speed is known', async () => {
  const running = { ...stage('embed', 'running'), units_total: 4, units_done: 1 } as Stage;
  const started = {
    cursor: '1',
    event: { type: 'embedding.started.v1', time: new Date(NOW - 40_000).toISOString(), data: {} }
  };
  const events = [started] as unknown as StreamedEvent[];
  const { getByText, queryByText, rerender } = render(StageList, {
    props: { job: jobOf([running], { is_over: false }), events, nEvents: 0, nowMs: NOW }
  });
  expect(queryByText(/left/)).toBeNull();
  await rerender({ nEvents: 1 });
  expect(getByText('about 2 minutes left')).toBeTruthy();
});
