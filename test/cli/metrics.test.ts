import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { otlpFault } from '../metrics/otlp-fault.ts';
import { parseExposition } from '../metrics/parse-exposition.ts';
import { cli } from './cli.ts';
import { folderWith, handlerOf, remove } from './project.ts';

let root = '';
const run = (...args: string[]) => cli(args, { cwd: root });

beforeAll(async () => {
  root = await folderWith({
    'pipelines/sales.yaml': `name: sales
version: 1.0.0
schedule: { cron: "0 1 * * *", timezone: Europe/Berlin }
steps:
  - { name: extract, handler: { callable: extract }, retry: { max_attempts: 3, initial_delay: 1s } }
  - { name: report, handler: { callable: report }, dependencies: [extract], retry: { max_attempts: 1 } }
`,
    'pipelines/unused.yaml':
      'name: unused\nversion: 1.0.0\nsteps:\n  - { name: report, handler: { callable: sales/report.ts } }\n',
    'lambdas/steps/sales/extract.ts': handlerOf(
      "  if (step.attempt === 1) throw new RetryableError('busy');\n  await step.write('orders', [{ id: 1 }, { id: 2 }], { columns: { id: 'INTEGER' } });\n  return {};",
    ),
    'lambdas/steps/sales/report.ts': handlerOf("  if (step.input.fail) throw new Error('no');\n  return {};"),
  });
  expect((await run('run', 'sales')).code).toBe(0);
  expect((await run('run', 'sales', '--input', '{"fail":true}')).code).toBe(1);
});

afterAll(() => remove(root));

test('runs are counted by their ends, with the sizes of the last one', async () => {
  const { stdout } = await run('metrics');
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(
    /^ {2}pipeline +runs +failed +last run +ended \(UTC\) +duration +rows +bytes +retries +data is old$/,
  );
  expect(lines[1]).toMatch(/^ {2}sales +2 +1 +FAILED +\S+ \S+ +\S+ m?s +2 +\S+ B +1 +\S+ m?s$/);
  expect(lines[2]).toMatch(/^ {2}unused +0 +- +none/);
  expect((await run('metrics', 'sales', '--json')).json().pipelines).toMatchObject([
    {
      pipeline: 'sales',
      totals: {
        ends: { SUCCEEDED: 1, FAILED: 1, TIMED_OUT: 0, ABORTED: 0 },
        sizes: { rows: 4, attempts: 6, retries: 2 },
        last: { status: 'FAILED', rows: 2, attempts: 3, retries: 1 },
      },
      steps: { extract: { rows: 2, attempts: 2, retries: 1 }, report: { rows: 0, attempts: 1 } },
      // 25 hours between starts in the night when clocks go back, a day for a run (its default limit), and an hour.
      success_expected_within_seconds: 50 * 3600,
    },
  ]);
});

test('--prometheus prints the same figures', async () => {
  const { series } = parseExposition((await run('metrics', '--prometheus')).stdout);
  const value = (name: string, ...labels: string[]) =>
    series.find((one) => one.name === name && [...one.labels.values()].join() === labels.join())?.value;
  expect(value('daybreak_runs_total', 'sales', 'failed')).toBe(1);
  expect(value('daybreak_last_step_rows', 'sales', 'extract')).toBe(2);
  expect(value('daybreak_last_run_failed', 'sales')).toBe(1);
  expect(value('daybreak_success_expected_within_seconds', 'sales')).toBe(180_000);
});

test('--rules prints the rules that Prometheus loads, without a look at any store', async () => {
  const { stdout } = await run('metrics', '--rules', '--store', 'nowhere');
  expect(parse(stdout).groups.map(({ name }: { name: string }) => name)).toEqual([
    'daybreak-recordings',
    'daybreak-alerts',
  ]);
  expect((await run('metrics', '--rules', '--json')).json().groups).toEqual(parse(stdout).groups);
});

test('--grafana prints a dashboard that a person can import', async () => {
  const { stdout } = await run('metrics', '--grafana');
  expect(JSON.parse(stdout)).toMatchObject({ title: 'Daybreak pipelines', schemaVersion: 39 });
});

test('--serve answers until an interrupt, which is its normal end', async () => {
  const launcher = fileURLToPath(new URL('../../bin/launch.js', import.meta.url));
  const port = String(20_000 + (process.pid % 20_000));
  const child = spawn(process.execPath, [launcher, 'metrics', 'sales', '--serve', '--port', port, '--root', root]);
  const ended = once(child, 'exit');
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(String(line)).toBe(`Prometheus can read http://127.0.0.1:${port}/metrics (Ctrl+C ends it)\n`);
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(parseExposition(text).series.length).toBeGreaterThan(20);
  } finally {
    child.kill('SIGINT');
  }
  expect((await ended)[0]).toBe(0);
});

test.each([
  [['--prometheus', '--rules'], '--prometheus and --rules exclude each other'],
  [['--port', '80'], '--port is for --serve'],
  [['--serve', '--port', '65536'], '--port "65536" is no port'],
  [['--serve', '--port', '0'], '--port "0" is not a whole number from 1'],
  [['--serve', '--every', '1.5'], '--every "1.5" is not a whole number from 1'],
  [['nothing'], 'nothing'],
])('%j is refused', async (args, text) => {
  const { code, stderr } = await run('metrics', ...args);
  expect(code).toBe(2);
  expect(stderr).toContain(text);
});

test('traces prints a run as OTLP, with a span for each attempt, and the same each time', async () => {
  const first = await run('traces', 'sales');
  const document = JSON.parse(first.stdout);
  expect(otlpFault(document)).toBe(null);
  const names = document.resourceSpans[0].scopeSpans[0].spans.map(({ name }: { name: string }) => name);
  expect(names.sort()).toEqual([
    'extract',
    'extract attempt 1',
    'extract attempt 2',
    'report',
    'report attempt 1',
    'sales',
  ]);
  expect((await run('traces', 'sales')).stdout).toBe(first.stdout);
});

test('traces sends a run to a collector, and refuses an address that is none', async () => {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    for await (const chunk of request) bodies.push(String(chunk));
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sent = await run('traces', 'sales', '--otlp', url, '--json');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(sent.json()).toMatchObject({ pipeline: 'sales', spans: 6, collector: url });
  expect(otlpFault(JSON.parse(bodies.join('')))).toBe(null);
  expect((await run('traces', 'sales', '--otlp', 'nowhere')).code).toBe(2);
});
