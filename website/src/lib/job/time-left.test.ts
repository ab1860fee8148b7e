import { expect, test } from 'vitest';
import type { Job } from '$lib/api/client';
import { leftText, timeLeft } from './time-left';

type Stage = Job['stages'][number];

function job(stage: Partial<Stage>, more: object = {}): Job {
  const running = { state: 'running', units_total: 10, units_done: 0, counts: {}, ...stage };
  return {
    stages: [running],
    statistics: { chunks: 0, chunks_embedded: 0 },
    is_over: false,
    ...more
  } as unknown as Job;
}
const since = (ms: number) => () => 1_000_000 - ms;
const NOW = 1_000_000;

test('a quarter done in 20 seconds leaves a minute', () => {
  const statistics = { chunks: 400, chunks_embedded: 100 };
  expect(timeLeft(job({ stage: 'embed' }, { statistics }), since(20_000), NOW)).toEqual({ stage: 'embed', ms: 60_000 });
});

test.each([
  ['the stage has just begun', job({ stage: 'embed', units_done: 5 }), since(1_000)],
  ['next to nothing is done', job({ stage: 'embed', units_total: 1_000, units_done: 1 }), since(60_000)],
  ['the number of units is open', job({ stage: 'ingest', units_total: null, units_done: 3 }), since(60_000)],
  ['no worker has begun', job({ stage: 'embed', units_done: 5 }), () => null],
  ['the job is over', job({ stage: 'embed', units_done: 5 }, { is_over: true }), since(60_000)]
])('nothing is said while %s', (_, running, startOf) => {
  expect(timeLeft(running, startOf, NOW)).toBeNull();
});

test('summaries by a model go by their estimate until some are there', () => {
  const estimate = { expected_ms: 90_000 };
  expect(timeLeft(job({ stage: 'generate' }, { estimate }), since(30_000), NOW)).toEqual({
    stage: 'generate',
    ms: 60_000
  });
  expect(timeLeft(job({ stage: 'generate' }, { estimate }), since(95_000), NOW)).toBeNull();
});

test.each([
  [4_000, 'a few seconds left'],
  [31_000, 'about 30 seconds left'],
  [70_000, 'about a minute left'],
  [125_000, 'about 2 minutes left'],
  [3_700_000, 'about an hour left'],
  [7_000_000, 'about 2 hours left']
])('%d ms are %s', (ms, text) => {
  expect(leftText(ms)).toBe(text);
});
