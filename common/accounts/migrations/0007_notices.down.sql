DROP TABLE account_messages;
DROP TABLE account_awaited;
DROP TABLE account_mail;
DROP TABLE account_signing;
DROP TABLE account_endpoints;
