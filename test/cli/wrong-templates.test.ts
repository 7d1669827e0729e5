import { expect, test } from 'vitest';
import { cli } from './cli.ts';
import { project } from './project.ts';

const handler = {
  'lambdas/steps/wrong/go.ts':
    "import { defineStep } from 'daybreak';\nexport const handler = defineStep(async () => ({}));\n",
};

/** One step `go`, followed by the given lines. */
const step = (lines: string): string => `name: wrong
version: 1.0.0
steps:
  - name: go
    handler: { callable: go }
${lines}`;

const cases: readonly (readonly [what: string, yaml: string, code: string, line: number, column: number])[] = [
  ['an unknown key', step('    dependecies: []\n'), 'UNKNOWN_KEY', 6, 5],
  [
    'a cycle',
    step('    dependencies: [back]\n  - name: back\n    handler: { callable: go }\n    dependencies: [go]\n'),
    'CYCLE',
    6,
    20,
  ],
  ['a bad duration', step('    timeout: 20 minuten\n'), 'BAD_DURATION', 6, 14],
  ['a duplicate step', step('  - name: go\n    handler: { callable: go }\n'), 'DUPLICATE_STEP', 6, 11],
  ['a dependency on a missing step', step('    dependencies: [gone]\n'), 'UNKNOWN_STEP', 6, 20],
  ['a bad cron expression', step('schedule:\n  cron: "61 1 * * *"\n'), 'BAD_CRON', 7, 9],
  [
    'an unknown time zone',
    step('schedule:\n  cron: "0 1 * * *"\n  timezone: Europe/Atlantis\n'),
    'UNKNOWN_TIMEZONE',
    8,
    13,
  ],
  [
    'a handler file that does not exist',
    step('  - name: lost\n    handler: { callable: lost }\n'),
    'HANDLER_NOT_FOUND',
    7,
    26,
  ],
  ['YAML that does not parse', step('    retry: { max_attempts: 3\n'), 'YAML_SYNTAX', 7, 1],
  ['a part of the language that is not implemented', step('    when: "x > 1"\n'), 'NOT_YET_SUPPORTED', 6, 5],
];

test.each(cases)('%s is reported with its line and column', async (_what, yaml, code, line, column) => {
  const root = await project({ 'pipelines/wrong.yaml': yaml, ...handler });
  const { code: exitCode, json } = await cli(['check', '--json', '--root', root], { cwd: root });
  expect(json().diagnostics).toMatchObject([
    { code, severity: 'error', file: expect.stringContaining('wrong.yaml'), line, column },
  ]);
  expect(exitCode).toBe(1);
});

test('people get the position, a code frame and the likely fix', async () => {
  const root = await project({ 'pipelines/wrong.yaml': step('    dependecies: []\n'), ...handler });
  const { code, stderr, stdout } = await cli(['check', 'wrong'], { cwd: root });
  expect(code).toBe(1);
  expect(stderr).toMatch(/wrong\.yaml:6:5 UNKNOWN_KEY .*did you mean "dependencies"\?/);
  expect(stderr).toContain('  6 |     dependecies: []');
  expect(stdout).toMatch(/^wrong {2}.*wrong\.yaml {2}1 error\n$/);
});

test('check covers all templates and reports all their mistakes at once', async () => {
  const root = await project({
    'pipelines/one.yaml': step('    timeout: soon\n    memory_mb: lots\n'),
    'pipelines/two.yaml': step('    dependencies: [gone]\n')
      .replace('name: wrong', 'name: two')
      .replace('callable: go', 'callable: ../wrong/go.ts'),
    ...handler,
  });
  const { json } = await cli(['check', '--json'], { cwd: root });
  expect(json().diagnostics.map(({ file, line }) => [file.slice(-8), line])).toEqual([
    ['one.yaml', 6],
    ['one.yaml', 7],
    ['two.yaml', 6],
  ]);
});

test('under --strict a warning makes the pipeline invalid', async () => {
  const root = await project({ 'pipelines/wrong.yaml': step('    retry: { initial_delay: 1500ms }\n'), ...handler });
  const lenient = await cli(['check', '--json'], { cwd: root });
  expect([lenient.code, lenient.json().diagnostics.map(({ severity }) => severity)]).toEqual([0, ['warning']]);
  const strict = await cli(['check', '--json', '--strict'], { cwd: root });
  expect([strict.code, strict.json().diagnostics.map(({ severity }) => severity)]).toEqual([1, ['error']]);
});

test('with --allow-missing-handlers a template compiles without its handlers, and cannot run', async () => {
  const root = await project({ 'pipelines/wrong.yaml': step('') });
  expect((await cli(['compile', 'wrong'], { cwd: root })).code).toBe(1);
  const compiled = await cli(['compile', 'wrong', '--json', '--allow-missing-handlers'], { cwd: root });
  expect([compiled.code, compiled.json().diagnostics[0]?.code]).toEqual([0, 'HANDLER_NOT_FOUND']);
  expect((await cli(['run', 'wrong', '--allow-missing-handlers'], { cwd: root })).code).toBe(2);
});

test('control characters of a template never reach the terminal', async () => {
  const hostile = '\u009b31m\u001b]0;title\u0007\u202egnp';
  const root = await project({
    'pipelines/wrong.yaml': `name: "x${hostile}"\nversion: 1.0.0\n"${hostile}": 1\nsteps: []\n`,
  });
  for (const args of [['check'], ['check', '--json'], ['graph', 'wrong'], ['status', 'wrong'], ['run', hostile]]) {
    const { stdout, stderr } = await cli(args, { cwd: root });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  }
});
