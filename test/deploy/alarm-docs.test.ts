import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type AlarmRow, alarmRows } from '../../lib/deploy/alarms/alarm-rows.ts';

const page = new URL('../../docs/deployment.md', import.meta.url);
const subjects: Readonly<Record<AlarmRow['subject'], string>> = {
  machine: 'the state machine',
  reconcile: 'Reconcile',
  alerts: 'the function of alerts',
  deadlines: 'the function of deadlines',
  untakenEvents: 'the queue `UntakenEvents`',
  deadLetters: 'the dead-letter queue',
};

const lineOf = ({
  id,
  severity,
  subject,
  metric,
  statistic,
  periodMinutes,
  periods,
  atLeast,
  tells,
  toldByAlerts,
}: AlarmRow): string => {
  const time = `${periods * periodMinutes} minutes`;
  const condition = `\`${metric}\` of ${subjects[subject]}: ${statistic.toLowerCase()} of at least ${atLeast.toLocaleString('en-US')} in ${time}`;
  const needs: Partial<Record<AlarmRow['subject'], string>> = { alerts: 'with `alerts`', deadlines: 'with a deadline' };
  const made = toldByAlerts ? 'without `alerts`' : (needs[subject] ?? 'always');
  return `| \`${id}\` | ${severity === 'pipeline' ? "the pipeline's" : severity} | ${made} | ${condition} | ${tells} |`;
};

const table = [
  '| alarm | severity | made | fires when | tells |',
  '| --- | --- | --- | --- | --- |',
  ...alarmRows.map(lineOf),
];

test('docs/deployment.md lists the alarms as the table of the code has them', () => {
  const place = /(<!-- table: alarms -->\n)((?:\|.*\n)*)/;
  const text = readFileSync(page, 'utf8');
  const wanted = `${table.join('\n')}\n`;
  expect(text).toMatch(place);
  if (process.env.UPDATE_DOCS) writeFileSync(page, text.replace(place, `$1${wanted.replaceAll('$', '$$$$')}`));
  else expect(place.exec(text)?.[2]).toBe(wanted);
});
