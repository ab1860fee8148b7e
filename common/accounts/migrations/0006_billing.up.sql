-- The plan that the operator gave. `plan` is the better one of it and of what subscriptions pay for.
ALTER TABLE account_users ADD COLUMN granted_plan TEXT NOT NULL DEFAULT 'free';
UPDATE account_users SET granted_plan = plan;

-- Accounts that Stripe knows.
CREATE TABLE account_customers (
    account TEXT NOT NULL PRIMARY KEY REFERENCES account_users (id),
    customer TEXT NOT NULL UNIQUE,
    paid_plan TEXT NOT NULL,
    -- Looks at Stripe are numbered. What an earlier one found never replaces what a later one found.
    looks_begun BIGINT NOT NULL,
    look_written BIGINT NOT NULL,
    looked_at BIGINT NOT NULL,
    -- When Stripe is to be looked at again.
    due_at BIGINT NOT NULL
);
CREATE INDEX account_customers_due ON account_customers (due_at);

-- What Stripe said when it was last looked at. Amounts are in the smallest unit of the currency.
CREATE TABLE account_subscriptions (
    stripe_subscription_id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account_users (id),
    price TEXT NOT NULL,
    status TEXT NOT NULL,
    amount BIGINT,
    currency TEXT NOT NULL,
    period TEXT NOT NULL,
    n_periods BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    cancel_at_period_end BIGINT NOT NULL,
    ends_at BIGINT,
    unpaid_since BIGINT
);
CREATE INDEX account_subscriptions_of ON account_subscriptions (account);

CREATE TABLE account_payments (
    stripe_charge_id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account_users (id),
    amount BIGINT NOT NULL,
    amount_refunded BIGINT NOT NULL,
    currency TEXT NOT NULL,
    paid_at BIGINT NOT NULL,
    dispute_status TEXT,
    disputed_at BIGINT
);
CREATE INDEX account_payments_of ON account_payments (account);

-- Stripe's events by their ids. Of what an event says only whom it concerns is kept.
CREATE TABLE account_stripe_events (
    id TEXT NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    created BIGINT NOT NULL,
    customer TEXT,
    charge TEXT,
    received_at BIGINT NOT NULL,
    done_at BIGINT
);
CREATE INDEX account_stripe_events_open ON account_stripe_events (done_at, received_at);
CREATE INDEX account_stripe_events_of ON account_stripe_events (customer);

-- 0 for jobs that were counted before there was a meter.
ALTER TABLE account_usage_entries ADD COLUMN charged_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account_usage_entries ADD COLUMN metered_at BIGINT;
