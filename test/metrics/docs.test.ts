import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { metricRows, mostCustomMetrics } from '../../lib/metrics/metric-table.ts';
import { prometheusRules } from '../../lib/metrics/prometheus/rules.ts';
import { stateSeries } from '../../lib/metrics/prometheus/state-series.ts';

const page = new URL('../../docs/metrics.md', import.meta.url);
const read = (): string => readFileSync(page, 'utf8');

const labelText = (labels: object): string =>
  Object.entries(labels)
    .map(([name, value]) => `{${name}="${value}"}`)
    .join('');
const named = (name: string | null): string => (name === null ? '' : `\`${name}\``);

/** The tables of the page, by the name in the comment before each. */
const tables: Readonly<Record<string, readonly string[]>> = {
  metrics: [
    '| in CloudWatch | unit | means | reported with | steps |',
    '| --- | --- | --- | --- | --- |',
    ...metricRows.map(
      ({ name, unit, means, by, ofSteps }) => `| \`${name}\` | ${unit} | ${means} | ${by} | ${ofSteps ? '✔' : ''} |`,
    ),
  ],
  prometheus: [
    '| over all runs | of the latest run | of each step | means |',
    '| --- | --- | --- | --- |',
    ...metricRows.map(({ means, prometheus: { total, labels, last, step } }) => {
      const counter = total && `${total}${labelText(labels)}`;
      return `| ${named(counter)} | ${named(last)} | ${named(step)} | ${means.replace(/; CloudWatch has .*$/, '.')} |`;
    }),
    ...Object.values(stateSeries).map(({ name, means }) => `|  | ${named(name)} |  | ${means} |`),
  ],
  rules: [
    '| alert | severity | when |',
    '| --- | --- | --- |',
    ...prometheusRules()
      .groups.flatMap(({ rules }) => rules)
      .flatMap((rule) =>
        'alert' in rule ? [`| \`${rule.alert}\` | ${rule.labels.severity} | \`${rule.expr}\` for ${rule.for} |`] : [],
      ),
  ],
};

test.each(Object.entries(tables))('docs/metrics.md has the table %s as the code has it', (name, lines) => {
  const place = new RegExp(`(<!-- table: ${name} -->\n)((?:\\|.*\n)*)`);
  const table = `${lines.join('\n')}\n`;
  expect(read()).toMatch(place);
  if (process.env.UPDATE_DOCS) writeFileSync(page, read().replace(place, `$1${table.replaceAll('$', '$$$$')}`));
  else expect(place.exec(read())?.[2]).toBe(table);
});

test('the page counts the custom metrics as the code makes them', () => {
  const [base, eight] = [mostCustomMetrics(0, 'steps'), mostCustomMetrics(8, 'steps')];
  expect(read()).toContain(`| \`pipeline\` (default) | at most ${base} | ${mostCustomMetrics(8, 'pipeline')} |`);
  expect(read()).toContain(`| \`steps\` | at most ${base} + ${(eight - base) / 8} n | ${eight} |`);
});
