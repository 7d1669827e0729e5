import { expect, test } from 'vitest';
import { checkAlerts } from '../../../lib/compiler/checks/check-alerts.ts';
import { parseTemplate } from '../../../lib/compiler/template/parse-template.ts';

const steps = `steps:
  - { name: extract, handler: extract, severity: critical }
  - { name: join, handler: join, severity: high }
  - { name: report, handler: report }
  - { name: note, handler: note, severity: low }
`;

function warnings(alerts: string): string[] {
  const found: string[] = [];
  const template = parseTemplate({ file: 'p.yaml', text: `name: p\n${steps}${alerts}` }, {}, ({ message }) => {
    throw new Error(message);
  });
  if (template) checkAlerts(template, ({ code, message, span }) => found.push(`${code} ${span.line}: ${message}`));
  return found;
}

test('each severity of a step needs a route that someone hears, but for low', () => {
  expect(warnings('')).toEqual([]);
  expect(warnings('alerts: {}')).toEqual([]);
  expect(warnings('alerts: { critical: { teams: ssm:/t } }')).toEqual([
    'NO_ROUTE 7: no one hears of failures of "join": "alerts" has no route "high"; add one, or change the severity of the steps',
    'NO_ROUTE 7: no one hears of failures of "report": "alerts" has no route "medium"; add one, or change the severity of the steps',
  ]);
  const all = 'critical: { teams: ssm:/t }, high: { teams: ssm:/t }, medium: { teams: ssm:/t }';
  expect(warnings(`alerts: { ${all} }`)).toEqual([]);
});

test('a deadline needs a route of its severity too', () => {
  const critical = 'alerts: { critical: { teams: ssm:/t }, high: { teams: ssm:/t }, medium: { teams: ssm:/t } }';
  const schedule = 'schedule: { cron: "0 1 * * *" }\n';
  expect(warnings(`${schedule}deadline: { ready_by: "07:00" }\n${critical}`)).toEqual([]);
  const medium = 'alerts: { medium: { teams: ssm:/t } }';
  expect(warnings(`${schedule}deadline: { ready_by: "07:00" }\n${medium}`)[0]).toBe(
    'NO_ROUTE 8: no one hears of a missed deadline: "alerts" has no route "high"; add one, or change the severity of the deadline',
  );
});

test('an escalation brings a severity without a route to the next one, and needs one', () => {
  expect(warnings('alerts: { critical: { teams: ssm:/t }, escalate_after: 1h }')).toEqual([]);
  expect(warnings('alerts:\n  medium: { teams: ssm:/t }\n  escalate_after: 1h')).toEqual([
    'NO_ROUTE 8: no one hears of failures of "extract": "alerts" has no route "critical"; add one, or change the severity of the steps',
    'NO_ROUTE 8: no one hears of failures of "join": "alerts" has no route "high"; add one, or change the severity of the steps',
  ]);
  expect(warnings('alerts:\n  critical: { teams: ssm:/t }\n  low: { teams: ssm:/t }\n  escalate_after: 1h')).toEqual(
    [],
  );
});
