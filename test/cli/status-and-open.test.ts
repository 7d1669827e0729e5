import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli } from './cli.ts';
import { folderWith, handlerOf, remove } from './project.ts';

let root = '';
const run = (...args: string[]) => cli(args, { cwd: root });

beforeAll(async () => {
  root = await folderWith({
    'pipelines/report.yaml': `name: report
version: 1.0.0
schedule: { cron: "0 1 * * *", timezone: Europe/Berlin, input: { day: "{% $yesterday(scheduled_time) %}" } }
steps:
  - { name: page, handler: { callable: page } }
  - { name: broken, handler: { callable: broken }, retry: { max_attempts: 1 } }
`,
    'pipelines/unused.yaml':
      'name: unused\nversion: 1.0.0\nsteps:\n  - { name: page, handler: { callable: report/page.ts } }\n',
    'pipelines/wrong.yaml': 'name: wrong\nstep: []\n',
    'lambdas/steps/report/page.ts': handlerOf(
      "  await step.file('data.json', '{}');\n  await step.file('page.html', `<p>${step.input.day}</p>`);\n  return {};",
    ),
    'lambdas/steps/report/broken.ts': handlerOf("  throw new Error('no');"),
  });
  await run('run', 'report', '--scheduled-for', '2026-02-01');
});

afterAll(() => remove(root));

test('status without a name lists all pipelines: the last run, the next start, the open letters', async () => {
  const { code, stdout } = await run('status');
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(/^ {2}pipeline +last run +started \(UTC\) +duration +next start \(UTC\) +open letters$/);
  // 01:00 in Berlin is 00:00 or 23:00 in UTC.
  expect(lines[1]).toMatch(/^ {2}report +FAILED +\d{4}-\S+ \S+ +\S+ m?s +\d{4}-\d\d-\d\d (00|23):00 +1$/);
  expect(lines[2]).toMatch(/^ {2}unused +none +- +- +- +-$/);
  expect(lines[3]).toMatch(/^ {2}wrong +none +- +- +- +-$/);
  expect(stdout).toContain('Runs of a pipeline: npx daybreak status report');
  expect((await run('status', '--json')).json().pipelines).toMatchObject([
    { pipeline: 'report', last_run: 'report-20260201T000000Z', status: 'FAILED', open_dead_letters: 1 },
    { pipeline: 'unused', last_run: null, status: null, next_start: null, open_dead_letters: 0 },
    { pipeline: 'wrong', last_run: null },
  ]);
});

test('a list of pipelines fits a narrow terminal', async () => {
  const { stdout } = await cli(['status', '--no-color'], { cwd: root, columns: 40 });
  for (const line of stdout.split('\n').slice(0, 4)) expect(line.length).toBeLessThan(40);
});

test('a run for a start of the schedule has the input and the name of that start', async () => {
  const { input } = (await run('status', 'report', 'report-20260201T000000Z', '--json')).json();
  expect(input).toEqual({ day: '2026-01-31' });
  const again = await run('run', 'report', '--scheduled-for', '2026-02-01T01:00');
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('run report-20260201T000000Z of this scheduled time was already started');
  const both = await run('run', 'report', '--scheduled-for', '2026-02-01', '--input', '{"day":"x"}');
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('leave --input and --partition out')]);
});

test('open prints the path of the page where there is no desktop, or of another file', async () => {
  const page = await run('open', 'report');
  expect(page.code).toBe(0);
  expect(await readFile(join(root, page.stdout.trim()), 'utf8')).toBe('<p>2026-01-31</p>');
  const data = await run('open', 'report', 'report-20260201T000000Z', 'data.json');
  expect(await readFile(join(root, data.stdout.trim()), 'utf8')).toBe('{}');
  expect((await run('open', 'report', 'data.json', '--json')).json()).toMatchObject({
    step: 'page',
    file: 'data.json',
  });
});

test.each([
  [['open', 'unused'], 'pipeline "unused" has no runs'],
  [['open', 'report', 'report-20260201T000000Z', 'pag.html'], 'has no file "pag.html"; did you mean "page.html"?'],
  [['status', '--watch'], '--watch follows one run: name its pipeline'],
])('%j is an error that names the way out', async (args, message) => {
  const { code, stderr } = await run(...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test('the end of a run has no path, and commands that can be pasted in their place', async () => {
  const { stdout } = await run('status', 'report', 'report-20260201T000000Z');
  expect(stdout).not.toContain('.daybreak');
  expect(stdout).toMatch(
    /\nFiles\n {2}page\.html +17 B\n {2}data\.json +2 B\n {4}npx daybreak open report report-20260201T000000Z\n/,
  );
});
