import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { metricRows, mostCustomMetrics } from '../../lib/metrics/metric-table.ts';

const page = new URL('../../docs/metrics.md', import.meta.url);
const read = (): string => readFileSync(page, 'utf8');

/** The table of the page: one line per metric. */
const table = [
  '| in CloudWatch | unit | means | reported with | steps |',
  '| --- | --- | --- | --- | --- |',
  ...metricRows.map(
    ({ name, unit, means, by, ofSteps }) => `| \`${name}\` | ${unit} | ${means} | ${by} | ${ofSteps ? '✔' : ''} |`,
  ),
].join('\n');

test('docs/metrics.md lists the metrics as the table of the code has them', () => {
  const place = /(<!-- table: metrics -->\n)((?:\|.*\n)*)/;
  expect(read()).toMatch(place);
  if (process.env.UPDATE_DOCS) writeFileSync(page, read().replace(place, `$1${table.replaceAll('$', '$$$$')}\n`));
  else expect(place.exec(read())?.[2]).toBe(`${table}\n`);
});

test('the page counts the custom metrics as the code makes them', () => {
  const [base, eight] = [mostCustomMetrics(0, 'steps'), mostCustomMetrics(8, 'steps')];
  expect(read()).toContain(`| \`pipeline\` (default) | at most ${base} | ${mostCustomMetrics(8, 'pipeline')} |`);
  expect(read()).toContain(`| \`steps\` | at most ${base} + ${(eight - base) / 8} n | ${eight} |`);
});
