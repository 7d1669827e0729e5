-- Diversification: what the desks' figures would add up to, less that of both together.
SELECT
  CAST(sum(value_at_risk) FILTER (WHERE desk = 'total') AS VARCHAR) AS value_at_risk,
  CAST(sum(expected_shortfall) FILTER (WHERE desk = 'total') AS VARCHAR) AS expected_shortfall,
  CAST(sum(CASE WHEN desk = 'total' THEN -value_at_risk ELSE value_at_risk END) AS VARCHAR) AS diversification,
  max(scenarios) AS scenarios,
  max(worst) AS worst
FROM "value_at_risk"."risks"
