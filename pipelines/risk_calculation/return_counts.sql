SELECT count(DISTINCT instrument) AS instruments, count(DISTINCT day) AS days, max(day) AS last_day FROM "model_returns"."returns"
