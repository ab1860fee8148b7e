import type { ApiClient, Schemas } from '$lib/api/client';
import { ApiError } from '$lib/api/problem';
import { counted } from '$lib/ui/format';
import { day } from './dates';
import { every, money } from './money';

export type Billing = Schemas['Billing'];
export type Subscription = Schemas['SubscriptionSummary'];
type Limits = Schemas['PlanLimits'];

/** Asks what the account pays for; null where no plans are sold. */
export async function fetchBilling(api: ApiClient): Promise<Billing | null> {
  try {
    return await api.get<Billing>('/v1/me/billing');
  } catch (error) {
    if (error instanceof ApiError && error.code === 'no_billing') return null;
    throw error;
  }
}

export function checkout(api: ApiClient, price: string): Promise<Schemas['BillingPage']> {
  return api.post('/v1/me/billing/checkout', { price } satisfies Schemas['CheckoutRequest']);
}

export function portal(api: ApiClient): Promise<Schemas['BillingPage']> {
  return api.post('/v1/me/billing/portal');
}

/** The subscription that runs; null where another one can begin. */
export function running(billing: Billing): Subscription | null {
  return billing.subscriptions.find((it) => !it.is_over) ?? null;
}

/** Says how it stands with a subscription, and what comes next. */
export function standing(it: Subscription): string {
  const amount = typeof it.amount === 'number' ? money(it.amount, it.currency) : null;
  const price = amount === null ? '' : ` for ${amount} ${every(it.period, it.n_periods)}`;
  if (it.grace_until) return `The last invoice is not paid. The plan stays until ${day(it.grace_until)}.`;
  if (it.status === 'trialing') return `The trial ends on ${day(it.period_end)}.`;
  if (it.status !== 'active') return `The subscription is ${it.status.replaceAll('_', ' ')}.`;
  return it.ends_at ? `It ends on ${day(it.ends_at)}.` : `It renews on ${day(it.period_end)}${price}.`;
}

/** What a plan allows, line by line. */
export function allowed(limits: Limits): string[] {
  return [
    `${counted(limits.jobs_per_month, 'job')} a month, ${limits.parallel_jobs} at a time`,
    limits.private_repositories ? 'Public and private repositories' : 'Public repositories',
    `Repositories up to ${limits.max_repository_mb.toLocaleString('en')} MB`,
    limits.members > 1 ? `Team of ${limits.members} people` : 'One person',
    counted(limits.api_keys, 'API key')
  ];
}

/** What became of a payment, in words. */
export function changed(it: Schemas['PaymentSummary']): string {
  const parts = [];
  if (it.amount_refunded > 0) parts.push(`${money(it.amount_refunded, it.currency)} refunded`);
  if (it.dispute) parts.push(`disputed: ${it.dispute.replaceAll('_', ' ')}`);
  return parts.join(', ');
}
