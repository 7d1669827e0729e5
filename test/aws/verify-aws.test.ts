import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadPipeline } from '../../lib/compiler/load-pipeline.ts';
import { dryAccount } from './account.ts';
import { checks } from './checks.ts';

const root = fileURLToPath(new URL('project/', import.meta.url));

test('the pipeline of the checks compiles, and has a wait, an SQL step and a step longer than an invocation', async () => {
  const options = { root, environment: null, allowMissingHandlers: false };
  const loaded = await loadPipeline(`${root}pipelines/verify.yaml`, options);
  expect(loaded.diagnostics).toEqual([]);
  if (!loaded.ok) throw new Error('it does not compile');
  const { steps } = loaded.plan;
  expect(steps.filter(({ awaits }) => awaits.length > 0)).toHaveLength(1);
  expect(steps.filter(({ work }) => work.kind === 'sql')).toHaveLength(1);
  expect(
    steps.filter(({ timeoutSeconds, functionTimeoutSeconds }) => timeoutSeconds > functionTimeoutSeconds),
  ).toHaveLength(1);
});

test('a dry run prints the calls of every check and makes none', async () => {
  for (const check of checks) {
    const said: string[] = [];
    await check.run(dryAccount((line) => said.push(line)));
    expect(said.length, check.title).toBeGreaterThan(0);
    expect(said.every((line) => /^ {2}(states|s3|cdk)/.test(line))).toBe(true);
  }
});
