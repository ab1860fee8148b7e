DROP TABLE account_rounds;
DROP TABLE account_heads;
DROP TABLE account_installed;
DROP TABLE account_installations;
DROP TABLE account_deliveries;
