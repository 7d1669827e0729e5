import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spawnCli } from './cli.ts';
import { handlerOf, project } from './project.ts';

const n = (value: string): string => `export const n = ${value};\n`;

const files = {
  'pipelines/loop.yaml': `name: loop
version: 1.0.0
defaults: { retry: { max_attempts: 1 } }
steps:
  - { name: one, handler: { callable: one } }
  - { name: two, handler: { callable: two }, dependencies: [one] }
  - name: rows
    sql: { file: loop/rows.sql }
`,
  'pipelines/loop/rows.sql': 'SELECT 1 AS n\n',
  'lambdas/steps/loop/one.ts': `import { n } from '../../../src/n.ts';\n${handlerOf('  return { n };')}`,
  'lambdas/steps/loop/two.ts': handlerOf('  return { seen: step.result("one") };'),
  'src/n.ts': n('1'),
};

/** Outcomes of the steps after each round. */
interface Round {
  readonly run_id: string;
  readonly status?: string;
  readonly steps?: Readonly<Record<string, { readonly outcome: string; readonly result: unknown }>>;
}

async function started() {
  const root = await project(files);
  const { child, exited } = spawnCli(['dev', 'loop', '--json'], { cwd: root });
  let text = '';
  child.stdout?.on('data', (chunk: string) => {
    text += chunk;
  });
  let errors = '';
  child.stderr?.on('data', (chunk: string) => {
    errors += chunk;
  });
  const edit = (file: string, content: string) => writeFile(join(root, file), content);
  /** Waits until stderr has so many of these lines. */
  const said = async (line: string, times: number): Promise<void> => {
    while (errors.split(line).length - 1 < times) {
      if (child.exitCode !== null) throw new Error(`it has ended: ${errors}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const rounds = (): Round[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Round);
  const outcomes = (round: Round | undefined) =>
    Object.fromEntries(Object.entries(round?.steps ?? {}).map(([name, { outcome }]) => [name, outcome]));
  return { child, exited, edit, said, rounds, outcomes, errors: () => errors };
}

const watching = 'watching for changes';

test('a change of a handler, of what it imports and of a query runs again what it affects, and mistakes are survived', async () => {
  const { child, exited, edit, said, rounds, outcomes, errors } = await started();
  await said(watching, 1);
  expect(outcomes(rounds()[0])).toEqual({ one: 'succeeded', two: 'succeeded', rows: 'succeeded' });

  await edit('src/n.ts', n('2'));
  await said(watching, 2);
  expect(outcomes(rounds()[1])).toEqual({ one: 'succeeded', two: 'succeeded', rows: 'reused' });
  expect(rounds()[1]?.steps?.two?.result).toEqual({ seen: { n: 2 } });

  await edit('src/n.ts', n(';'));
  await said(watching, 3);
  expect(errors()).toContain('src/n.ts:1:18 HANDLER_NOT_COMPILABLE Unexpected ";"');
  expect(rounds()).toHaveLength(2);

  await edit('src/n.ts', n('2'));
  await edit('pipelines/loop/rows.sql', 'SELECT 2 AS n\n');
  await said(watching, 4);
  expect(outcomes(rounds()[2])).toEqual({ one: 'reused', two: 'reused', rows: 'succeeded' });

  await edit('lambdas/steps/loop/two.ts', handlerOf("  throw new Error('not today');"));
  await said(watching, 5);
  expect(rounds()[3]?.status).toBe('FAILED');

  child.kill('SIGINT');
  const { code } = await exited;
  expect(code).toBe(130);
  // All rounds are executions of one run.
  expect(new Set(rounds().map(({ run_id }) => run_id)).size).toBe(1);
});

test('a change during a run is not lost', async () => {
  const { child, exited, edit, said, rounds } = await started();
  await edit(
    'lambdas/steps/loop/two.ts',
    handlerOf('  await new Promise((done) => setTimeout(done, 3_000));\n  return {};'),
  );
  await said('two attempt 1 started', 1);
  await edit('src/n.ts', n('7'));
  await said('changed: src/n.ts', 1);
  await said(watching, 2);
  expect(rounds().at(-1)?.steps?.one?.result).toEqual({ n: 7 });
  child.kill('SIGINT');
  await exited;
});
