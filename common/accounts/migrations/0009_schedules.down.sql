DROP TABLE account_schedules;
