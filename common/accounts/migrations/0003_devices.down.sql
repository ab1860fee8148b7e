DROP TABLE account_wrong_codes;
DROP TABLE account_devices;
