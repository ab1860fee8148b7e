import { expect, test } from 'vitest';
import { NO_OPTIONS, orderOf, problemsOf } from './order';

const address = { repoUrl: 'https://github.com/a/b', name: 'a/b', kind: 'github', gitRef: null } as const;

test('what is not set is not sent, and the source text is asked for unless it is turned off', () => {
  expect(orderOf(address, NO_OPTIONS)).toEqual({ repo_url: 'https://github.com/a/b', options: { source: true } });
  expect(orderOf(address, { ...NO_OPTIONS, source: false })).toEqual({ repo_url: 'https://github.com/a/b' });
});

test('every option travels', () => {
  const form = {
    gitRef: ' main ',
    include: 'src/**, *.{ts,js}\nlib/*',
    exclude: '',
    source: true,
    embeddings: false,
    model: 'm',
    budgetUsd: '$1.5'
  };
  expect(orderOf(address, form)).toEqual({
    repo_url: 'https://github.com/a/b',
    git_ref: 'main',
    options: {
      include: ['src/**', '*.{ts,js}', 'lib/*'],
      source: true,
      embeddings: false,
      prose: { models: ['m'], budget_micro_usd: 1_500_000 }
    }
  });
});

test('what cannot be is named by its field', () => {
  expect(Object.keys(problemsOf({ ...NO_OPTIONS, gitRef: 'a..b', budgetUsd: '1' }))).toEqual(['gitRef', 'budgetUsd']);
  expect(Object.keys(problemsOf({ ...NO_OPTIONS, model: 'm', budgetUsd: 'much' }))).toEqual(['budgetUsd']);
  expect(problemsOf(NO_OPTIONS)).toEqual({});
});
