ALTER TABLE account_usage_entries DROP COLUMN metered_at;
ALTER TABLE account_usage_entries DROP COLUMN charged_at;
DROP TABLE account_stripe_events;
DROP TABLE account_payments;
DROP TABLE account_subscriptions;
DROP TABLE account_customers;
ALTER TABLE account_users DROP COLUMN granted_plan;
