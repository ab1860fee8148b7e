DROP TABLE account_withdrawals;
DROP TABLE account_links;
DROP TABLE account_visibility;
