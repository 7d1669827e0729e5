import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, type Ran, spawnCli } from './cli.ts';
import { failing, failingProject } from './failing-project.ts';
import { folderWith, remove } from './project.ts';

let root = '';
let ran: Ran;

beforeAll(async () => {
  root = await folderWith(failingProject);
  ran = await spawnCli(['run', 'failing'], { cwd: root }).exited;
});

afterAll(() => remove(root));

/** The lines of a step in the section "Failures": its error, what is behind it, and a command. */
function sectionOf(step: string): string[] {
  const lines = ran.stdout.slice(ran.stdout.indexOf('\nFailures\n')).split('\n');
  const from = lines.findIndex((line) => line.startsWith(`  ${step}  `));
  const length = lines.slice(from + 1).findIndex((line) => !line.startsWith('    '));
  return lines.slice(from, from + 1 + length);
}

/** The words of the only command in these lines, as a shell reads them. */
const commandIn = (lines: readonly string[]): string[] => {
  const commands = lines.map((line) => line.trim()).filter((line) => line.startsWith('npx daybreak '));
  expect(commands).toHaveLength(1);
  return (commands[0] ?? '').split(' ').slice(2);
};

const steps = Object.entries({
  ...failing,
  query: {
    place: /in pipelines\/failing\/query\.sql/,
    error: `line 2, column 3: Could not convert string 'anna' to INT32`,
    causes: [],
    log: 'the attempt failed',
  },
});

describe.each(steps)('the failing step %s', (step, { place, error, causes = [], log }) => {
  test('has its place and its causes at the end of the run', () => {
    const text = sectionOf(step).join('\n');
    expect(text).toContain(error);
    expect(text).toMatch(place);
    for (const cause of causes) expect(text).toMatch(cause);
  });

  test('has its log behind the command that the run printed', async () => {
    const { code, stdout } = await cli(commandIn(sectionOf(step)), { cwd: root });
    expect(code).toBe(0);
    expect(stdout).toContain(error);
    expect(stdout).toMatch(place);
    for (const cause of causes) expect(stdout).toMatch(cause);
    if (log !== undefined) expect(stdout).toContain(log);
  });

  test('has its place in JSON and in its dead letter', async () => {
    const run = (await cli(['status', 'failing', '--json'], { cwd: root })).json() as never as {
      runs: { run_id: string }[];
    };
    const id = `${run.runs[0]?.run_id}/1/${step}`;
    const letter = (await cli(['dlq', 'show', 'failing', id, '--json'], { cwd: root })).json() as never as {
      dead_letter: { failure: { thrown_at?: string; handler: string } };
    };
    const { thrown_at, handler } = letter.dead_letter.failure;
    expect(thrown_at === undefined ? `in ${handler}` : `at ${thrown_at}`).toMatch(place);
    expect((await cli(['dlq', 'show', 'failing', id], { cwd: root })).stdout).toMatch(place);
  });
});

test.each([
  ['syntax', 'lambdas/steps/broken_syntax/go.ts:4:15 HANDLER_NOT_COMPILABLE Unexpected ";"'],
  [
    'package',
    'lambdas/steps/broken_package/go.ts:1:17 HANDLER_NOT_COMPILABLE the package "left-pad-of-nobody" is not installed',
  ],
  ['export', 'lambdas/steps/broken_export/go.ts:1:1 HANDLER_EXPORT_MISSING'],
  ['value', 'lambdas/steps/broken_value/go.ts:1:1 HANDLER_NOT_A_STEP'],
])('a handler with a wrong %s starts nothing, and its place is shown', async (name, message) => {
  const { code, stderr } = await cli(['run', `broken_${name}`], { cwd: root });
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});
