// @vitest-environment jsdom
import { fireEvent, render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { expect, test, vi } from 'vitest';
import InSite from '../../../tests/support/InSite.svelte';
import type { ApiClient } from '$lib/api/client';
import type { Me } from '$lib/api/people';
import { ApiError } from '$lib/api/problem';
import { changed, fetchBilling, standing, type Billing, type Subscription } from './billing';
import { every, money } from './money';
import PlanAndBilling from './PlanAndBilling.svelte';

const limits = {
  jobs_per_month: 100,
  private_repositories: true,
  parallel_jobs: 3,
  max_repository_mb: 1_000,
  api_keys: 10,
  members: 1,
  model_micro_usd_per_job: 0
};
const me = { plan: 'free', limits, usage: { jobs: 3, running_jobs: 0, resets_at: '2026-12-01T00:00:00Z' } } as Me;
const subscription: Subscription = {
  plan: 'creator',
  price: 'price_1',
  status: 'active',
  is_over: false,
  amount: 1_900,
  currency: 'usd',
  period: 'month',
  n_periods: 1,
  period_end: '2026-12-20T00:00:00Z',
  ends_at: null,
  grace_until: null
};
const billing: Billing = {
  plan: 'free',
  is_customer: false,
  is_current: true,
  subscriptions: [],
  changed_payments: [],
  invoices: [],
  offers: [
    { plan: 'creator', price: 'price_1', amount: 1_900, currency: 'usd', period: 'month', n_periods: 1, limits },
    { plan: 'team', price: 'price_2', amount: null, currency: null, period: null, n_periods: 1, limits }
  ]
};
const leave = async (work: () => Promise<unknown>) => void (await work());
const show = (api: object, given: Record<string, unknown>) =>
  render(InSite, {
    api: api as ApiClient,
    shown: PlanAndBilling as unknown as Component<Record<string, unknown>>,
    given: { me, leave, isBack: false, ...given }
  });

test('a plan is chosen by the price of its card', async () => {
  const post = vi.fn(() => Promise.resolve({ url: 'https://stripe.example' }));
  const { getByText, getByRole, queryByRole } = show({ post }, { billing });
  getByText('$19.00 a month');
  getByText(/You have used 3 of 100 jobs this month/);
  expect(queryByRole('button', { name: /payment/ })).toBe(null);
  expect(queryByRole('status')).toBe(null);
  await fireEvent.click(getByRole('button', { name: 'Choose team' }));
  expect(post).toHaveBeenCalledExactlyOnceWith('/v1/me/billing/checkout', { price: 'price_2' });
});

test('who has a subscription changes it at Stripe and buys no second one', async () => {
  const post = vi.fn(() => Promise.resolve({ url: 'https://stripe.example' }));
  const bought = {
    ...billing,
    is_customer: true,
    subscriptions: [subscription],
    changed_payments: [
      { amount: 1_900, amount_refunded: 1_900, currency: 'usd', paid_at: '2026-10-01T00:00:00Z', dispute: null }
    ],
    invoices: [
      {
        number: 'DOC-1',
        status: 'paid',
        total: 1_900,
        currency: 'usd',
        created_at: '2026-11-20T00:00:00Z',
        page_url: 'https://stripe.example/1',
        pdf_url: null
      }
    ]
  };
  const { getByText, getByRole, queryByRole } = show({ post }, { billing: bought });
  getByText(/It renews on 20 December 2026 for \$19.00 a month/);
  getByText('$19.00 refunded');
  expect(getByRole('link', { name: 'View invoice DOC-1' }).getAttribute('href')).toBe('https://stripe.example/1');
  expect(queryByRole('button', { name: /Choose/ })).toBe(null);
  await fireEvent.click(getByRole('button', { name: 'Change plan, payment or end it' }));
  expect(post).toHaveBeenCalledExactlyOnceWith('/v1/me/billing/portal');
});

test('who came back from paying is told that Stripe has not confirmed it yet', () => {
  const { getByRole } = show({}, { billing, isBack: true });
  expect(getByRole('status').textContent).toContain('has not confirmed your payment');
});

test('each state of a subscription is said in words', () => {
  expect(standing({ ...subscription, ends_at: '2026-12-20T00:00:00Z' })).toBe('It ends on 20 December 2026.');
  expect(standing({ ...subscription, status: 'past_due', grace_until: '2026-12-01T00:00:00Z' })).toBe(
    'The last invoice is not paid. The plan stays until 1 December 2026.'
  );
  expect(standing({ ...subscription, status: 'trialing' })).toBe('The trial ends on 20 December 2026.');
  expect(standing({ ...subscription, status: 'unpaid' })).toBe('The subscription is unpaid.');
  const disputed = { amount: 500, amount_refunded: 100, currency: 'eur', paid_at: '', dispute: 'needs_response' };
  expect(changed(disputed)).toBe('€1.00 refunded, disputed: needs response');
  expect([money(500, 'jpy'), every('month', 3)]).toEqual(['¥500', 'every 3 months']);
});

test('a server that sells nothing has no billing, and a broken one fails', async () => {
  const failing = (code: string) => ({ get: () => Promise.reject(new ApiError({ code, title: code })) });
  expect(await fetchBilling(failing('no_billing') as unknown as ApiClient)).toBe(null);
  await expect(fetchBilling(failing('store_unavailable') as unknown as ApiClient)).rejects.toThrow();
});
