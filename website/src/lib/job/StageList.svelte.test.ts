// @vitest-environment jsdom
import { render } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import type { Job } from '$lib/api/client';
import StageList from './StageList.svelte';

type Stage = Job['stages'][number];
const stage = (stage: Stage['stage'], state: Stage['state'], counts: Record<string, number> = {}) =>
  ({ stage, state, counts, units_done: 0, units_total: 0 }) as unknown as Stage;

const linesOf = (stages: Stage[], given: object) =>
  render(StageList, { props: { stages, events: [], nEvents: 0, ...given } })
    .getAllByRole('listitem')
    .map((item) => item.querySelector('p')!.textContent!.replace(/\s+/g, ' ').trim());

test('a stage that failed says so, and what was not come to was not skipped', () => {
  const stages = [
    stage('ingest', 'done'),
    stage('embed', 'skipped'),
    stage('assemble', 'failed'),
    stage('generate', 'skipped'),
    stage('pack', 'skipped')
  ];
  expect(linesOf(stages, { isCutShort: true })).toEqual([
    '✓ ingest done',
    '– embed skipped',
    '✕ assemble failed',
    '– generate not reached',
    '– pack not reached'
  ]);
});

test('one of anything is one', () => {
  const { getByText } = render(StageList, {
    props: { stages: [stage('assemble', 'done', { clusters: 1 })], events: [], nEvents: 0 }
  });
  expect(getByText('1 cluster')).toBeTruthy();
});
